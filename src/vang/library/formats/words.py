"""Words on a page with their place, in points from the upper left corner. Pure."""

from dataclasses import dataclass, field
from functools import cached_property

_LINE_TO_EM = 1.15


@dataclass(frozen=True, slots=True)
class Word:
    """``base`` is the baseline; ``height`` the line's height for this font."""

    text: str
    left: float
    right: float
    base: float
    height: float
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A drawn line or a thin box."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def upright(self) -> bool:
        return self.bottom - self.top > self.right - self.left


@dataclass(frozen=True)
class PageWords:
    """One page. ``picture`` is the share of it that pictures cover, 0 to 1."""

    number: int
    width: float
    height: float
    words: list[Word]
    rules: list[Rule] = field(default_factory=list)
    picture: float = 0.0
    unseen: int = 0
    """Letters of an invisible layer, as text recognition puts over a scan."""


@dataclass
class Row:
    """Words on one baseline, from left to right."""

    words: list[Word]

    @cached_property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def left(self) -> float:
        return self.words[0].left

    @property
    def right(self) -> float:
        return max(word.right for word in self.words)

    @cached_property
    def base(self) -> float:
        longest = max(self.words, key=lambda word: len(word.text))
        return longest.base

    @cached_property
    def height(self) -> float:
        return max(word.height for word in self.words)

    @property
    def em(self) -> float:
        return self.height / _LINE_TO_EM

    @property
    def bold(self) -> bool:
        return all(word.bold for word in self.words)

    @property
    def centre(self) -> float:
        return (self.left + self.right) / 2


def rows_of(words: list[Word]) -> list[Row]:
    """Words grouped by baseline, from top to bottom; raised and lowered signs join their line."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (word.base, word.left)):
        last = rows[-1] if rows else None
        if last and word.base - last[0].base < 0.4 * min(word.height, last[0].height):
            last.append(word)
        else:
            rows.append([word])
    return [Row(_once(sorted(row, key=lambda word: (word.left, -word.right)))) for row in rows]


def _once(words: list[Word]) -> list[Word]:
    """Without what was printed twice on one place, as some programs make letters bold."""
    kept: list[Word] = []
    for word in words:
        last = kept[-1] if kept else None
        if last and word.right <= last.right + 1.5 and word.text in last.text:
            continue
        kept.append(word)
    return kept
