"""One paper as PDF and as DOCX: the latter opened by LibreOffice, both read back and measured."""

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from docx import Document

from vang.base.papers import Block, Grid, Heading, Paper, Paragraph, as_docx, as_pdf
from vang.base.pdf import FONTS, Head, Signature, TableColumn, office_lines, place_and_date

MM = 72 / 25.4
TOLERANCE = 1.5 * MM
COLUMNS = (
    TableColumn("TT", "12mm", "center"),
    TableColumn("Chỉ tiêu", "3fr"),
    TableColumn("Kỳ này", "1fr", "right"),
)
ROWS = tuple((str(at), f"Chỉ tiêu số {at}", f"{at}.250") for at in range(1, 90))
HOSTILE = '#eval("1+1") *đậm* <w:t> & ]]> $x^2$ \\ @ref // {{ hết }}'
PAPER = Paper(
    Head(
        issuer=office_lines("Ủy ban nhân dân xã Quế Sơn Trung"),
        above="Thành phố Đà Nẵng",
        number="45/BC-UBND",
        dated=place_and_date("Quế Sơn Trung", date(2026, 6, 8)),
        title="Báo cáo",
        abstract="Kết quả công tác thông tin cơ sở 6 tháng đầu năm 2026",
    ),
    blocks=(
        Heading("I. KẾT QUẢ THỰC HIỆN"),
        Heading("1. Truyền thanh", 2),
        Paragraph("Đài truyền thanh xã đã phát 312 buổi, tổng thời lượng 4.680 phút. " * 6),
        Paragraph("- " + HOSTILE),
        Grid(COLUMNS, ROWS, "Phụ lục 1. Số liệu"),
    ),
    signature=Signature(
        "Phó Chủ tịch", "Trần Thị Bình", "TM. Ủy ban nhân dân\nKT. Chủ tịch", hint=""
    ),
    made_at=datetime(2026, 6, 8, 1, 0, tzinfo=UTC),
    bases=("Căn cứ Nghị định số 49/2024/NĐ-CP ngày 10/5/2024", "Thực hiện Kế hoạch 90/KH-UBND."),
    to=("Sở Văn hóa, Thể thao và Du lịch", "Ủy ban nhân dân thành phố"),
    recipients=("Như trên;", "Lưu: VT."),
)
IN_ORDER = (
    "THÀNH PHỐ ĐÀ NẴNG ỦY BAN NHÂN DÂN XÃ QUẾ SƠN TRUNG",
    "Số: 45/BC-UBND",
    "BÁO CÁO Kết quả công tác thông tin cơ sở 6 tháng đầu năm 2026",
    "Kính gửi: - Sở Văn hóa, Thể thao và Du lịch; - Ủy ban nhân dân thành phố.",
    "Căn cứ Nghị định số 49/2024/NĐ-CP ngày 10/5/2024; Thực hiện Kế hoạch 90/KH-UBND.",
    "I. KẾT QUẢ THỰC HIỆN 1. Truyền thanh",
    HOSTILE,
    "Phụ lục 1. Số liệu TT Chỉ tiêu Kỳ này",
    "Nơi nhận: - Như trên; - Lưu: VT.",
    "TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH PHÓ CHỦ TỊCH",
    "Trần Thị Bình",
)
FONTCONFIG = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<dir>{fonts}</dir><cachedir>{cache}</cachedir>
<alias binding="same"><family>Times New Roman</family>
<prefer><family>Tinos</family></prefer></alias>
</fontconfig>"""


def opened_by_libreoffice(content: bytes, folder: Path) -> bytes:
    """Converted to PDF with our font in the place of Times New Roman, which has its measures."""
    (folder / "fonts.conf").write_text(FONTCONFIG.format(fonts=FONTS, cache=folder / "cache"))
    (folder / "a.docx").write_bytes(content)
    home = f"-env:UserInstallation={(folder / 'office').as_uri()}"
    subprocess.run(
        ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", folder, "a.docx"],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder), "FONTCONFIG_FILE": "fonts.conf"},
        capture_output=True,
        timeout=120,
        check=True,
    )
    return (folder / "a.pdf").read_bytes()


@pytest.fixture(scope="module", params=["pdf", "docx"])
def printed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[pdfium.PdfDocument]:
    if request.param == "pdf":
        content = as_pdf(PAPER)
    else:
        content = opened_by_libreoffice(as_docx(PAPER), tmp_path_factory.mktemp("word"))
    with pdfium.PdfDocument(content) as document:
        yield document


def words(page: pdfium.PdfPage) -> str:
    return " ".join(page.get_textpage().get_text_range().split())


def boxes(page: pdfium.PdfPage) -> list[tuple[float, float, float, float]]:
    """(left, bottom, right, top) of every run of text, in points."""
    text = page.get_textpage()
    return [text.get_rect(at) for at in range(text.count_rects())]


def test_every_part_stands_where_the_decree_wants_it(printed: pdfium.PdfDocument) -> None:
    whole = " ".join(words(page) for page in printed)
    places = [whole.index(part) for part in IN_ORDER]
    assert places == sorted(places)
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc" in whole


def test_margins_are_kept_on_every_page(printed: pdfium.PdfDocument) -> None:
    for page in printed:
        width, height = page.get_size()
        found = boxes(page)
        assert (round(width / MM), round(height / MM)) == (210, 297)
        assert min(left for left, *_rest in found) >= 30 * MM - TOLERANCE
        assert max(right for _left, _bottom, right, _top in found) <= width - 15 * MM + TOLERANCE
        assert min(bottom for _left, bottom, *_rest in found) >= 20 * MM - TOLERANCE


def test_pages_are_numbered_in_the_top_margin_but_for_the_first(
    printed: pdfium.PdfDocument,
) -> None:
    assert len(printed) > 2
    for at, page in enumerate(printed, start=1):
        width, height = page.get_size()
        above = [box for box in boxes(page) if box[1] > height - 20 * MM + 1]
        assert len(above) == (at > 1)
        for left, _bottom, right, _top in above:
            assert abs((left + right) / 2 - (width + 15 * MM) / 2) < 3 * MM
            assert words(page).startswith(f"{at} ")


def test_head_of_a_table_comes_again_on_every_page(printed: pdfium.PdfDocument) -> None:
    told = [words(page) for page in printed]
    with_rows = [page for page in told if "Chỉ tiêu số" in page]
    assert len(with_rows) > 1
    assert all("TT Chỉ tiêu Kỳ này" in page for page in with_rows)


def test_only_times_new_roman_is_asked_for() -> None:
    document = Document(BytesIO(as_docx(PAPER)))
    fonts = {run.font.name for line in document.paragraphs for run in line.runs}
    assert fonts == {"Times New Roman"}


def test_wide_paper_lies_across() -> None:
    wide = replace(PAPER, head=replace(PAPER.head, wide=True))
    section = Document(BytesIO(as_docx(wide))).sections[0]
    assert section.page_width.mm == pytest.approx(297, abs=0.1)
    with pdfium.PdfDocument(as_pdf(wide)) as document:
        assert document[0].get_size()[0] / MM == pytest.approx(297, abs=0.5)


def test_characters_that_no_file_can_hold_are_left_out() -> None:
    blocks: tuple[Block, ...] = (Paragraph("trước\x00\x0b\ufffe\ud800sau"),)
    strange = replace(PAPER, blocks=blocks)
    assert "trướcsau" in "".join(
        line.text for line in Document(BytesIO(as_docx(strange))).paragraphs
    )


def test_row_with_a_cell_too_few_is_refused() -> None:
    with pytest.raises(ValueError, match="cells"):
        Grid(COLUMNS, (("1", "hai"),))
