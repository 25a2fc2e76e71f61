"""How much of a sound an offline recogniser understands: a measure, not a matter of taste.

The recogniser (``viet-asr``) carries its model and asks nobody outside.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from vang.voice.failures import EngineMissing
from vang.voice.filters import filtered
from vang.voice.sound import Chunk

_RATE = 16_000
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


class Recogniser:
    """viet-asr with the model that its package holds."""

    def __init__(self) -> None:
        """Raises EngineMissing when the recogniser is not installed."""
        try:
            import vietasr  # noqa: PLC0415 (optional, and loads 70 MB)
        except ImportError:
            raise EngineMissing("the recogniser viet-asr is not installed") from None
        self._pipeline: Any = vietasr.Pipeline.preset("transcribe")

    def hear(self, chunks: Iterable[Chunk]) -> str:
        """The words in a sound at 48 kHz, without punctuation; numbers as words."""
        samples = np.concatenate(list(filtered(chunks, [("aresample", str(_RATE))])))
        whole = (samples.clip(-1, 1) * 32767).astype(np.int16)
        return str(self._pipeline.transcribe(whole, sample_rate=float(_RATE)).text)


def _distance(wanted: Sequence[str], got: Sequence[str]) -> int:
    """Levenshtein distance over words."""
    row = list(range(len(got) + 1))
    for i, word in enumerate(wanted, start=1):
        before, row[0] = row[0], i
        for j, other in enumerate(got, start=1):
            cheapest = min(row[j] + 1, row[j - 1] + 1, before + (word != other))
            before, row[j] = row[j], cheapest
    return row[-1]
