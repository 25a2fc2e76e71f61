"""How much of a sound an offline recogniser understands: a measure, not a matter of taste."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_NOT_WORDS = re.compile(r"[^\w]+")
# Both places of the tone mark are correct spelling: hóa and hoá, thủy and thuỷ.
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_OLD_STYLE = re.compile(rf"(o(?=.[ae])|u(?=.y))([{_TONES}])([aey])\b")


@dataclass(frozen=True)
class WordErrors:
    """Words misheard, left out or added, of the words that were said."""

    errors: int
    words: int

    @property
    def rate(self) -> float:
        """Word error rate; above 1 when more was heard than said."""
        return self.errors / self.words

    def __add__(self, other: "WordErrors") -> "WordErrors":
        return WordErrors(self.errors + other.errors, self.words + other.words)


def compare(said: str, heard: str) -> WordErrors:
    """Count the word errors between what was said and what was heard."""
    wanted, got = spoken_words(said), spoken_words(heard)
    return WordErrors(_distance(wanted, got), len(wanted))


def spoken_words(text: str) -> list[str]:
    """Lower-case words without punctuation, one spelling for each syllable."""
    decomposed = unicodedata.normalize("NFD", text.lower())
    one_style = _OLD_STYLE.sub(r"\1\3\2", decomposed)
    return _NOT_WORDS.sub(" ", unicodedata.normalize("NFC", one_style)).split()


def _distance(wanted: Sequence[str], got: Sequence[str]) -> int:
    """Levenshtein distance over words."""
    row = list(range(len(got) + 1))
    for i, word in enumerate(wanted, start=1):
        before, row[0] = row[0], i
        for j, other in enumerate(got, start=1):
            cheapest = min(row[j] + 1, row[j - 1] + 1, before + (word != other))
            before, row[j] = row[j], cheapest
    return row[-1]
