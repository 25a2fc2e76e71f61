"""Where a remark's passage stands in a text that may have been edited since. Pure.

A passage is remembered by its words, a little of what stood around it, and where it stood. It is
found again by the same words (spaces and the place of tone marks do not count); when the words
were changed but what stood around them was not, by the gap that they left; otherwise it is lost.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from vang.review.tones import same_spelling

MAX_QUOTE = 500
_AROUND = 80
_CONTEXT_WORDS = 4
_MOST_GAPS = 50
_WORD = re.compile(r"\w+(?:[./-]\w+)*|[^\w\s]")


@dataclass(frozen=True)
class Anchor:
    """``before`` and ``after`` are what stood around ``quote``, which began at ``position``."""

    quote: str
    before: str
    after: str
    position: int


@dataclass(frozen=True)
class Place:
    """Offsets in the present text; ``changed``: other words stand there now."""

    start: int
    end: int
    changed: bool = False


def anchor_at(text: str, start: int, end: int) -> Anchor:
    """What to remember of ``text[start:end]``."""
    before = text[max(0, start - _AROUND) : start]
    return Anchor(text[start:end], before, text[end : end + _AROUND], start)


def find(anchor: Anchor, text: str) -> Place | None:
    """The passage in ``text``, or None when it is lost."""
    there, quote = _words(text), [key for key, _s, _e in _words(anchor.quote)]
    if not quote:
        return None
    keys = [key for key, _s, _e in there]
    around = (
        [key for key, _s, _e in _words(anchor.before)],
        [key for key, _s, _e in _words(anchor.after)],
    )

    def fits(place: int) -> tuple[int, int]:
        """Words around it that are the same, then how near it is."""
        alike = _alike_around(keys, place, place + len(quote), around)
        return alike, -abs(there[place][1] - anchor.position)

    gap, around_gap = _gap(there, around, len(quote), anchor.position)
    best = max(_occurrences(keys, quote), key=fits, default=None)
    if best is None or fits(best)[0] < around_gap:
        return gap
    return Place(there[best][1], there[best + len(quote) - 1][2])


def find_quote(quote: str, text: str, near: int = 0) -> Place | None:
    """The same words in ``text``, the occurrence that begins nearest to ``near``."""
    return find(Anchor(quote, "", "", near), text) if quote.strip() else None


Found = tuple[str, int, int]
Around = tuple[Sequence[str], Sequence[str]]
"""The words before and after."""


@lru_cache(maxsize=32)
def _words(text: str) -> list[Found]:
    """Each word as it is compared, with its start and end."""
    return [(same_spelling(m[0]), m.start(), m.end()) for m in _WORD.finditer(text)]


def _occurrences(keys: Sequence[str], quote: Sequence[str]) -> Iterator[int]:
    size, first = len(quote), quote[0]
    for place in range(len(keys) - size + 1):
        if keys[place] == first and keys[place : place + size] == list(quote):
            yield place


def _alike_around(keys: Sequence[str], start: int, end: int, around: Around) -> int:
    before, after = around
    left = _alike(before[::-1], keys[max(0, start - len(before)) : start][::-1])
    return left + _alike(after, keys[end : end + len(after)])


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def _gap(
    there: Sequence[Found], around: Around, size: int, position: int
) -> tuple[Place | None, int]:
    """What stands between the same neighbours, when it is not much longer than the passage was,
    and how many of them are the same. None when nothing stands there any more.

    Where several places have such neighbours, that with most of them, then the nearest.
    """
    before, after = around[0][-_CONTEXT_WORDS:], around[1][:_CONTEXT_WORDS]
    if len(before) < 2 or len(after) < 2:
        return None, 0
    keys = [key for key, _s, _e in there]
    begins = (left + len(before) for left in _occurrences(keys, before))
    within = [begin for begin in begins if begin < len(there)]
    within.sort(key=lambda begin: abs(there[begin][1] - position))
    gaps = []
    for begin in within[:_MOST_GAPS]:
        window = keys[begin : begin + 3 * size + 20 + len(after)]
        right = next(_occurrences(window, after), None)
        if right is not None:
            gaps.append((begin, begin + right))
    if not gaps:
        return None, 0
    rated = [(_alike_around(keys, begin, end, around), begin, end) for begin, end in gaps]
    alike, begin, end = max(rated, key=lambda one: one[0])
    if begin == end:
        return None, alike  # the passage was taken out
    return Place(there[begin][1], there[end - 1][2], changed=True), alike
