"""Where what was heard differs from what was to be said: word by word. Pure.

Both sides are brought to one spelling first, so that neither the place of a tone mark ("hoà",
"hòa") nor a habit of speech ("linh" for "lẻ", "ngàn" for "nghìn") counts as a difference. Words
that sound nearly alike are told apart from words that differ: the recogniser confuses them.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from vang.base.text import fold
from vang.voice.hearing import Heard
from vang.voice.intelligibility import spoken_words

MOST_WORDS = 4_000
"""Words on either side beyond which nothing is compared: half an hour of speech."""

_SHORT_Y = re.compile(r"(?<=\A[hklmst])y")
_WORD = re.compile(r"[^\W_]+")
_HABITS = {
    "linh": "lẻ",
    "ngàn": "nghìn",
    "bẩy": "bảy",
    "tỉ": "tỷ",
    "nhăm": "lăm",
    "rưởi": "rưỡi",
    "dô": "vô",
}
_COUNTED = (
    "không một hai ba bốn năm sáu bảy tám chín mười mươi mốt tư lăm lẻ trăm nghìn triệu tỷ phẩy"
)
_MEASURED = "giờ phút ngày tháng thứ phần"
_FIGURES = frozenset({*_COUNTED.split(), *_MEASURED.split()})
_SOUNDS_ALIKE = (
    (r"\A(?:gi|r|d)", "z"),
    (r"\A(?:tr|ch)", "c"),
    (r"\A(?:s|x)", "x"),
    (r"\A(?:l|n)(?!g|h)", "n"),
    (r"\A(?:qu|k|c(?!h))", "k"),
    (r"\Angh", "ng"),
    (r"(?:ng|nh|n)\Z", "n"),
    (r"(?:ch|c|t)\Z", "t"),
    (r"y", "i"),
)
_MISSED, _ADDED, _NEAR, _OTHER = 0.8, 0.8, 0.4, 1.0


class Kind(StrEnum):
    """How a stretch of the text and of the sound agree."""

    SAME = "same"
    NEAR = "near"
    OTHER = "other"
    MISSING = "missing"
    ADDED = "added"


@dataclass(frozen=True)
class Stretch:
    """Neighbouring words that agree or differ in one way.

    ``at_ms`` is about where it is in the sound. ``figures``: a number, an hour or a day is
    concerned, where a difference does most harm.
    """

    kind: Kind
    said: str
    heard: str
    at_ms: int

    @property
    def figures(self) -> bool:
        words = {_one_spelling(word) for word in words_of(f"{self.said} {self.heard}")}
        return not words.isdisjoint(_FIGURES)


@dataclass(frozen=True)
class Comparison:
    """All stretches in their order, and how many of the words to be said were heard."""

    stretches: tuple[Stretch, ...]
    words: int
    matched: int

    @property
    def percent(self) -> int:
        return 100 * self.matched // self.words if self.words else 0

    @property
    def differences(self) -> list[Stretch]:
        """Those worth listening to: other words, missing and added ones; figures first."""
        found = [s for s in self.stretches if s.kind not in {Kind.SAME, Kind.NEAR}]
        return sorted(found, key=lambda s: not s.figures)


def compare_heard(said: str, heard: Sequence[Heard]) -> Comparison | None:
    """``said`` is speakable text. None when there is too much of it to be compared."""
    wanted, got = words_of(said), list(_timed_words(heard))
    if max(len(wanted), len(got)) > MOST_WORDS:
        return None
    pairs = _aligned([_one_spelling(w) for w in wanted], [_one_spelling(w) for w, _ in got])
    stretches = tuple(_stretches(wanted, got, pairs))
    matched = sum(len(s.said.split()) for s in stretches if s.kind in {Kind.SAME, Kind.NEAR})
    return Comparison(stretches, len(wanted), matched)


def words_of(text: str) -> list[str]:
    """The words of a text as they are written, without punctuation."""
    return _WORD.findall(unicodedata.normalize("NFC", text))


def sounds_like(word: str) -> str:
    """A key that words share which recognisers (and dialects) confuse: no tones, few consonants."""
    key = fold(word)
    for pattern, sign in _SOUNDS_ALIKE:
        key = re.sub(pattern, sign, key)
    return key


Pair = tuple[int | None, int | None, Kind]


def _one_spelling(word: str) -> str:
    word = spoken_words(word)[0]
    word = _HABITS.get(word, word)
    if len(word) > 3:
        return word
    return unicodedata.normalize("NFC", _SHORT_Y.sub("i", unicodedata.normalize("NFD", word)))


def _timed_words(heard: Sequence[Heard]) -> Iterator[tuple[str, int]]:
    """Each heard word with about where it is (ms)."""
    for part in heard:
        words = words_of(part.words)
        for place, word in enumerate(words):
            yield word, part.from_ms + (part.to_ms - part.from_ms) * place // len(words)


def _aligned(wanted: Sequence[str], got: Sequence[str]) -> list[Pair]:
    """The cheapest alignment (Levenshtein with the costs above), in order."""
    table = _costs(wanted, got)
    pairs: list[Pair] = []
    i, j = len(wanted), len(got)
    while i or j:
        kind = _kind(wanted[i - 1], got[j - 1]) if i and j else Kind.OTHER
        if i and j and np.isclose(table[i, j], table[i - 1, j - 1] + _COST[kind], atol=1e-3):
            i, j = i - 1, j - 1
            pairs.append((i, j, kind))
        elif i and np.isclose(table[i, j], table[i - 1, j] + _MISSED, atol=1e-3):
            i -= 1
            pairs.append((i, None, Kind.MISSING))
        else:
            j -= 1
            pairs.append((None, j, Kind.ADDED))
    return pairs[::-1]


def _costs(wanted: Sequence[str], got: Sequence[str]) -> NDArray[np.float32]:
    """Row by row; a row depends on itself only through the running minimum of added words."""
    keys: dict[str, int] = {}
    number = [keys.setdefault(w, len(keys)) for w in (*wanted, *got)]
    alike: dict[str, int] = {}
    sound = [alike.setdefault(sounds_like(w), len(alike)) for w in (*wanted, *got)]
    got_number = np.array(number[len(wanted) :], dtype=np.int64)
    got_sound = np.array(sound[len(wanted) :], dtype=np.int64)
    added = (np.arange(len(got) + 1) * _ADDED).astype(np.float32)
    table = np.empty((len(wanted) + 1, len(got) + 1), np.float32)
    table[0] = added
    for i in range(len(wanted)):
        change = np.where(got_sound == sound[i], _NEAR, _OTHER)
        change = np.where(got_number == number[i], 0.0, change).astype(np.float32)
        row = table[i] + np.float32(_MISSED)
        row[1:] = np.minimum(row[1:], table[i, :-1] + change)
        table[i + 1] = np.minimum.accumulate(row - added) + added
    return table


def _kind(said: str, heard: str) -> Kind:
    if said == heard:
        return Kind.SAME
    return Kind.NEAR if sounds_like(said) == sounds_like(heard) else Kind.OTHER


_COST = {Kind.SAME: 0.0, Kind.NEAR: _NEAR, Kind.OTHER: _OTHER}


def _stretches(
    wanted: Sequence[str], got: Sequence[tuple[str, int]], pairs: Sequence[Pair]
) -> Iterator[Stretch]:
    """Neighbours of one kind together; what differs next to each other is one difference."""
    at_ms = 0
    for group, members in groupby(pairs, key=lambda pair: _group(pair[2])):
        of_group = list(members)
        said = [wanted[i] for i, _, _ in of_group if i is not None]
        heard = [got[j] for _, j, _ in of_group if j is not None]
        begins = heard[0][1] if heard else at_ms
        at_ms = heard[-1][1] if heard else at_ms
        kind = group
        if group == Kind.OTHER:
            kind = Kind.MISSING if not heard else Kind.ADDED if not said else Kind.OTHER
        yield Stretch(kind, " ".join(said), " ".join(word for word, _ in heard), begins)


def _group(kind: Kind) -> Kind:
    return kind if kind in {Kind.SAME, Kind.NEAR} else Kind.OTHER
