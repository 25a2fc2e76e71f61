"""What Word files hold is read as Word shows it."""

import io

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH

from tests.library.formats.making import docx_xml, read, saved, told
from vang.library.formats.lines import Kind, Side


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{run(text)}</w:p>"


def test_list_numbers_are_counted_as_word_counts_them() -> None:
    document = Document()
    document.add_paragraph("Mục đích", style="List Number")
    document.add_paragraph("một gạch", style="List Bullet")
    document.add_paragraph("Yêu cầu", style="List Number")
    assert told(saved(document)) == "1. Mục đích\n- một gạch\n2. Yêu cầu"


def test_a_number_of_several_levels_starts_anew_under_the_next() -> None:
    levels = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for n, (form, text) in enumerate([("upperRoman", "%1."), ("decimal", "%1.%2."),
                                          ("lowerLetter", "%3)")])
    )  # fmt: skip
    names = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    numbering = (
        f'<w:numbering {names}><w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>'
        '<w:num w:numId="7"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
    items = [("Một", 0), ("Hai", 1), ("Ba", 2), ("Bốn", 2), ("Năm", 0), ("Sáu", 1)]
    body = "".join(
        paragraph(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="7"/></w:numPr>')
        for text, level in items
    )
    content = _with_part(docx_xml(body), "word/numbering.xml", numbering)
    assert told(content).split("\n") == [
        "I. Một", "I.1. Hai", "a) Ba", "b) Bốn", "II. Năm", "II.1. Sáu"
    ]  # fmt: skip


def _with_part(content: bytes, name: str, part: str) -> bytes:
    import zipfile

    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(packed, "w") as new:
        for item in old.infolist():
            if item.filename != name:
                new.writestr(item, old.read(item))
        new.writestr(name, part)
    return packed.getvalue()


def test_a_table_with_rules_is_read_by_rows_and_one_without_by_columns() -> None:
    document = Document()
    head = document.add_table(rows=1, cols=2)
    head.rows[0].cells[0].text = "ỦY BAN NHÂN DÂN\nXÃ QUẾ THUẬN"
    head.rows[0].cells[1].text = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    data = document.add_table(rows=2, cols=2, style="Table Grid")
    for row, texts in zip(data.rows, [("Thôn", "Giờ"), ("Thuận 1", "8 giờ")], strict=True):
        row.cells[0].text, row.cells[1].text = texts
    lines = read(saved(document))
    sides = [(line.text, line.side) for line in lines if line.kind == Kind.TEXT and line.text]
    assert sides == [
        ("ỦY BAN NHÂN DÂN", Side.LEFT),
        ("XÃ QUẾ THUẬN", Side.LEFT),
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", Side.RIGHT),
    ]
    rows = [line.text for line in lines if line.kind == Kind.ROW]
    assert rows == ["Thôn | Giờ", "Thuận 1 | 8 giờ"]


def test_cells_merged_downwards_are_told_once() -> None:
    document = Document()
    table = document.add_table(rows=2, cols=2, style="Table Grid")
    table.cell(0, 0).merge(table.cell(1, 0)).text = "Cả hai"
    table.cell(0, 1).text, table.cell(1, 1).text = "một", "hai"
    assert told(saved(document)) == "Cả hai | một\nhai"


def test_tracked_changes_are_accepted_also_for_paragraphs_and_rows() -> None:
    mark = '<w:rPr><w:del w:id="1" w:author="x"/></w:rPr>'
    moved = f'<w:p><w:moveFrom w:id="2" w:author="x">{run("chỗ cũ")}</w:moveFrom></w:p>'
    row = '<w:tr><w:trPr><w:del w:id="3" w:author="x"/></w:trPr><w:tc><w:p/></w:tc></w:tr>'
    kept = f"<w:tr><w:tc><w:p>{run('còn')}</w:p></w:tc></w:tr>"
    body = paragraph("Câu đầu ", mark) + paragraph("nối câu sau.") + moved
    body += f"<w:tbl><w:tblPr/><w:tblGrid/>{row}{kept}</w:tbl>"
    lines = [line for line in told(docx_xml(body)).split("\n") if line]
    assert lines == ["Câu đầu nối câu sau.", "còn"]


def test_text_boxes_come_after_their_paragraph() -> None:
    box = f"<w:pict><w:txbxContent>{paragraph('HỎA TỐC')}</w:txbxContent></w:pict>"
    body = f"<w:p>{run('Đầu trang.')}<w:r>{box}</w:r></w:p>" + paragraph("Tiếp.")
    assert told(docx_xml(body)) == "Đầu trang.\nHỎA TỐC\nTiếp."


def test_headers_are_told_once_and_page_numbers_never() -> None:
    document = Document()
    document.sections[0].header.paragraphs[0].text = "ĐẢNG BỘ XÃ QUẾ THUẬN"
    document.sections[0].footer.paragraphs[0].text = "Trang 1/3"
    document.add_paragraph("Nội dung.")
    assert told(saved(document)) == "ĐẢNG BỘ XÃ QUẾ THUẬN\nNội dung."


def test_alignment_and_weight_are_kept() -> None:
    document = Document()
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.add_run("THÔNG BÁO").bold = True
    document.add_paragraph("Nội dung.")
    first, second = read(saved(document))
    assert (first.bold, first.centred, second.bold, second.centred) == (True, True, False, False)


def test_footnotes_stand_at_the_end_with_their_mark() -> None:
    names = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    notes = (
        f'<w:footnotes {names}><w:footnote w:id="2">{paragraph("Số liệu năm 2025.")}'
        "</w:footnote></w:footnotes>"
    )
    body = f'<w:p>{run("Có 12 thôn")}<w:r><w:footnoteReference w:id="2"/></w:r>{run(".")}</w:p>'
    content = _with_part(docx_xml(body), "word/footnotes.xml", notes)
    assert told(content) == "Có 12 thôn[1].\n\n[1] Số liệu năm 2025."


def test_a_font_of_before_unicode_tells_what_its_letters_mean() -> None:
    def typed(text: str, font: str) -> str:
        look = f'<w:rPr><w:rFonts w:ascii="{font}"/></w:rPr>'
        return f"<w:p><w:r>{look}<w:t>{text}</w:t></w:r></w:p>"

    body = typed("th«ng b¸o", ".VnTimeH") + typed("Mêi häp", ".VnTime") + typed("Xã", "Arial")
    assert told(docx_xml(body)) == "THÔNG BÁO\nMời họp\nXã"
