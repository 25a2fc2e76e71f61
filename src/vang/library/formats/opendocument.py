"""An .odt file as lines: changes accepted, list numbers counted, cells and boxes in order."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from vang.library.formats.archives import Package
from vang.library.formats.counting import written
from vang.library.formats.failures import Code, Unreadable
from vang.library.formats.lines import Kind, Line, Side
from vang.library.formats.numbering import BULLET

MIME = b"application/vnd.oasis.opendocument.text"
_NAMES = "urn:oasis:names:tc:opendocument:xmlns:"
TEXT, TABLE, OFFICE = f"{{{_NAMES}text:1.0}}", f"{{{_NAMES}table:1.0}}", f"{{{_NAMES}office:1.0}}"
STYLE, DRAW = f"{{{_NAMES}style:1.0}}", f"{{{_NAMES}drawing:1.0}}"
_FO = f"{{{_NAMES}xsl-fo-compatible:1.0}}"
_MANIFEST = f"{{{_NAMES}manifest:1.0}}"
# Deleted text lies apart in tracked-changes; annotations are remarks, not text.
_SKIPPED = {
    f"{TEXT}tracked-changes",
    f"{OFFICE}annotation",
    f"{OFFICE}annotation-end",
    f"{OFFICE}forms",
    f"{TEXT}sequence-decls",
    f"{TEXT}variable-decls",
    f"{TEXT}hidden-text",
    f"{TEXT}hidden-paragraph",
    f"{TEXT}ruby-text",
}
_PARAGRAPHS = {f"{TEXT}p", f"{TEXT}h"}
_CELLS = {f"{TABLE}table-cell", f"{TABLE}covered-table-cell"}
_MOST_REPEATED = 200


@dataclass(frozen=True)
class _Level:
    format: str
    prefix: str
    suffix: str
    start: int
    display: int
    bullet: bool


def lines_of(package: Package) -> list[Line]:
    """Raises Unreadable."""
    if "content.xml" not in package:
        raise Unreadable(Code.WRONG_KIND, "no content.xml")
    manifest = package.xml_if_there("META-INF/manifest.xml")
    if (
        manifest is not None
        and next(manifest.iter(f"{_MANIFEST}encryption-data"), None) is not None
    ):
        raise Unreadable(Code.PROTECTED, "encrypted parts")
    return _Reader(package.xml("content.xml"), package.xml_if_there("styles.xml")).read()


class _Reader:
    def __init__(self, content: Any, styles: Any | None) -> None:
        self._content = content
        self._roots = [root for root in (content, styles) if root is not None]
        self._lists = {s.get(f"{STYLE}name"): _levels(s) for s in self._all(f"{TEXT}list-style")}
        self._looks = {s.get(f"{STYLE}name"): s for s in self._all(f"{STYLE}style")}
        self._notes: list[Line] = []
        self._boxes: list[Any] = []
        self._counts: dict[str, list[int]] = {}
        self._blocks = 0

    def _all(self, tag: str) -> Iterator[Any]:
        for root in self._roots:
            yield from root.iter(tag)

    def read(self) -> list[Line]:
        body = self._content.find(f"{OFFICE}body/{OFFICE}text")
        if body is None:
            raise Unreadable(Code.WRONG_KIND, "no text document")
        lines = list(self._flow(body))
        head, foot = self._margins("header", Kind.HEADER), self._margins("footer", Kind.FOOTER)
        return [*head, *lines, *self._notes, *foot]

    def _margins(self, tag: str, kind: Kind) -> list[Line]:
        told: dict[str, list[Line]] = {}
        for element in self._all(f"{STYLE}{tag}"):
            lines = list(self._flow(element))
            key = "\n".join(line.text for line in lines).strip()
            if any(letter.isalpha() for letter in key) and len(told) < 20:
                told.setdefault(key, lines)
        return [replace(line, kind=kind) for lines in told.values() for line in lines]

    def _flow(self, parent: Any) -> Iterator[Line]:
        for child in parent:
            if child.tag in _PARAGRAPHS:
                yield from self._paragraph(child)
            elif child.tag == f"{TEXT}list":
                yield from self._list(child, child.get(f"{TEXT}style-name"), 0)
            elif child.tag == f"{TABLE}table":
                yield from self._table(child)
            elif child.tag in (f"{DRAW}frame", f"{DRAW}text-box"):
                yield from self._box(child)
            elif isinstance(child.tag, str) and child.tag not in _SKIPPED:
                yield from self._flow(child)

    def _paragraph(self, paragraph: Any, mark: str = "") -> Iterator[Line]:
        outer, self._boxes = self._boxes, []
        text = self._inline(paragraph)
        boxes, self._boxes = self._boxes, outer
        bold, centred = self._look(paragraph)
        yield Line((mark if text.strip() else "") + text, bold=bold, centred=centred)
        for box in boxes:
            yield from self._box(box)

    def _box(self, box: Any) -> Iterator[Line]:
        self._blocks += 1
        block = self._blocks
        for line in self._flow(box):
            yield replace(line, block=line.block or block)

    def _look(self, paragraph: Any) -> tuple[bool, bool]:
        bold = centred = False
        name = paragraph.get(f"{TEXT}style-name")
        for _ in range(5):
            style = self._looks.get(name)
            if style is None:
                break
            shape = style.find(f"{STYLE}paragraph-properties")
            letters = style.find(f"{STYLE}text-properties")
            centred |= shape is not None and shape.get(f"{_FO}text-align") == "center"
            bold |= letters is not None and letters.get(f"{_FO}font-weight") == "bold"
            name = style.get(f"{STYLE}parent-style-name")
        return bold or self._spans_are_bold(paragraph), centred

    def _spans_are_bold(self, paragraph: Any) -> bool:
        if (paragraph.text or "").strip():
            return False
        spans = [s for s in paragraph if s.tag == f"{TEXT}span" and "".join(s.itertext()).strip()]
        return bool(spans) and all(
            (style := self._looks.get(span.get(f"{TEXT}style-name"))) is not None
            and (letters := style.find(f"{STYLE}text-properties")) is not None
            and letters.get(f"{_FO}font-weight") == "bold"
            for span in spans
        )

    # the inside of a paragraph

    def _inline(self, element: Any) -> str:
        text = element.text or ""
        for child in element:
            if isinstance(child.tag, str) and child.tag not in _SKIPPED:
                text += self._piece(child)
            text += child.tail or ""
        return text

    def _piece(self, child: Any) -> str:
        if child.tag == f"{TEXT}s":
            return " " * min(_whole(child.get(f"{TEXT}c"), 1), _MOST_REPEATED)
        if child.tag in {f"{TEXT}tab", f"{TEXT}line-break"}:
            return "\t" if child.tag.endswith("tab") else "\n"
        if child.tag == f"{TEXT}note":
            return self._note(child)
        if child.tag == f"{DRAW}frame":
            self._boxes.append(child)
            return ""
        return self._inline(child)

    def _note(self, note: Any) -> str:
        body = note.find(f"{TEXT}note-body")
        if body is None or len(self._notes) > 5_000:
            return ""
        told = " ".join(line.text.strip() for line in self._flow(body) if line.text.strip())
        mark = f"[{len(self._notes) + 1}]"
        self._notes.append(Line(f"{mark} {told}", kind=Kind.NOTE))
        return mark

    # lists

    def _list(self, element: Any, style: str | None, level: int) -> Iterator[Line]:
        name = style or ""
        counts = self._counts.setdefault(name, [])
        continues = element.get(f"{TEXT}continue-numbering") == "true"
        if level == 0 and not continues and not element.get(f"{TEXT}continue-list"):
            counts.clear()
        del counts[level + (1 if continues else 0) :]
        for item in element:
            if item.tag not in {f"{TEXT}list-item", f"{TEXT}list-header"}:
                continue
            mark = self._mark(name, level, item) if item.tag.endswith("item") else ""
            for child in item:
                if child.tag in _PARAGRAPHS:
                    yield from self._paragraph(child, mark)
                    mark = ""
                elif child.tag == f"{TEXT}list" and level < 9:
                    inner = child.get(f"{TEXT}style-name") or style
                    yield from self._list(child, inner, level + 1)

    def _mark(self, name: str, level: int, item: Any) -> str:
        levels, counts = self._lists.get(name, {}), self._counts.setdefault(name, [])
        own = levels.get(level + 1)
        if own is None or own.bullet:
            return BULLET
        while len(counts) <= level:
            above = levels.get(len(counts) + 1)
            counts.append((above.start if above else 1) - 1)
        start = item.get(f"{TEXT}start-value")
        counts[level] = _whole(start, 1) if start else counts[level] + 1
        del counts[level + 1 :]
        if not own.format:
            return ""
        shown = range(max(0, level + 1 - own.display), level + 1)
        told = ".".join(written(counts[n], _format(levels.get(n + 1))) for n in shown)
        return f"{own.prefix}{told}{own.suffix} ".lstrip()

    # tables

    def _table(self, table: Any) -> Iterator[Line]:
        rows = [list(_cells(row)) for row in _rows(table)]
        most = max((len(row) for row in rows), default=0)
        if most <= 3 and not self._has_rules(rows):
            for row in rows:
                yield from self._side_by_side(row)
            return
        for row in rows:
            told = tuple(self._cell(cell) for cell in row)
            if any(text.strip() for text in told):
                yield Line("", kind=Kind.ROW, cells=told)

    def _cell(self, cell: Any) -> str:
        lines = (line.text or " | ".join(line.cells) for line in self._flow(cell))
        return "\n".join(text for text in lines if text.strip())

    def _side_by_side(self, cells: list[Any]) -> Iterator[Line]:
        flows = [list(self._flow(cell)) for cell in cells]
        filled = [flow for flow in flows if any(line.text.strip() for line in flow)]
        sides = [Side.LEFT, Side.RIGHT] if len(filled) == 2 else [Side.WHOLE] * len(filled)
        if len(filled) == 1 and len(flows) == 2:
            sides = [Side.LEFT if filled[0] is flows[0] else Side.RIGHT]
        for flow, side in zip(filled, sides, strict=True):
            self._blocks += 1
            for line in flow:
                yield replace(line, side=side, block=self._blocks)

    def _has_rules(self, rows: list[list[Any]]) -> bool:
        return any(self._cell_has_rules(cell) for row in rows for cell in row)

    def _cell_has_rules(self, cell: Any) -> bool:
        style = self._looks.get(cell.get(f"{TABLE}style-name"))
        shape = style.find(f"{STYLE}table-cell-properties") if style is not None else None
        if shape is None:
            return False
        borders = [v for k, v in shape.items() if k.startswith(f"{_FO}border")]
        return any(border not in {"none", "hidden"} for border in borders)


def _levels(style: Any) -> dict[int, _Level]:
    return {
        _whole(level.get(f"{TEXT}level"), 1): _Level(
            level.get(f"{STYLE}num-format") or "",
            level.get(f"{STYLE}num-prefix") or "",
            level.get(f"{STYLE}num-suffix") or "",
            _whole(level.get(f"{TEXT}start-value"), 1),
            _whole(level.get(f"{TEXT}display-levels"), 1),
            not level.tag.endswith("number"),
        )
        for level in style
    }


def _format(level: _Level | None) -> str:
    return level.format if level else "1"


def _rows(table: Any) -> Iterator[Any]:
    for child in table:
        if child.tag == f"{TABLE}table-row":
            yield child
        elif child.tag in {f"{TABLE}table-header-rows", f"{TABLE}table-row-group"}:
            yield from _rows(child)


def _cells(row: Any) -> Iterator[Any]:
    return (cell for cell in row if cell.tag in _CELLS)


def _whole(value: str | None, default: int) -> int:
    return int(value) if value and value.isdecimal() and len(value) < 6 else default
