"""The parts of a body: Phần, Chương, Mục, Điều, I., 1., 1.1., a). Pure."""

import re
from collections.abc import Sequence

from vang.library.formats.lines import Kind, Line
from vang.library.official.fields import Section
from vang.library.official.folding import flat, is_capitals, squeezed

_LONGEST_TITLE = 200
_MOST = 2_000
_MARKS = tuple(
    (rank, re.compile(pattern))
    for rank, pattern in (
        (0, r"phan(?: thu)?\s+(?:[ivx]+|\d+|nhat|hai|ba|tu|nam|sau|bay|tam)\b\s*[.:-]?"),
        (1, r"chuong\s+(?:[ivxlc]+|\d+)\b\s*[.:-]?"),
        (2, r"muc\s+(?:[ivx]+|\d+)\b\s*[.:-]?"),
        (2, r"(?:[ivx]{1,6})\s*[./)-](?=\s|$)"),
        (1, r"[a-e]\s*\.(?=\s)"),
        (3, r"dieu\s+\d+[a-z]?\b\s*[.:-]?"),
        (5, r"\d{1,2}\.\d{1,2}\.?(?=\s)"),
        (6, r"\d{1,2}\.\d{1,2}\.\d{1,2}\.?(?=\s)"),
        (4, r"\d{1,2}\s*[./)](?=\s)"),
        (7, r"[a-zđ]\s*[.)](?=\s)"),
    )
)


def sections_of(lines: Sequence[Line], first: int, last: int) -> list[Section]:
    """Sections of the body between two lines, both in it."""
    found: list[tuple[int, str, str, int]] = []
    for place in range(first, min(last, len(lines) - 1) + 1):
        line = lines[place]
        if line.kind == Kind.TEXT and line.begins and (told := _marked(line.text)):
            rank, mark, title = told
            found.append((rank, mark, title or _next(lines, place), place))
    ranks = sorted({rank for rank, *_others in found})
    ends = [_end(found, n, last) for n in range(len(found))]
    return [
        Section(ranks.index(rank), mark, title[:_LONGEST_TITLE], place, end)
        for (rank, mark, title, place), end in zip(found, ends, strict=True)
    ][:_MOST]


def _marked(text: str) -> tuple[int, str, str] | None:
    stripped = squeezed(text)
    folded = flat(stripped)
    for rank, pattern in _MARKS:
        found = pattern.match(folded)
        if found is None:
            continue
        mark, title = stripped[: found.end()].strip(), stripped[found.end() :].strip(" .:-")
        capital = mark[:1].isupper()
        if rank in {1, 2} and not capital:
            continue
        if rank == 7 and capital:
            continue
        return rank, mark.rstrip(":-"), title
    return None


def _next(lines: Sequence[Line], place: int) -> str:
    """ "Chương I" has its title on the line below, in capitals."""
    following = lines[place + 1].text if place + 1 < len(lines) else ""
    return squeezed(following) if is_capitals(following) else ""


def _end(found: Sequence[tuple[int, str, str, int]], n: int, last: int) -> int:
    """The line before the next section that is as large."""
    later = (place for rank, _m, _t, place in found[n + 1 :] if rank <= found[n][0])
    return next(later, last + 1) - 1
