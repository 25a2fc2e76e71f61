"""The document as DOCX, for offices that go on writing in it: the same layout as on paper.

Annex I of Decree 30/2020/NĐ-CP: A4, margins 20/20/30/15 mm, Times New Roman, the number of the page
in the middle of the top margin and not on the first page.
"""

from datetime import UTC
from io import BytesIO
from typing import Any

from django.http import HttpResponse
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from vang.base.papers.paper import Block, Grid, Heading, Paper, Paragraph, closed
from vang.base.pdf import Head, Signature, TableColumn
from vang.base.text import clean_text, slug

FONT = "Times New Roman"
SMALL, BODY, TITLE, TABLE = Pt(12), Pt(13), Pt(14), Pt(11)
INDENT = Mm(10)
_LONG, _SHORT = Mm(297), Mm(210)
_LEFT, _RIGHT, _TOP = Mm(30), Mm(15), Mm(20)
_CENTER, _BOTH = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY
_SIDES = {"left": WD_ALIGN_PARAGRAPH.LEFT, "right": WD_ALIGN_PARAGRAPH.RIGHT, "center": _CENTER}
_AFTER_BORDERS = ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:rPr")
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def as_docx(paper: Paper) -> bytes:
    """The same paper gives the same words; LibreOffice and Word open it without a question."""
    document = _blank(paper)
    _top(document, paper.head)
    _title(document, paper.head)
    _addressees(document, paper.to)
    for one in closed(paper.bases):
        _paragraph(document, Paragraph(one, italic=True))
    for block in paper.blocks:
        _block(document, block, paper.head)
    _bottom(document, paper)
    kept = BytesIO()
    document.save(kept)
    return kept.getvalue()


def docx_response(name: str, content: bytes) -> HttpResponse:
    """``name`` in words; the file gets it in ASCII with ``.docx``. Kept, not shown."""
    response = HttpResponse(content, content_type=DOCX)
    response["Content-Disposition"] = f'attachment; filename="{slug(name)}.docx"'
    return response


def _blank(paper: Paper) -> Any:
    document = Document()
    told, moment = document.core_properties, paper.made_at.astimezone(UTC).replace(tzinfo=None)
    head = paper.head
    told.title = clean_text(f"{head.title} {head.abstract}".strip())[:250]
    told.author = told.last_modified_by = clean_text(head.issuer.replace("\n", " "))[:250]
    told.created = told.modified = moment
    told.language = "vi-VN"
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, BODY
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    normal.paragraph_format.space_after = Pt(0)
    section = document.sections[0]
    section.page_width, section.page_height = (_LONG, _SHORT) if head.wide else (_SHORT, _LONG)
    section.orientation = WD_ORIENT.LANDSCAPE if head.wide else WD_ORIENT.PORTRAIT
    section.top_margin = section.bottom_margin = _TOP
    section.left_margin, section.right_margin = _LEFT, _RIGHT
    section.header_distance = Mm(9)
    section.different_first_page_header_footer = True
    line = section.header.paragraphs[0]
    line.alignment = _CENTER
    _page_number(line)
    return document


def _page_number(line: Any) -> None:
    run = line.add_run()
    run.font.size = BODY
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        if kind:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        else:
            part = OxmlElement("w:instrText")
            part.text = text
        run._r.append(part)


def _top(document: Any, head: Head) -> None:
    grid = _invisible(document, _width(head), (0.4, 0.6))
    left, right = grid.rows[0].cells
    if head.above:
        _line(left, head.above.upper(), SMALL)
    _line(left, head.issuer.upper(), SMALL, bold=True)
    _rule(left, grid.columns[0].width, 0.3)
    _line(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", SMALL, bold=True)
    _line(right, "Độc lập - Tự do - Hạnh phúc", BODY, bold=True)
    _rule(right, grid.columns[1].width, 0.55)
    if head.number or head.dated:
        number, dated = grid.add_row().cells
        _line(number, f"Số: {head.number}" if head.number else "", BODY)
        _line(dated, head.dated, BODY, italic=True)


def _title(document: Any, head: Head) -> None:
    line = _line(document, head.title.upper(), TITLE, bold=True)
    line.paragraph_format.space_before = Pt(14)
    if head.abstract:
        _line(document, head.abstract, TITLE, bold=True)
        _rule(document, _width(head), 0.25)
    document.paragraphs[-1].paragraph_format.space_after = Pt(8)


def _addressees(document: Any, to: tuple[str, ...]) -> None:
    if not to:
        return
    lines = closed(to)
    text = f"Kính gửi: {lines[0].rstrip('.')}" if len(lines) == 1 else "Kính gửi:"
    line = _line(document, text, BODY)
    for one in lines if len(lines) > 1 else ():
        line = _line(document, f"- {one}", BODY)
        line.alignment, line.paragraph_format.left_indent = _SIDES["left"], Mm(60)
    line.paragraph_format.space_after = Pt(8)


def _block(document: Any, block: Block, head: Head) -> None:
    if isinstance(block, Grid):
        _grid(document, block, _width(head))
    elif isinstance(block, Heading):
        _paragraph(document, Paragraph(block.text, bold=True, italic=block.level == 3), kept=True)
    else:
        _paragraph(document, block)


def _paragraph(document: Any, one: Paragraph, *, kept: bool = False) -> None:
    line = document.add_paragraph()
    how = line.paragraph_format
    how.first_line_indent, how.space_before, how.space_after = INDENT, Pt(3), Pt(4)
    how.line_spacing_rule, how.line_spacing = WD_LINE_SPACING.MULTIPLE, 1.1
    how.keep_with_next = kept
    line.alignment = _SIDES["left"] if kept else _BOTH
    _run(line, one.text, BODY, bold=one.bold, italic=one.italic)


def _grid(document: Any, grid: Grid, width: int) -> None:
    if grid.caption:
        line = _line(document, grid.caption, BODY, bold=True)
        line.paragraph_format.space_before = Pt(8)
        line.paragraph_format.keep_with_next = True
    table = document.add_table(rows=1, cols=len(grid.columns), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    widths = _widths(grid.columns, width)
    for cell, column in zip(table.rows[0].cells, grid.columns, strict=True):
        _line(cell, column.title, TABLE, bold=True)
    _comes_again(table.rows[0])
    for row in grid.rows:
        cells = table.add_row().cells
        for cell, text, column in zip(cells, row, grid.columns, strict=True):
            _line(cell, text, TABLE).alignment = _SIDES[column.side]
    for column, one in zip(table.columns, widths, strict=True):
        column.width = one
    for row in table.rows:
        _unbroken(row)
        for cell, one in zip(row.cells, widths, strict=True):
            cell.width = one
    document.add_paragraph().paragraph_format.space_after = Pt(2)


def _bottom(document: Any, paper: Paper) -> None:
    document.add_paragraph()
    grid = _invisible(document, _width(paper.head), (0.45, 0.55))
    _unbroken(grid.rows[0])
    left, right = grid.rows[0].cells
    if paper.recipients:
        line = _line(left, "Nơi nhận:", SMALL, bold=True, italic=True)
        line.alignment = _SIDES["left"]
        for one in closed(paper.recipients):
            _line(left, f"- {one}", TABLE).alignment = _SIDES["left"]
    _signer(right, paper.signature)


def _signer(cell: Any, one: Signature) -> None:
    if one.dated:
        _line(cell, one.dated, BODY, italic=True)
    if one.capacity:
        _line(cell, one.capacity.upper(), BODY, bold=True)
    _line(cell, one.position.upper(), BODY, bold=True)
    _line(cell, one.hint, SMALL, italic=True)
    _line(cell, one.name, BODY, bold=True).paragraph_format.space_before = Mm(20)


def _invisible(document: Any, width: int, shares: tuple[float, ...]) -> Any:
    table = document.add_table(rows=1, cols=len(shares))
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, share in zip(table.columns, shares, strict=True):
        column.width = int(width * share)
        for cell in column.cells:
            cell.width = column.width
    return table


def _line(where: Any, text: str, size: Pt, *, bold: bool = False, italic: bool = False) -> Any:
    """A centred line; in a cell the empty paragraph that it begins with is used first."""
    first = where.paragraphs[0] if hasattr(where, "_tc") else None
    unused = first is not None and len(where.paragraphs) == 1 and not first.runs
    line = first if unused and first is not None else where.add_paragraph()
    line.alignment = _CENTER
    _run(line, text, size, bold=bold, italic=italic)
    return line


def _run(line: Any, text: str, size: Pt, *, bold: bool, italic: bool) -> None:
    run = line.add_run(clean_text(text))
    run.bold, run.italic, run.font.size, run.font.name = bold, italic, size, FONT


def _rule(where: Any, width: int, share: float) -> None:
    """A rule under words, ``share`` of the width long."""
    line = where.add_paragraph()
    how = line.paragraph_format
    how.left_indent = how.right_indent = int(width * (1 - share) / 2)
    how.line_spacing_rule, how.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(4)
    border = OxmlElement("w:pBdr")
    top = OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "auto")):
        top.set(qn(f"w:{name}"), value)
    border.append(top)
    # The schema wants an order; python-docx knows no borders.
    line._p.get_or_add_pPr().insert_element_before(border, *_AFTER_BORDERS)


def _comes_again(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _unbroken(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _width(head: Head) -> int:
    return int((_LONG if head.wide else _SHORT) - _LEFT - _RIGHT)


def _widths(columns: tuple[TableColumn, ...], width: int) -> list[int]:
    """In the measures of :class:`TableColumn`: millimetres first, shares of what is left."""
    fixed = [Mm(float(one.width[:-2])) if one.width.endswith("mm") else 0 for one in columns]
    shares = [float(one.width[:-2]) if one.width.endswith("fr") else 0.0 for one in columns]
    left = max(0, width - sum(fixed))
    whole = sum(shares) or 1.0
    return [int(mm) or int(left * share / whole) for mm, share in zip(fixed, shares, strict=True)]
