"""From words on pages to lines in reading order, running titles and page numbers left out. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vang.library.formats.grids import Grid, grids
from vang.library.formats.gutters import Band, bands
from vang.library.formats.lines import Kind, Line, Side
from vang.library.formats.paragraphs import (
    Column,
    begins,
    column_of,
    goes_on,
    is_centred,
    is_page_number,
    without_digits,
)
from vang.library.formats.words import PageWords, Row, rows_of

_MARGIN = 0.13
_EDGE_ROWS = 2
_FEWEST_ROWS = 4
_FEWEST_PAGES = 3


@dataclass
class _Page:
    page: PageWords
    grids: list[Grid]
    rows: list[Row]
    """Those outside tables."""


def lines_of(pages: Sequence[PageWords]) -> list[Line]:
    """All lines of all pages."""
    opened = [_opened(page) for page in pages]
    running = _running(opened)
    layout = _Layout()
    for page in opened:
        page.rows = list(_without_margins(page, running))
        layout.add(page)
    return layout.lines


def _opened(page: PageWords) -> _Page:
    tables = grids(page)
    held = {id(word) for table in tables for word in table.words}
    free = [word for word in page.words if id(word) not in held]
    return _Page(page, tables, rows_of(free))


def _edges(page: _Page) -> Iterator[Row]:
    """Rows in the margin strips above and below; a page of few lines has no running title."""
    if len(page.rows) < _FEWEST_ROWS:
        return
    height = page.page.height
    for row in page.rows[:_EDGE_ROWS]:
        if row.base < _MARGIN * height:
            yield row
    for row in page.rows[-_EDGE_ROWS:]:
        if row.base > (1 - _MARGIN) * height:
            yield row


def _running(pages: list[_Page]) -> set[str]:
    """Titles that stand at the edge of at least three pages, and of a third of them."""
    seen = Counter(
        text for page in pages for text in {without_digits(row.text) for row in _edges(page)}
    )
    fewest = max(_FEWEST_PAGES, len(pages) // 3)
    return {text for text, count in seen.items() if count >= fewest}


def _without_margins(page: _Page, running: set[str]) -> Iterator[Row]:
    dropped = {
        id(row)
        for row in _edges(page)
        if is_page_number(row.text) or without_digits(row.text) in running
    }
    return (row for row in page.rows if id(row) not in dropped)


class _Layout:
    """Lines so far, and the last row of the page before, which may go on."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._block = 0
        self._last: tuple[Row, Column] | None = None

    def add(self, page: _Page) -> None:
        tables = list(page.grids)
        waiting: list[Row] = []
        first = True
        for row in page.rows:
            while tables and tables[0].top < row.base:
                first = self._flush(page, waiting, first=first)
                self._table(page, tables.pop(0))
            waiting.append(row)
        self._flush(page, waiting, first=first)
        for table in tables:
            self._table(page, table)

    def _flush(self, page: _Page, rows: list[Row], *, first: bool) -> bool:
        """Lay out the rows that wait; whether the page is still to begin."""
        if not rows:
            return first
        for band in bands(rows, page.page.width):
            self._band(page, band, first=first)
            first = False
        rows.clear()
        return first

    def _band(self, page: _Page, band: Band, *, first: bool) -> None:
        if not band.columns:
            self._column(page, band.rows, Side.WHOLE, first=first)
        elif band.is_table:
            for row in band.rows:
                self._row(page, row.base, _cells_along(row, band))
        else:
            sides = [Side.LEFT, Side.RIGHT] if len(band.columns) == 2 else None
            for place, column in enumerate(band.columns):
                side = sides[place] if sides else Side.WHOLE
                self._column(page, column, side, first=False)

    def _column(self, page: _Page, rows: list[Row], side: Side, *, first: bool) -> None:
        self._block += 1
        column = column_of(rows, page.page.width if side == Side.WHOLE else 0.0)
        told = begins(rows, column)
        if first and self._last is not None:
            before, above = self._last
            told[0] = not goes_on(before, rows[0], column.with_edges_of(above))
        for row, new in zip(rows, told, strict=True):
            centred = is_centred(row, column)
            self.lines.append(
                Line(
                    row.text,
                    begins=new,
                    side=side,
                    block=self._block,
                    page=page.page.number,
                    top=round(row.base, 1),
                    bold=row.bold,
                    centred=centred,
                )
            )
        self._last = (rows[-1], column) if side == Side.WHOLE else None

    def _table(self, page: _Page, table: Grid) -> None:
        for base, cells in table.rows():
            self._row(page, base, cells)

    def _row(self, page: _Page, base: float, cells: tuple[str, ...]) -> None:
        self._last = None
        number, top = page.page.number, round(base, 1)
        self.lines.append(Line("", kind=Kind.ROW, cells=cells, page=number, top=top))


def _cells_along(row: Row, band: Band) -> tuple[str, ...]:
    """The row's words by the columns of its band."""
    words = {id(word) for word in row.words}
    told = []
    for column in band.columns:
        inside = [w.text for part in column for w in part.words if id(w) in words]
        told.append(" ".join(inside))
    return tuple(told)
