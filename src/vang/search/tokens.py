"""Words as they are stored and asked for. Pure.

A word is found without its marks ("que son" finds Quế Sơn); a word typed with marks prefers what
bears exactly these. Both stand in one list of words: the unmarked words first, then those that
have marks, as they are. The two never meet, since an unmarked word has no marks.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from vang.base.text import fold

MOST_TERMS = 8
LONGEST = 60
TEXT_INDEXED = 20_000
TEXT_KEPT = 4_000
_WORD = re.compile(r"[^\W_]+")


def words_in(text: str) -> Iterator[str]:
    """The words of a text as they stand, lower case, NFC: letters and digits only."""
    for found in _WORD.finditer(unicodedata.normalize("NFC", text).lower()):
        yield found[0][:LONGEST]


@lru_cache(maxsize=30_000)
def _folded(word: str) -> str:
    """Vietnamese has some seven thousand syllables: most words of a text are met again."""
    return fold(word)


def document(title: str, text: str, scope: Iterable[str]) -> str:
    """All that one entry is found by, as words with a blank between."""
    plain: list[str] = []
    marked: dict[str, None] = {}
    for word in words_in(f"{title}\n{text[:TEXT_INDEXED]}"):
        folded = _folded(word)
        plain.append(folded)
        if folded != word:
            marked[word] = None
    return " ".join([*scope, *plain, *marked])


@dataclass(frozen=True)
class Term:
    """One word that must occur; with ``begins`` any word that begins so.

    ``forms`` are the words that are asked for in its place, once it is known which there are.
    """

    word: str
    begins: bool = False
    forms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wanted:
    """What somebody typed: ``plain`` without marks; ``exact`` keeps them, and is empty when none
    were typed."""

    plain: tuple[Term, ...]
    exact: tuple[Term, ...]

    @property
    def empty(self) -> bool:
        return not self.plain


def wanted(typed: str) -> Wanted:
    """Every word must occur; the last one may still be unfinished."""
    found = list(words_in(typed))[:MOST_TERMS]
    folded = [fold(word) for word in found]
    exact = _terms(found) if folded != found else ()
    return Wanted(_terms(folded), exact)


def finished(terms: tuple[Term, ...], beginnings: Mapping[str, Sequence[str]]) -> tuple[Term, ...]:
    """The terms with the words that begin as the unfinished ones do."""
    return tuple(
        replace(term, forms=tuple(beginnings[term.word])) if term.begins else term for term in terms
    )


def _terms(words: list[str]) -> tuple[Term, ...]:
    last = len(words) - 1
    return tuple(Term(word, begins=n == last and len(word) > 1) for n, word in enumerate(words))
