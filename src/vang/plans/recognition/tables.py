"""Tables of tasks: what their rows tell. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from vang.plans.recognition.headers import Column, column_of, columns_of
from vang.plans.recognition.text import Cell, Paragraph

_NUMBERS = re.compile(r"[ivx]+|\d{1,3}(?:\.\d{1,3})*|[a-z]", re.IGNORECASE)


@dataclass
class TableRow:
    """One task of a table: its words, and the cells of the other columns."""

    paragraph: Paragraph
    number: str
    task: Cell
    cells: dict[Column, Cell] = field(default_factory=dict)
    from_above: bool = False
    odd: bool = False


@dataclass
class Table:
    """Rows by what they are: each paragraph of the table is in exactly one of the lists."""

    headers: list[Paragraph] = field(default_factory=list)
    headings: list[Paragraph] = field(default_factory=list)
    rows: list[TableRow] = field(default_factory=list)
    rest: list[Paragraph] = field(default_factory=list)


class Tables:
    """Takes the rows of a document one after another; a table goes on below a repeated header."""

    def __init__(self) -> None:
        self._columns: list[Column] = []
        self._last: TableRow | None = None
        self._first_header: Sequence[Cell] = ()

    def end(self) -> None:
        """Something else than a row came: the next row begins another table."""
        self._columns, self._last, self._first_header = [], None, ()

    def take(self, paragraph: Paragraph, into: Table) -> None:
        cells = paragraph.cells
        if (columns := columns_of([cell.text for cell in cells])) is not None:
            self._columns, self._last, self._first_header = columns, None, cells
            into.headers.append(paragraph)
        elif (merged := self._second_header(cells)) is not None:
            self._columns = merged
            into.headers.append(paragraph)
        elif not self._columns:
            into.rest.append(paragraph)
        elif _is_counting(cells):
            into.headers.append(paragraph)
        elif _is_heading(cells, self._columns):
            self._last = None
            into.headings.append(paragraph)
        elif (row := self._task(paragraph)) is not None:
            self._last = row
            into.rows.append(row)
        else:
            into.rest.append(paragraph)

    def _second_header(self, cells: Sequence[Cell]) -> list[Column] | None:
        """Below "Phân công" stand "Chủ trì" and "Phối hợp"."""
        if self._last is not None or not self._first_header:
            return None
        told = [column_of(cell.text) for cell in cells]
        if not {Column.LEAD, Column.COOPERATING} <= set(told) or Column.TASK in told:
            return None
        above = list(self._first_header)
        merged: list[Column] = []
        spanned = False
        for cell, column in zip(cells, told, strict=True):
            if cell.text:
                if not spanned and above:
                    above.pop(0)
                spanned = True
                merged.append(column or Column.OTHER)
                continue
            spanned = False
            header = above.pop(0) if above else None
            merged.append((column_of(header.text) if header else None) or Column.OTHER)
        return merged if Column.TASK in merged else None

    def _task(self, paragraph: Paragraph) -> TableRow | None:
        cells = list(paragraph.cells)
        odd = len(cells) != len(self._columns)
        told: dict[Column, Cell] = {}
        for column, cell in zip(self._columns, cells, strict=False):
            if cell.text and column not in told:
                told[column] = cell
        task = told.pop(Column.TASK, None)
        if task is None:
            return None
        number = told.pop(Column.NUMBER, Cell("", 0)).text.strip(" .")
        row = TableRow(paragraph, number, task, told, odd=odd)
        if Column.LEAD in self._columns and Column.LEAD not in told and self._last is not None:
            for column in (Column.LEAD, Column.COOPERATING, Column.TIME):
                above = self._last.cells.get(column)
                if above is not None and column not in told:
                    row.cells[column] = above
            row.from_above = Column.LEAD in row.cells
        return row


def _is_counting(cells: Sequence[Cell]) -> bool:
    """ "(1) (2) (3)" below the head."""
    filled = [cell.text.strip(" ().") for cell in cells if cell.text.strip()]
    return len(filled) > 2 and all(text.isdigit() or len(text) == 1 for text in filled)


def _is_heading(cells: Sequence[Cell], columns: Sequence[Column]) -> bool:
    """A number and a title, the columns of who and when empty."""
    filled = [cell for cell in cells if cell.text.strip()]
    if not filled or len(filled) > 2:
        return False
    numbered = _NUMBERS.fullmatch(filled[0].text.strip(" .)")) is not None
    title = filled[-1].text
    if len(filled) == 2 and not numbered:
        return False
    short_row = len(cells) < len(columns)
    shouted = (
        title.isupper() or re.match(r"[IVX]+$|[A-E]$", filled[0].text.strip(" .)")) is not None
    )
    return shouted or (short_row and len(filled) <= 2 and len(cells) <= 2)
