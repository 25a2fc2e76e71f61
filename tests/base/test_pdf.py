"""Printed documents: read back from the PDF, and looked at pixel by pixel where it matters."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from vang.base import pdf as printing
from vang.base.pdf import Head, Signature, TableColumn, office_lines, pdf, place_and_date, table

MADE = datetime(2026, 9, 5, 1, 0, tzinfo=UTC)
HEAD = Head(
    issuer=office_lines("Ủy ban nhân dân xã Quế Sơn Trung"),
    above="Thành phố Đà Nẵng",
    number="12/NK-ĐTT",
    dated=place_and_date("Quế Sơn Trung", date(2026, 9, 5)),
    title="Sổ nhật ký phát thanh",
    abstract="Ngày 05/9/2026",
)
HOSTILE = '#eval("1+1") *đậm* _nghiêng_ $x^2$ \\ <nhãn> @ref // hết \\u{41} #import "x" ` ~ [a](b)'
TEMPLATE = """#import "/base/paper/official.typ": *
#show: official
#par[#data.text]
#ledger(data.table.columns, data.table.rows)
#recipients(data.to)
#signatures(data.signatures)
"""


@pytest.fixture
def template(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    (tmp_path / "base").symlink_to(printing.ROOT / "base")
    (tmp_path / "thu.typ").write_text(TEMPLATE, encoding="utf-8")
    monkeypatch.setattr(printing, "ROOT", tmp_path)
    return "thu.typ"


def made(template: str, *, text: str = "x", rows: int = 1, head: Head = HEAD) -> bytes:
    columns = [TableColumn("Giờ", "15mm", "center"), TableColumn("Nội dung", "3fr")]
    return pdf(
        template,
        head=head,
        signatures=[Signature("Phát thanh viên"), Signature("Trưởng đài", "Trần Thị Bình")],
        made_at=MADE,
        text=text,
        table=table(columns, [("05:00", text)] * rows),
        to=["Như trên;", "Lưu: VT."],
    )


def words(content: bytes) -> list[str]:
    """The text of each page, its lines joined by single spaces."""
    with pdfium.PdfDocument(content) as document:
        return [
            re.sub(r"\s+", " ", page.get_textpage().get_text_range()).strip() for page in document
        ]


def test_the_head_of_an_office_document_stands_where_the_decree_wants_it(template: str) -> None:
    (page,) = words(made(template))
    parts = [
        "THÀNH PHỐ ĐÀ NẴNG ỦY BAN NHÂN DÂN XÃ QUẾ SƠN TRUNG",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc",
        "Số: 12/NK-ĐTT",
        "Quế Sơn Trung, ngày 05 tháng 9 năm 2026",
        "SỔ NHẬT KÝ PHÁT THANH Ngày 05/9/2026",
        "Nơi nhận: - Như trên; - Lưu: VT.",
        "PHÁT THANH VIÊN (Ký, ghi rõ họ tên)",
        "Trần Thị Bình",
    ]
    places = [page.index(part) for part in parts]
    assert places == sorted(places)


def test_what_people_write_is_never_markup(template: str) -> None:
    (page,) = words(made(template, text=HOSTILE))
    assert page.count(HOSTILE) == 2


def test_accents_and_signs_are_in_the_fonts(template: str) -> None:
    letters = "ẮẰẲẴẶ ế Ể ộ Ỡ ự đ Đ ☐ ☑ ✓ → № “ ” – …"
    (page,) = words(made(template, text=letters))
    assert letters in page
    assert "\ufffd" not in page


def test_the_head_of_a_table_and_the_number_come_on_every_further_page(template: str) -> None:
    pages = words(made(template, rows=80))
    assert len(pages) > 2
    assert not pages[0].startswith("1")
    for number, page in enumerate(pages[1:-1], start=2):
        assert page.startswith(f"{number} Giờ Nội dung")


def test_the_margins_are_those_of_the_decree(template: str) -> None:
    """Left 30-35 mm, right 15-20, top and bottom 20-25: no ink outside the least of them."""
    with pdfium.PdfDocument(made(template, text="Từ " * 400, rows=12)) as document:
        picture = document[0].render(scale=25.4 / 72).to_pil().convert("L")
    assert picture.size == (210, 298)  # one pixel a millimetre
    ink = picture.point(lambda grey: 255 if grey < 200 else 0).getbbox()
    assert ink is not None
    left, top, right, bottom = ink
    assert left >= 29
    assert right <= 196
    assert top >= 19
    assert bottom <= 278


def test_the_same_data_give_the_same_bytes(template: str) -> None:
    assert made(template) == made(template)
    assert made(template) != made(template, text="khác")


def test_it_is_an_archive_document_with_its_own_fonts(template: str) -> None:
    content = made(template)
    assert b"pdfaid:part>2" in content
    fonts = set(re.findall(rb"/BaseFont\s*/(?:[A-Z]{6}\+)?([A-Za-z-]+)", content))
    assert {font.split(b"-")[0] for font in fonts} <= {b"Tinos", b"DejaVuSansMono"}


def test_a_wide_page_lies_across(template: str) -> None:
    head = Head(issuer="x", title="y", wide=True)
    with pdfium.PdfDocument(made(template, head=head)) as document:
        width, height = document[0].get_size()
    assert width > height


def test_the_date_of_a_document_has_its_zeros() -> None:
    assert place_and_date("Huế", date(2026, 2, 1)) == "Huế, ngày 01 tháng 02 năm 2026"
    assert place_and_date("Huế", date(2026, 11, 10)) == "Huế, ngày 10 tháng 11 năm 2026"


def test_a_long_name_of_an_office_is_broken_after_nhan_dan() -> None:
    assert office_lines("Ủy ban nhân dân xã Quế Sơn") == "Ủy ban nhân dân\nxã Quế Sơn"
    assert office_lines("UBND xã Quế Sơn") == "Ủy ban nhân dân\nxã Quế Sơn"
    assert office_lines("Đài truyền thanh xã") == "Đài truyền thanh xã"


def test_a_row_of_another_length_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="another number"):
        table([TableColumn("a")], [("x", "y")])
