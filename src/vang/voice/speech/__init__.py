"""Administrative Vietnamese made speakable. Pure: text in, text out.

The convention, chosen for what announcers of commune stations say and a villager follows:

- Numbers: "nghìn", "lẻ" (105 "một trăm lẻ năm"), after "mươi" "mốt", "tư", "lăm"; a zero before
  a single figure is silent in quantities and dates ("05 hộ", "05/9") and spoken in serial
  numbers and minutes ("số 07", "7 giờ 05"). Phones, 113–115 and codes go digit by digit.
- Dates: "ngày năm tháng chín năm hai nghìn không trăm mười sáu"; "tháng tư"; ranges with "đến".
- Documents: number, "trên" for each slash after a figure, nothing for hyphens and slashes between
  letters, letters as words: 07-CT/TW "không bảy chỉ thị trung ương", 100/2019/NĐ-CP "một trăm
  trên hai nghìn không trăm mười chín trên nghị định chính phủ".
- Rates: "một" after what is counted or paid ("đồng một ki lô gam"), "trên" between measures
  ("ki lô mét trên giờ").
- Words in capitals become small letters; an abbreviation no table knows is spelt.
- Names and foreign words stay; a commune's dictionary gives their reading where it matters.

What no rule knows is read by sea-g2p. Tables are in `data/`; see `reading` for the order.
"""

from vang.voice.speech.reading import speakable
from vang.voice.speech.sentences import LONGEST, Sentence, sentences

__all__ = ["LONGEST", "Sentence", "sentences", "speakable"]
