"""A .docx file as lines: changes accepted, list numbers counted, cells and boxes in order."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from vang.library.encodings import of_font
from vang.library.formats.archives import Package
from vang.library.formats.failures import Code, Unreadable
from vang.library.formats.lines import Kind, Line, Side
from vang.library.formats.numbering import VAL, Numbering, W

BODY = "word/document.xml"
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_R_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
# The second copy of a drawing, for old readers.
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SKIPPED = {f"{W}del", f"{W}moveFrom", f"{W}rPr", f"{W}pPr", _FALLBACK}
_PIECES = {f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}noBreakHyphen": "-"} | dict.fromkeys(
    [f"{W}br", f"{W}cr"], "\n"
)
_NOTES = {f"{W}footnoteReference": "footnotes", f"{W}endnoteReference": "endnotes"}
_NO_BORDER = {"none", "nil"}
_OFF = {"0", "false", "off", "none"}
_COUNTING = {"trang", "page", "of", "trên"}


@dataclass
class _Styles:
    """What paragraph and table styles say, by their identifier."""

    lists: dict[str, tuple[str, int]] = field(default_factory=dict)
    centred: set[str] = field(default_factory=set)
    bold: set[str] = field(default_factory=set)
    ruled: set[str] = field(default_factory=set)


def lines_of(package: Package) -> list[Line]:
    """Raises Unreadable."""
    body = _main_part(package)
    if body is None:
        raise Unreadable(Code.WRONG_KIND, "no main part")
    return _Reader(package, body).read()


def _main_part(package: Package) -> str | None:
    """Usually ``word/document.xml``; some programs number it."""
    if BODY in package:
        return BODY
    root = package.xml_if_there("_rels/.rels")
    for relation in root.iter(_RELATIONS) if root is not None else ():
        if str(relation.get("Type", "")).endswith("/officeDocument"):
            name = str(relation.get("Target", "")).lstrip("/")
            return name if name in package and name.startswith("word") else None
    return None


class _Reader:
    def __init__(self, package: Package, body: str) -> None:
        self._package = package
        self._folder = posixpath.dirname(body)
        self._root = package.xml(body)
        self._numbering = Numbering(self._part("numbering.xml"))
        self._styles = _styles(self._part("styles.xml"))
        self._notes: list[Line] = []
        self._note_parts: dict[str, Any] = {}
        self._blocks = 0

    def _part(self, name: str) -> Any | None:
        return self._package.xml_if_there(posixpath.join(self._folder, name))

    def read(self) -> list[Line]:
        body = self._root.find(f"{W}body")
        if body is None:
            raise Unreadable(Code.DAMAGED, "no body")
        lines = list(self._flow(body))
        head, foot = (
            self._margins("headerReference", Kind.HEADER),
            self._margins("footerReference", Kind.FOOTER),
        )
        return [*head, *lines, *self._notes, *foot]

    # paragraphs, tables and what contains them

    def _flow(self, parent: Any) -> Iterator[Line]:
        carried = ""
        for child in parent:
            if child.tag == f"{W}p":
                lines = list(self._paragraph(child, carried))
                carried = ""
                if _mark_is_deleted(child) and lines:
                    carried = lines.pop(0).text  # the next paragraph goes on where this one stood
                yield from lines
            elif child.tag == f"{W}tbl":
                yield from self._table(child)
            elif child.tag not in _SKIPPED:
                yield from self._flow(child)
        if carried:
            yield Line(carried)

    def _paragraph(self, paragraph: Any, carried: str = "") -> Iterator[Line]:
        properties = paragraph.find(f"{W}pPr")
        style = _value(properties, "pStyle")
        text = carried + self._inline(paragraph)
        mark = self._mark(properties, style) if text.strip() else ""
        centred = _value(properties, "jc") == "center" or (
            style in self._styles.centred and _value(properties, "jc") is None
        )
        bold = style in self._styles.bold or _is_bold(paragraph)
        yield Line(mark + text, bold=bold, centred=centred)
        for box in paragraph.iter(f"{W}txbxContent"):
            if not any(a.tag in _SKIPPED for a in box.iterancestors()) and _nearest(box, paragraph):
                yield from self._in_one_block(box)

    def _mark(self, properties: Any | None, style: str | None) -> str:
        numbered = properties.find(f"{W}numPr") if properties is not None else None
        list_id, level = self._styles.lists.get(style or "", ("", 0))
        if numbered is not None:
            list_id = _value(numbered, "numId") or list_id
            told = _value(numbered, "ilvl")
            level = int(told) if told and told.isdecimal() else level
        return self._numbering.mark(list_id, level) if list_id else ""

    def _in_one_block(self, parent: Any, side: Side = Side.WHOLE) -> Iterator[Line]:
        self._blocks += 1
        block = self._blocks
        for line in self._flow(parent):
            yield replace(line, block=line.block or block, side=side)

    # tables

    def _table(self, table: Any) -> Iterator[Line]:
        rows = [row for row in _children(table, "tr") if not _row_is_deleted(row)]
        cells = [list(_children(row, "tc")) for row in rows]
        if self._is_layout(table, cells):
            for row in cells:
                yield from self._side_by_side(row)
            return
        for row in cells:
            told = tuple(self._cell(cell) for cell in row)
            if any(text.strip() for text in told):
                yield Line("", kind=Kind.ROW, cells=told)

    def _cell(self, cell: Any) -> str:
        if _continues_above(cell):
            return ""
        lines = (line.text or " | ".join(line.cells) for line in self._flow(cell))
        return "\n".join(text for text in lines if text.strip())

    def _side_by_side(self, cells: list[Any]) -> Iterator[Line]:
        flows = [list(self._flow(cell)) for cell in cells if not _continues_above(cell)]
        filled = [flow for flow in flows if any(line.text.strip() for line in flow)]
        sides = [Side.LEFT, Side.RIGHT] if len(filled) == 2 else [Side.WHOLE] * len(filled)
        if len(filled) == 1 and len(flows) == 2:
            sides = [Side.LEFT if filled[0] is flows[0] else Side.RIGHT]
        for flow, side in zip(filled, sides, strict=True):
            self._blocks += 1
            for line in flow:
                yield replace(line, side=side, block=self._blocks)

    def _is_layout(self, table: Any, rows: list[list[Any]]) -> bool:
        """No rules are drawn and few cells stand side by side: columns of a head, not data."""
        if not rows or max(len(row) for row in rows) > 3:
            return False
        return not self._has_rules(table, rows)

    def _has_rules(self, table: Any, rows: list[list[Any]]) -> bool:
        properties = table.find(f"{W}tblPr")
        drawn = _drawn(properties.find(f"{W}tblBorders") if properties is not None else None)
        if drawn is None:
            drawn = _value(properties, "tblStyle") in self._styles.ruled
        if drawn:
            return not all(_hides_rules(cell) for row in rows for cell in row)
        return any(_draws_rules(cell) for row in rows for cell in row)

    # the inside of a paragraph

    def _inline(self, element: Any) -> str:
        """The text of runs, also inside links, insertions and content controls."""
        return "".join(
            self._run(child) if child.tag == f"{W}r" else self._other(child)
            for child in element
            if child.tag not in _SKIPPED
        )

    def _other(self, child: Any) -> str:
        if child.tag == _MATH:
            return child.text or ""
        return self._inline(child)

    def _run(self, run: Any) -> str:
        if _is_on(run.find(f"{W}rPr/{W}vanish")):
            return ""
        text = "".join(self._piece(child) for child in run)
        fonts = run.find(f"{W}rPr/{W}rFonts")
        return of_font(text, fonts.get(f"{W}ascii") or "") if fonts is not None else text

    def _piece(self, child: Any) -> str:
        if child.tag == f"{W}t":
            return child.text or ""
        if child.tag in _NOTES:
            return self._note(_NOTES[child.tag], child.get(f"{W}id"))
        if child.tag == f"{W}br" and child.get(f"{W}type") in {"page", "column"}:
            return ""
        return _PIECES.get(child.tag, "")

    def _note(self, part: str, identifier: str | None) -> str:
        """The mark of a note; its text comes after the document."""
        if part not in self._note_parts:
            self._note_parts[part] = self._part(f"{part}.xml")
        root = self._note_parts[part]
        tag = part.removesuffix("s")
        notes = root.iter(f"{W}{tag}") if root is not None else ()
        note = next((n for n in notes if n.get(f"{W}id") == identifier), None)
        if note is None or len(self._notes) > 5_000:
            return ""
        told = " ".join(line.text.strip() for line in self._flow(note) if line.text.strip())
        mark = f"[{len(self._notes) + 1}]"
        self._notes.append(Line(f"{mark} {told}", kind=Kind.NOTE))
        return mark

    # headers and footers

    def _margins(self, tag: str, kind: Kind) -> list[Line]:
        """Every different header or footer once, unless it only counts pages."""
        relations = self._part(f"_rels/{posixpath.basename(BODY)}.rels")
        if relations is None:
            return []
        targets = {r.get("Id"): str(r.get("Target", "")) for r in relations.iter(_RELATIONS)}
        told: dict[str, list[Line]] = {}
        for reference in self._root.iter(f"{W}{tag}"):
            root = self._part(targets.get(reference.get(_R_ID), "").lstrip("/"))
            lines = list(self._flow(root)) if root is not None else []
            key = "\n".join(line.text or " ".join(line.cells) for line in lines).strip()
            if _says_something(key) and len(told) < 20:
                told.setdefault(key, lines)
        return [replace(line, kind=kind) for lines in told.values() for line in lines]


def _says_something(margin: str) -> bool:
    """More than the number of the page."""
    words = "".join(c if c.isalpha() else " " for c in margin.lower()).split()
    return not _COUNTING.issuperset(words)


def _styles(root: Any | None) -> _Styles:
    found = _Styles()
    for style in root.iter(f"{W}style") if root is not None else ():
        name = style.get(f"{W}styleId") or ""
        properties = style.find(f"{W}pPr")
        numbered = properties.find(f"{W}numPr") if properties is not None else None
        if numbered is not None and (list_id := _value(numbered, "numId")):
            level = _value(numbered, "ilvl") or "0"
            found.lists[name] = (list_id, int(level) if level.isdecimal() else 0)
        if _value(properties, "jc") == "center":
            found.centred.add(name)
        if _is_on(style.find(f"{W}rPr/{W}b")):
            found.bold.add(name)
        if _drawn(style.find(f"{W}tblPr/{W}tblBorders")):
            found.ruled.add(name)
    return found


def _value(parent: Any | None, tag: str) -> str | None:
    child = parent.find(f"{W}{tag}") if parent is not None else None
    value = child.get(VAL) if child is not None else None
    return str(value) if value is not None else None


def _children(parent: Any, tag: str) -> Iterator[Any]:
    """Rows or cells, also those in content controls or inserted with tracked changes."""
    for child in parent:
        if child.tag == f"{W}{tag}":
            yield child
        elif child.tag in {f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml"}:
            yield from _children(child, tag)


def _is_on(switch: Any | None) -> bool:
    return switch is not None and switch.get(VAL) not in _OFF


def _is_bold(paragraph: Any) -> bool:
    """Every run that holds text is bold."""
    runs = [r for r in paragraph.iter(f"{W}r") if (r.findtext(f"{W}t") or "").strip()]
    return bool(runs) and all(_is_on(run.find(f"{W}rPr/{W}b")) for run in runs)


def _mark_is_deleted(paragraph: Any) -> bool:
    return paragraph.find(f"{W}pPr/{W}rPr/{W}del") is not None


def _row_is_deleted(row: Any) -> bool:
    return row.find(f"{W}trPr/{W}del") is not None


def _continues_above(cell: Any) -> bool:
    merge = cell.find(f"{W}tcPr/{W}vMerge")
    return merge is not None and merge.get(VAL) != "restart"


def _nearest(box: Any, paragraph: Any) -> bool:
    """Whether the box hangs on this paragraph and not on one inside another box."""
    return next(box.iterancestors(f"{W}p")) is paragraph


def _drawn(borders: Any | None) -> bool | None:
    """None when nothing is said."""
    if borders is None or not len(borders):
        return None
    return any(side.get(VAL) not in _NO_BORDER for side in borders)


def _draws_rules(cell: Any) -> bool:
    return bool(_drawn(cell.find(f"{W}tcPr/{W}tcBorders")))


def _hides_rules(cell: Any) -> bool:
    return _drawn(cell.find(f"{W}tcPr/{W}tcBorders")) is False
