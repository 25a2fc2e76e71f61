"""Tables without rules and bars: their columns set by blanks, or copied cell by cell. Pure."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from vang.library.official.folding import flat
from vang.plans.recognition.deadlines import deadlines_in
from vang.plans.recognition.headers import Column, column_of, columns_of
from vang.plans.recognition.marks import Family, mark_of

_PIECE = re.compile(r"\S+(?: \S+)*")
_NUMBER = re.compile(r"(?:\d{1,3}(?:\.\d{1,2})*|[IVX]{1,5}|[A-EĐ]|[a-z])[.)]?")
_NUMBERED = re.compile(r"s?tt|so\s+(?:tt|thu\s+tu)")
_ASIDE = 6
"""So many letters a cell may stand beside the place of its header."""
_FEWEST = 3
_MOST_HEADERS = 9
_MOST_OF_A_HEAD = 4


@dataclass(frozen=True)
class Piece:
    """Words of one cell on one line, and their place in it."""

    text: str
    line: int
    start: int


@dataclass(frozen=True)
class SetRow:
    """The lines that a row of a table takes, and the pieces of each of its cells."""

    first: int
    last: int
    cells: tuple[tuple[Piece, ...], ...]


def rows_set_in(texts: Sequence[str], usable: Callable[[int], bool]) -> dict[int, SetRow]:
    """The rows of all such tables by their first line; ``usable`` says which lines may be cells."""
    found: dict[int, SetRow] = {}
    place = 0
    while place < len(texts):
        rows = list(_table_at(texts, place, usable))
        found.update((row.first, row) for row in rows)
        place = rows[-1].last + 1 if rows else place + 1
    return found


def _table_at(texts: Sequence[str], place: int, usable: Callable[[int], bool]) -> Iterator[SetRow]:
    if not usable(place) or not texts[place].strip():
        return
    if _NUMBERED.fullmatch(flat(texts[place].strip())):
        yield from _copied(texts, place, usable)
    else:
        yield from _spaced(texts, place, usable)


def _row(cells: Sequence[Sequence[Piece]]) -> SetRow:
    lines = [piece.line for cell in cells for piece in cell]
    return SetRow(min(lines), max(lines), tuple(tuple(cell) for cell in cells))


def _titles(cells: Sequence[Sequence[Piece]]) -> list[str]:
    return [" ".join(piece.text for piece in cell) for cell in cells]


def _following(texts: Sequence[str], place: int, usable: Callable[[int], bool]) -> Iterator[int]:
    """The filled lines from ``place`` on."""
    for n in range(place, len(texts)):
        if not usable(n):
            return
        if texts[n].strip():
            yield n


# columns set by blanks


def _pieces(text: str, line: int) -> list[Piece]:
    plain = text.replace("\t", "  ")
    return [Piece(found[0], line, found.start()) for found in _PIECE.finditer(plain)]


def _spaced(texts: Sequence[str], place: int, usable: Callable[[int], bool]) -> Iterator[SetRow]:
    first = _pieces(texts[place], place)
    if len(first) < _FEWEST:
        return
    starts = [piece.start for piece in first]
    head = [[piece] for piece in first]
    numbered = _NUMBERED.fullmatch(flat(first[0].text)) is not None
    rows: list[list[list[Piece]]] = []
    for n in _following(texts, place + 1, usable):
        cells = _cells(_pieces(texts[n], n), starts, numbered=numbered)
        if cells is None:
            break
        if _begins(cells, head, numbered=numbered):
            rows.append(cells)
        elif not rows and n - place >= _MOST_OF_A_HEAD:
            break
        else:
            for cell, more in zip(rows[-1] if rows else head, cells, strict=True):
                cell.extend(more)
    if rows and columns_of(_titles(head)) is not None:
        yield from map(_row, (head, *rows))


def _cells(
    pieces: Sequence[Piece], starts: Sequence[int], *, numbered: bool
) -> list[list[Piece]] | None:
    """The pieces by their columns; None for a line that is no part of the table."""
    cells: list[list[Piece]] = [[] for _start in starts]
    whole = len(pieces) == len(starts)
    for n, piece in enumerate(pieces):
        place = n if whole else _nearest(piece, starts)
        if place is None or cells[place]:
            return None
        cells[place].append(piece)
    if numbered and cells[0] and not _NUMBER.fullmatch(cells[0][0].text):
        return None
    return cells


def _nearest(piece: Piece, starts: Sequence[int]) -> int | None:
    place = min(range(len(starts)), key=lambda n: abs(starts[n] - piece.start))
    after = starts[place + 1] if place + 1 < len(starts) else None
    crosses = after is not None and piece.start + len(piece.text) > after
    far = abs(starts[place] - piece.start) > _ASIDE
    return None if crosses or far else place


def _begins(
    cells: Sequence[Sequence[Piece]], head: Sequence[Sequence[Piece]], *, numbered: bool
) -> bool:
    """Whether the line begins a row and does not go on with the one above it."""
    if numbered:
        return bool(cells[0])
    told = [column_of(title) for title in _titles(head)]
    filled = {column for column, cell in zip(told, cells, strict=True) if cell}
    return Column.TASK in filled and bool(filled & {Column.LEAD, Column.TIME})


# copied cell by cell


def _copied(texts: Sequence[str], place: int, usable: Callable[[int], bool]) -> Iterator[SetRow]:
    """ "STT", the other headers, then "1" and its cells, each on a line of its own."""
    lines = _following(texts, place, usable)
    head = [_line(texts, next(lines))]
    number: int | None = None
    for n in lines:
        if _NUMBER.fullmatch(texts[n].strip()) or len(head) > _MOST_HEADERS:
            number = n
            break
        head.append(_line(texts, n))
    columns = columns_of(_titles(head))
    if number is None or columns is None or len(columns) < _FEWEST:
        return
    yield _row(head)
    while number is not None:
        told, number = _told(texts, number, len(columns) - 1, usable)
        yield _row([told[0], *_fitted(told[1:], columns[1:])])


def _line(texts: Sequence[str], n: int) -> list[Piece]:
    text = texts[n]
    return [Piece(" ".join(text.split()), n, len(text) - len(text.lstrip()))]


def _told(
    texts: Sequence[str], number: int, most: int, usable: Callable[[int], bool]
) -> tuple[list[list[Piece]], int | None]:
    """The lines of one row, and the line of the next row's number."""
    told = [_line(texts, number)]
    for n in _following(texts, number + 1, usable):
        text = texts[n].strip()
        if _NUMBER.fullmatch(text) and len(told) > 1:
            return told, n
        mark = mark_of(text)
        heads = mark is not None and mark.family not in {Family.DASH, Family.PLUS, Family.STAR}
        if heads or (len(told) > most and not text[0].islower()):
            return told, None
        if text[0].islower() and len(told) > 1:
            told[-1] += _line(texts, n)
        else:
            told.append(_line(texts, n))
    return told, None


def _fitted(told: list[list[Piece]], columns: Sequence[Column]) -> list[list[Piece]]:
    """As many cells as columns: empty ones were not copied, so a date tells where the time is."""
    if len(told) >= len(columns) or len(told) < 2:
        return [*told, *([] for _column in columns[len(told) :])]
    cells: list[list[Piece]] = []
    left = list(told)
    for n, column in enumerate(columns):
        spare = len(columns) - n - len(left)
        is_time = bool(left) and bool(deadlines_in(left[0][0].text, told=True))
        fits = bool(left) and (column == Column.TASK or is_time == (column == Column.TIME))
        cells.append(left.pop(0) if left and (fits or spare <= 0) else [])
    return cells
