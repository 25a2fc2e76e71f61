"""Which lines of a column go on a paragraph. Pure."""

import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from vang.library.formats.words import Row

_MARK = re.compile(
    r"(?:[-–+•*·▪●○–]|\d{1,3}(?:\.\d{1,3})*[.)/]|[a-zđ][.)]|[IVXLC]{1,6}[.)]|[A-D][.)]"
    r"|(?:Điều|Chương|Mục|Khoản|Phần)\s+[\dIVXLC]+)(?:\s|$)"
)
_PAGE_NUMBER = re.compile(r"[-–\s]*(?:[Tt]rang|[Pp]age)?\s*\d{1,4}\s*(?:[/|]\s*\d{1,4})?[-–\s]*")
_DIGITS = re.compile(r"\d+")
_ENDS = frozenset(".;:!?…/")
_SHORT_EM = 2.5
_MARGINS = 1.25
_INDENT_EM = 0.8
_GAP = 1.4


@dataclass(frozen=True)
class Column:
    """The edges of a column and the usual distance between its lines, in points."""

    left: float
    right: float
    leading: float = 1e9

    def with_edges_of(self, other: "Column") -> "Column":
        """The wider of two columns that follow each other; nothing is known of the distance."""
        return Column(min(self.left, other.left), max(self.right, other.right))


def column_of(rows: Sequence[Row], width: float = 0.0) -> Column:
    """The column that holds these rows. With the page's width given it is the only one: its
    right margin is seldom wider than its left one, however short the lines."""
    left, right = min(row.left for row in rows), max(row.right for row in rows)
    return Column(left, max(right, width - _MARGINS * left), _leading(rows))


def begins(rows: Sequence[Row], column: Column) -> list[bool]:
    """For each row of one column whether a paragraph begins with it."""
    if not rows or _all_centred(rows):
        return [True] * len(rows)
    told, first = [True], rows[0]
    for before, row in pairwise(rows):
        told.append(_breaks(before, row, column, first))
        first = row if told[-1] else first
    return told


def _all_centred(rows: Sequence[Row]) -> bool:
    """Lines of different length around one middle: names and posts, no running text."""
    centres, lefts = [row.centre for row in rows], [row.left for row in rows]
    em = rows[0].em
    return max(centres) - min(centres) < 0.8 * em < max(lefts) - min(lefts)


def goes_on(before: Row, row: Row, column: Column) -> bool:
    """Whether the first line of a page goes on with the last of the page before."""
    ended = before.text.rstrip()[-1:] in _ENDS
    return not ended and not _breaks(before, row, column, before)


def is_centred(row: Row, column: Column) -> bool:
    """Stands in the middle of its column with room on both sides."""
    before, after = row.left - column.left, column.right - row.right
    return before > 1.5 * row.em and after > 1.5 * row.em and abs(before - after) < 2.5 * row.em


def is_page_number(text: str) -> bool:
    return bool(_PAGE_NUMBER.fullmatch(text))


def without_digits(text: str) -> str:
    """What running titles have in common from page to page."""
    return _DIGITS.sub("#", text).strip().lower()


def _leading(rows: Sequence[Row]) -> float:
    """The usual distance between lines, in points."""
    steps = [b.base - a.base for a, b in pairwise(rows) if b.base > a.base]
    return statistics.median_low(steps) if steps else 0.0


def _breaks(before: Row, row: Row, column: Column, first: Row) -> bool:
    """``first`` is the row with which the present paragraph began."""
    if _is_heading(before, row, column) or _is_divided(before, row):
        return False
    if before.bold and not row.bold:
        return True
    step = row.base - before.base
    short = before.right < column.right - _SHORT_EM * before.em
    if short or step > _GAP * max(column.leading, before.height):
        return True
    indented = row.left > column.left + _INDENT_EM * row.em
    if _MARK.match(row.text) is None:
        hangs = _MARK.match(first.text) is not None and row.left > first.left
        indented = indented and not hangs
        return before.bold != row.bold or (indented and before.left < row.left - 0.5 * row.em)
    ended = before.text.rstrip()[-1:] in _ENDS
    return ended or (abs(row.left - first.left) < 0.5 * row.em and indented)


def _is_heading(before: Row, row: Row, column: Column) -> bool:
    """Two centred lines of which the first fills most of the width are one heading."""
    wide = before.right - before.left > 0.6 * (column.right - column.left)
    near = row.base - before.base < 1.6 * before.height
    return wide and near and is_centred(row, column) and before.bold == row.bold


def _is_divided(before: Row, row: Row) -> bool:
    """A word, or two with a hyphen between, begun in one line and ended in the next."""
    return before.text[-1:] == "-" and before.text[-2:-1].isalpha() and row.text[:1].isalpha()
