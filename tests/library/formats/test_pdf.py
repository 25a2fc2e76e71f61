"""PDF files are read in the order in which people read them."""

import io
import re

import pypdfium2 as pdfium
import pytest

from tests.library.formats.making import pdf, read, told
from vang.library.formats.failures import Code, Unreadable
from vang.library.formats.lines import Kind, Side

SENTENCE = (
    "Các cơ quan, đơn vị, xã, thị trấn có thể sử dụng hình thức thông tin phù hợp để cung cấp "
    "nội dung thông tin cho nhân dân trên địa bàn. "
)
LETTER = f"""
#grid(columns: (42%, 58%), align: center,
  [ỦY BAN NHÂN DÂN \\ *XÃ QUẾ THUẬN* \\ Số: 45/TB-UBND],
  [*CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM* \\ *Độc lập - Tự do - Hạnh phúc* \\
   _Quế Thuận, ngày 08 tháng 6 năm 2026_])
#v(1em)
#align(center)[*THÔNG BÁO* \\ *Về việc tạm ngừng cung cấp điện để sửa chữa lưới điện năm 2026 trên
  địa bàn xã Quế Thuận*]

{SENTENCE * 2}

- {SENTENCE}

- {SENTENCE}

#table(columns: 3, [TT], [Địa điểm], [Thời gian], [1], [Thôn Thuận 1 \\ và Thuận 2], [8 giờ])

#grid(columns: (50%, 50%), [Nơi nhận: \\ - Đảng ủy; \\ - Lưu: VT.],
  align(center)[*TM. ỦY BAN NHÂN DÂN* \\ *CHỦ TỊCH* \\ #v(1.5cm) *Trần Thị Thu*])
"""


@pytest.fixture(scope="module")
def letter() -> bytes:
    return pdf(LETTER)


def test_the_head_is_read_column_by_column(letter: bytes) -> None:
    head = [(line.text, line.side) for line in read(letter)[:6]]
    assert head == [
        ("ỦY BAN NHÂN DÂN", Side.LEFT),
        ("XÃ QUẾ THUẬN", Side.LEFT),
        ("Số: 45/TB-UBND", Side.LEFT),
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", Side.RIGHT),
        ("Độc lập - Tự do - Hạnh phúc", Side.RIGHT),
        ("Quế Thuận, ngày 08 tháng 6 năm 2026", Side.RIGHT),
    ]


def test_paragraphs_are_whole_again(letter: bytes) -> None:
    lines = told(letter).split("\n")
    assert (SENTENCE * 2).strip() in lines
    assert lines.count(f"- {SENTENCE.strip()}") == 2
    title = "Về việc tạm ngừng cung cấp điện để sửa chữa lưới điện năm 2026 trên địa bàn xã"
    assert any(line.startswith(title) for line in lines)


def test_a_ruled_table_gives_rows_with_whole_cells(letter: bytes) -> None:
    rows = [line.cells for line in read(letter) if line.kind == Kind.ROW]
    assert rows == [
        ("TT", "Địa điểm", "Thời gian"),
        ("1", "Thôn Thuận 1\nvà Thuận 2", "8 giờ"),
    ]


def test_the_foot_is_read_column_by_column(letter: bytes) -> None:
    assert told(letter).endswith(
        "Nơi nhận:\n- Đảng ủy;\n- Lưu: VT.\nTM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\nTrần Thị Thu"
    )


def test_running_titles_and_page_numbers_go_and_paragraphs_cross_pages() -> None:
    paragraph = SENTENCE * 60
    content = pdf(
        f"{paragraph}\n\nHết.",
        head="#align(center)[#context counter(page).display()] Báo cáo năm 2026",
        foot="UBND xã Quế Thuận",
    )
    lines = read(content)
    assert max(line.page for line in lines) >= 3
    assert told(content) == f"{paragraph.strip()}\nHết."


def test_two_columns_of_a_newsletter_are_read_one_after_the_other() -> None:
    body = "#set page(columns: 2)\n" + "\n\n".join(f"Tin {n}: {SENTENCE}" for n in range(12))
    numbers = [int(n) for n in re.findall(r"Tin (\d+):", told(pdf(body)))]
    assert numbers == list(range(12))


def test_a_divided_word_is_joined_and_a_hyphen_between_words_stays() -> None:
    body = "#set par(justify: false, first-line-indent: 0pt)\n"
    body += "Bản infor-\\ mation dài, Văn hoá-\\ Thông tin và Xã hội."
    assert "information" in told(pdf(body))
    assert "Văn hoá-Thông tin" in told(pdf(body))


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_turned_page_is_read_upright(degrees: int) -> None:
    document, turned = pdfium.PdfDocument(pdf("Dòng một. \\\n Dòng hai.")), io.BytesIO()
    document[0].set_rotation(degrees)
    document.save(turned)
    assert told(turned.getvalue()) == "Dòng một.\nDòng hai."


def test_text_drawn_sideways_is_read_and_a_watermark_is_not() -> None:
    body = "#place(rotate(45deg)[BẢN NHÁP])\n#rotate(90deg, reflow: true)[Dòng một. \\ Dòng hai.]"
    assert told(pdf(body)) == "Dòng một.\nDòng hai."


def test_letters_of_old_word_versions_are_mended() -> None:
    text = told(pdf("Đƣợc sự thống nhất của ngƣời dân"))
    assert text == "Được sự thống nhất của người dân"


def test_text_set_in_an_old_font_is_converted() -> None:
    text = told(pdf("Th«ng b¸o lÞch c¾t ®iÖn x· QuÕ ThuËn, tõ 8 giê ngµy mai."))
    assert text == "Thông báo lịch cắt điện xã Quế Thuận, từ 8 giờ ngày mai."


STAMP = (
    "#place(top + right)[Ký bởi: Ủy ban nhân dân xã Quế Thuận \\ Cơ quan: Thành phố Đà Nẵng \\ "
    "Thời gian ký: 08/06/2026 10:21:33 +07:00]"
)


def scan(stamp: str = "") -> bytes:
    """A page that is nothing but a picture, perhaps with a signature's stamp."""
    dots = "#place(image(bytes((120, 130, 140, 150)), width: 21cm, height: 29.7cm, format: "
    dots += '(encoding: "luma8", width: 2, height: 2)))\n'
    return pdf(f"#set page(margin: 0pt)\n{dots}{stamp}")


@pytest.mark.parametrize(
    "stamp",
    ["", STAMP],
)
def test_a_scan_says_that_it_is_one_even_with_a_signature_stamp(stamp: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(scan(stamp))
    assert refused.value.code == Code.SCANNED


def test_a_page_with_a_large_picture_and_text_is_no_scan() -> None:
    assert SENTENCE.strip() in told(scan(f"#pad(3cm)[{SENTENCE * 5}]")).replace("\n", " ")
