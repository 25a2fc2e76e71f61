"""Where the notice of an outside body says more than it may. Pure; a help: people decide.

Outside bodies may have announced school enrolment, recruitment, welfare and charity only; of
recruitment the post, the number, the requirements, the firm's name and address, and no product
(QĐ 29/2021/QĐ-UBND Thừa Thiên Huế). So prices, promotion and praise are pointed out.
"""

import re
import unicodedata
from collections.abc import Mapping

_MOST = 6
_MONEY = (
    r"(?<![\d.,])\d[\d.,]{0,20}\s{0,3}"
    r"(?:(?:nghìn|ngàn|triệu|tỷ|tỉ)(?:\s{1,3}đồng)?|đồng|đ|vnđ|vnd)"
)
_PROMOTION = (
    r"khuyến (?:mãi|mại)|giảm giá|ưu đãi|quà tặng|tặng quà|rút thăm|trúng thưởng"
    r"|giá (?:rẻ|gốc|sốc|sỉ)|mua \w{1,9} tặng \w{1,9}|đặt (?:hàng|mua)|mua ngay"
    r"|sản phẩm|thương hiệu"
    r"|hàng đầu|tốt nhất|số (?:1|một) (?:việt nam|cả nước)|chất lượng cao|uy tín"
)
_WAGES = r"lương|thu nhập|tiền thưởng|hoa hồng"
_BEYOND: Mapping[str, str] = {
    "ENROLMENT": f"{_MONEY}|{_PROMOTION}",
    "RECRUITMENT": f"{_MONEY}|{_PROMOTION}|{_WAGES}",
    "WELFARE": _PROMOTION,
}
_FOUND = {
    kind: re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE)
    for kind, pattern in _BEYOND.items()
}


def beyond(kind: str, text: str) -> list[str]:
    """The words of ``text`` that go beyond what a notice of this kind may hold, as written, each
    once, the first few; [] for a kind that is none."""
    pattern = _FOUND.get(kind)
    if pattern is None:
        return []
    found = (match[0] for match in pattern.finditer(unicodedata.normalize("NFC", text)))
    return list({words.lower(): words for words in found}.values())[:_MOST]
