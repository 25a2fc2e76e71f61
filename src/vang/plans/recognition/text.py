"""The text of a document with its paragraphs, broken lines joined again. Pure.

A paragraph's text is as long as its passage, letter for letter, so that every place found in it is
a place in the document.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from vang.library.formats.lines import Kind, Line, Side
from vang.plans.recognition.breaks import goes_on, width_of
from vang.plans.recognition.columns import SetRow, rows_set_in
from vang.plans.recognition.marks import Mark, mark_of

_RULE = re.compile(r"[\W_]*|[-–\s]*\d{1,3}[-–\s]*|(?:Trang|trang)\s*\d+(?:\s*/\s*\d+)?")
_PIPES = re.compile(r"\s*\|\s*")
_TABS = re.compile(r"\t")


@dataclass(frozen=True)
class Cell:
    """What stands in one cell, and where in the document's text."""

    text: str
    start: int


@dataclass(frozen=True)
class Paragraph:
    """``first`` and ``last`` are lines. ``cells`` are those of a row of a table."""

    text: str
    start: int
    first: int
    last: int
    mark: Mark | None = None
    bold: bool = False
    centred: bool = False
    side: Side = Side.WHOLE
    kind: Kind = Kind.TEXT
    cells: tuple[Cell, ...] = ()

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def words_at(self) -> int:
        """Where the words begin, after the mark."""
        return self.mark.end if self.mark else 0

    @property
    def words(self) -> str:
        return " ".join(self.text[self.words_at :].split())

    @property
    def is_layout(self) -> bool:
        """A rule or the number of a page."""
        return not self.cells and _RULE.fullmatch(self.text.strip()) is not None


@dataclass(frozen=True)
class Source:
    """The whole text, lines joined by line ends, and its paragraphs in order."""

    text: str
    paragraphs: list[Paragraph]


def source_of(lines: Sequence[Line], keep: frozenset[int] = frozenset()) -> Source:
    """``keep`` are lines that begin and end a paragraph of their own: those of head and foot."""
    texts = [line.text.replace("\n", " ") for line in lines]
    return _Gathering(lines, texts, keep).source()


class _Gathering:
    """Lines, one after another, into paragraphs and rows."""

    def __init__(self, lines: Sequence[Line], texts: list[str], keep: frozenset[int]) -> None:
        self._lines, self._texts, self._keep = lines, texts, keep
        self._width = width_of(lines)
        self._whole = "\n".join(texts)
        self._starts = [0, *accumulate(len(text) + 1 for text in texts)][: len(texts)]
        self._gathered: list[int] = []
        self._told: list[Paragraph] = []

    def source(self) -> Source:
        tables = rows_set_in(self._texts, self._may_be_cell)
        taken = -1
        for n, text in enumerate(self._texts):
            if n <= taken or not text.strip():
                continue
            if n in tables:
                self._end()
                self._told.append(_set_row(self._whole, tables[n], self._starts))
                taken = tables[n].last
            else:
                self._take(n)
        self._end()
        return Source(self._whole, self._told)

    def _may_be_cell(self, n: int) -> bool:
        return n not in self._keep and self._lines[n].kind == Kind.TEXT

    def _take(self, n: int) -> None:
        if self._gathered and self._goes_on(n):
            self._gathered.append(n)
            return
        self._end()
        if self._lines[n].kind == Kind.ROW:
            self._told.append(_row(self._whole, self._lines[n], self._starts[n], n))
        else:
            self._gathered = [n]

    def _goes_on(self, n: int) -> bool:
        apart = n in self._keep or self._gathered[-1] in self._keep
        return not apart and goes_on(self._texts, self._gathered, n, self._lines, self._width)

    def _end(self) -> None:
        if self._gathered:
            told = _paragraph(self._whole, self._lines, self._starts, self._gathered)
            self._told.append(told)
        self._gathered = []


def _paragraph(
    whole: str, lines: Sequence[Line], starts: Sequence[int], gathered: Sequence[int]
) -> Paragraph:
    first, last = gathered[0], gathered[-1]
    start, end = starts[first], starts[last] + len(lines[last].text)
    passage = whole[start:end]
    lead = len(passage) - len(passage.lstrip())
    text = passage.strip().replace("\n", " ")
    line, start = lines[first], start + lead
    if len(gathered) == 1 and (cells := _cells_in(text, start)):
        return Paragraph(text, start, first, last, kind=Kind.ROW, cells=cells)
    return Paragraph(
        text, start, first, last, mark_of(text), line.bold, line.centred, line.side, line.kind
    )


def _cells_in(text: str, start: int) -> tuple[Cell, ...]:
    """A row that was typed with bars or tabs between its cells."""
    pattern = _PIPES if text.count("|") > 1 else _TABS if text.count("\t") > 1 else None
    if pattern is None:
        return ()
    inner = text.strip("|") if pattern is _PIPES else text
    place = text.find(inner)
    cells = []
    for part in pattern.split(inner):
        at = text.find(part, place) if part else place
        cells.append(Cell(" ".join(part.split()), start + at))
        place = at + len(part)
    return tuple(cells)


def _set_row(whole: str, row: SetRow, starts: Sequence[int]) -> Paragraph:
    """A row whose cells only stand apart."""
    start, end = (
        starts[row.first],
        starts[row.last + 1] - 1 if row.last + 1 < len(starts) else len(whole),
    )
    passage = whole[start:end]
    start += len(passage) - len(passage.lstrip())
    cells = [
        Cell(
            " ".join(piece.text for piece in pieces),
            starts[pieces[0].line] + pieces[0].start if pieces else start,
        )
        for pieces in row.cells
    ]
    text = passage.strip().replace("\n", " ")
    return Paragraph(text, start, row.first, row.last, kind=Kind.ROW, cells=tuple(cells))


def _row(whole: str, line: Line, start: int, n: int) -> Paragraph:
    """A row as the reader gave it: its text holds the filled cells between bars."""
    cells, place = [], start
    for cell in line.cells:
        told = " ".join(cell.split())
        at = whole.find(told, place) if told else place
        at = place if at < 0 else at
        cells.append(Cell(told, at))
        place = at + len(told)
    text = whole[start : start + len(line.text)].rstrip()
    return Paragraph(text, start, n, n, kind=Kind.ROW, cells=tuple(cells))
