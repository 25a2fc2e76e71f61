"""An HTML page as lines. What could act is taken out by nh3 before anything is read."""

import re
from html.parser import HTMLParser

import nh3

from vang.library.formats.lines import Kind, Line

_BEGINNING = re.compile(
    r"\s*(?:<!doctype html|<\?xml[^>]*>\s*<(?:!doctype )?html|<html|<head|<body|<meta)",
    re.IGNORECASE,
)
_BLOCKS = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "pre", "dt", "dd"}
_OTHERS = {"br", "hr", "ul", "ol", "table", "tbody", "thead", "tr", "td", "th", "b", "strong"}
_BOLD = {"h1", "h2", "h3", "h4", "b", "strong"}


def looks_like_html(text: str) -> bool:
    return _BEGINNING.match(text[:2000]) is not None


def lines_of_html(text: str) -> list[Line]:
    """Paragraphs, list items with their numbers, and tables by rows."""
    harmless = nh3.clean(
        text,
        tags=_BLOCKS | _OTHERS,
        attributes={},
        clean_content_tags={"script", "style", "title", "template", "svg", "noscript"},
        link_rel=None,
    )
    reader = _Reader()
    reader.feed(harmless)
    reader.close()
    reader.flush()
    return reader.lines


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[Line] = []
        self._text = ""
        self._mark = ""
        self._counts: list[int | None] = []
        self._cells: list[str] | None = None
        self._depth = 0
        self._bold = 0
        self._plain = False

    def handle_starttag(self, tag: str, _attributes: object) -> None:
        if tag in _BLOCKS or tag in {"ul", "ol", "table"}:
            self.flush()
        if tag in {"ul", "ol"}:
            self._counts.append(0 if tag == "ol" else None)
        elif tag == "li":
            self._mark = self._next_mark()
        elif tag == "table":
            self._depth += 1
        elif tag == "tr" and self._depth == 1:
            self.flush()
            self._cells = []
        elif tag == "br":
            self._text += "\n"
        self._bold += tag in _BOLD

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"} and self._cells is not None and self._depth == 1:
            self._cells.append(self._text.strip())
            self._text = ""
        elif tag == "tr" and self._depth == 1:
            self._row()
        elif tag == "table":
            self.flush()
            self._depth -= 1
        elif tag in _BLOCKS:
            self.flush()
        elif tag in {"ul", "ol"} and self._counts:
            self.flush()
            self._counts.pop()
        self._bold -= tag in _BOLD and self._bold > 0

    def handle_data(self, data: str) -> None:
        told = re.sub(r"\s+", " ", data)
        self._text += told.lstrip() if not self._text or self._text.endswith("\n") else told
        self._plain |= not self._bold and bool(told.strip())

    def flush(self) -> None:
        """End the paragraph; inside a cell it only breaks the line."""
        if self._cells is not None:
            self._text = self._text.rstrip() + "\n" if self._text.strip() else ""
            return
        if self._text.strip():
            bold = not self._plain
            self.lines.append(Line(self._mark + self._text.strip(), bold=bold))
            self._mark = ""
        self._text, self._plain = "", False

    def _row(self) -> None:
        cells, self._cells = self._cells, None
        if cells and any(cells):
            self.lines.append(Line("", kind=Kind.ROW, cells=tuple(cells)))
        self._text = ""

    def _next_mark(self) -> str:
        if not self._counts or self._counts[-1] is None:
            return "- "
        self._counts[-1] += 1
        return f"{self._counts[-1]}. "
