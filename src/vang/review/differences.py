"""What changed between two texts, paragraph beside paragraph and word by word. Pure.

Words are compared after NFC and wherever the tone mark stands ("hòa" is "hoà", but that it was
written otherwise is told); spaces are not compared. Paragraphs are aligned first, so that a moved
one is seen as moved, and so that a text of 50,000 characters takes a moment and not a minute.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from vang.review.shortest import Step, steps
from vang.review.tones import same_spelling

_WORDS = re.compile(r"\w+(?:[./-]\w+)*|[^\w\s]")
_LINES = re.compile(r"\n+")
_ALIKE = 0.4  # of their words in common: the same paragraph, edited
_MOST_PAIRS = 10_000
_MOST_WORD_PAIRS = 250_000
_ENDS = frozenset(".!?…;")
_SHORTEST_SENTENCE = 4
_MOVED_WORDS = 4  # a shorter paragraph is rather written twice than moved


class Kind(StrEnum):
    """What became of words, or of a paragraph."""

    SAME = "same"
    RESPELLED = "respelled"
    """The same syllable with the tone mark elsewhere."""
    REMOVED = "removed"
    ADDED = "added"
    CHANGED = "changed"
    """Of a paragraph: some of its words."""
    MOVED_AWAY = "moved_away"
    MOVED_HERE = "moved_here"


_NO_CHANGE = frozenset({Kind.SAME, Kind.RESPELLED, Kind.MOVED_AWAY})
"""A moved paragraph counts where it came to."""


@dataclass(frozen=True)
class Run:
    """Words of one kind with the spaces before them, as written."""

    kind: Kind
    text: str

    @property
    def body(self) -> str:
        return self.text.lstrip()

    @property
    def lead(self) -> str:
        """The space before the words: not to be marked with them."""
        return self.text[: len(self.text) - len(self.body)]


@dataclass(frozen=True)
class Row:
    """One paragraph of each side; the runs of a side joined give the paragraph as written.

    ``before`` and ``after`` count paragraphs from 1; 0 where there is none. Of a moved one,
    ``other`` is its number on the other side.
    """

    kind: Kind
    left: tuple[Run, ...]
    right: tuple[Run, ...]
    before: int
    after: int
    other: int = 0


@dataclass(frozen=True)
class Word:
    """``key`` is compared; ``gap`` is the space before it."""

    gap: str
    text: str
    key: str

    @property
    def written(self) -> str:
        return self.gap + self.text


NO_WORD = Word("", "", "")


@dataclass(frozen=True)
class Told:
    """What became of one word; on the side where it is not, there is no word."""

    kind: Kind
    old: Word
    new: Word


def paragraphs(text: str) -> list[str]:
    """The paragraphs in NFC, without the line breaks between them and the space around them."""
    parts = _LINES.split(unicodedata.normalize("NFC", text))
    return [part.strip() for part in parts if part.strip()]


def words(text: str) -> list[Word]:
    """Every word and sign of a paragraph."""
    found: list[Word] = []
    at = 0
    for match in _WORDS.finditer(text):
        found.append(Word(text[at : match.start()], match[0], same_spelling(match[0])))
        at = match.end()
    return found


def compare(before: str, after: str) -> list[Row]:
    """The two texts beside each other, in reading order."""
    old, new = paragraphs(before), paragraphs(after)
    old_words, new_words = [words(p) for p in old], [words(p) for p in new]
    pairs = _aligned([_key(w) for w in old_words], [_key(w) for w in new_words])
    pairs = _paired(pairs, old_words, new_words)
    return _with_moves([_row(pair, old_words, new_words) for pair in pairs], old_words, new_words)


def word_runs(before: str, after: str) -> list[Run]:
    """Both in one line, such as two titles: what goes stands before what comes."""
    told = _told_of(*(words(" ".join(paragraphs(text))) for text in (before, after)))
    newer = [(t.kind, t.old.written if t.kind is Kind.REMOVED else t.new.written) for t in told]
    return _together(newer)


def count_changes(rows: Sequence[Row]) -> int:
    """How many paragraphs differ."""
    return sum(row.kind not in _NO_CHANGE for row in rows)


Pair = tuple[int | None, int | None]


def _key(found: Sequence[Word]) -> str:
    return " ".join(word.key for word in found)


def _aligned(old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    pairs: list[Pair] = []
    i = j = 0
    for step in steps(old, new):
        if step is Step.KEEP:
            pairs.append((i, j))
        elif step is Step.REMOVE:
            pairs.append((i, None))
        else:
            pairs.append((None, j))
        i += step is not Step.ADD
        j += step is not Step.REMOVE
    return pairs


def _paired(
    pairs: Sequence[Pair], old: Sequence[Sequence[Word]], new: Sequence[Sequence[Word]]
) -> list[Pair]:
    """Between paragraphs that stayed: what was edited stands beside what it became."""
    result: list[Pair] = []
    left: list[int] = []
    right: list[int] = []
    for one, other in [*pairs, (None, None)]:
        if one is not None and other is None:
            left.append(one)
        elif other is not None and one is None:
            right.append(other)
        else:
            result += _matched(left, right, old, new)
            left, right = [], []
            if one is not None:
                result.append((one, other))
    return result


def _matched(
    left: Sequence[int],
    right: Sequence[int],
    old: Sequence[Sequence[Word]],
    new: Sequence[Sequence[Word]],
) -> Iterator[Pair]:
    """Pairs in order; each paragraph on the left with the next one on the right that is alike."""
    small = len(left) * len(right) <= _MOST_PAIRS
    counted = {place: Counter(w.key for w in new[right[place]]) for place in range(len(right))}
    begin = 0
    for one in left:
        mine = Counter(w.key for w in old[one])
        last = len(right) if small else min(begin + 1, len(right))
        places = (n for n in range(begin, last) if _alike(mine, counted[n]))
        found = next(places, None)
        if found is None:
            yield one, None
            continue
        for skipped in right[begin:found]:
            yield None, skipped
        yield one, right[found]
        begin = found + 1
    for rest in right[begin:]:
        yield None, rest


def _alike(one: Counter[str], other: Counter[str]) -> bool:
    fewer, more = sorted((one.total(), other.total()))
    return fewer >= _ALIKE * more and (one & other).total() >= _ALIKE * more > 0


def _row(pair: Pair, old: Sequence[Sequence[Word]], new: Sequence[Sequence[Word]]) -> Row:
    one, other = pair
    if other is None:
        assert one is not None  # noqa: S101 - a pair has a side
        return Row(Kind.REMOVED, _whole(old[one], Kind.REMOVED), (), one + 1, 0)
    if one is None:
        return Row(Kind.ADDED, (), _whole(new[other], Kind.ADDED), 0, other + 1)
    told = _told_of(old[one], new[other])
    left = _together([(t.kind, t.old.written) for t in told if t.kind is not Kind.ADDED])
    right = _together([(t.kind, t.new.written) for t in told if t.kind is not Kind.REMOVED])
    return Row(_kind_of(told), tuple(left), tuple(right), one + 1, other + 1)


def _kind_of(told: Sequence[Told]) -> Kind:
    kinds = {one.kind for one in told}
    if kinds <= {Kind.SAME}:
        return Kind.SAME
    return Kind.RESPELLED if kinds <= {Kind.SAME, Kind.RESPELLED} else Kind.CHANGED


def _whole(found: Sequence[Word], kind: Kind) -> tuple[Run, ...]:
    return (Run(kind, "".join(word.written for word in found)),)


def _told_of(old: Sequence[Word], new: Sequence[Word]) -> list[Told]:
    """Word by word; a very long paragraph first sentence by sentence."""
    if len(old) * len(new) <= _MOST_WORD_PAIRS:
        return _told(old, new)
    before, after = _sentences(old), _sentences(new)
    pairs = _paired(_aligned([_key(s) for s in before], [_key(s) for s in after]), before, after)
    told: list[Told] = []
    for one, other in pairs:
        told += _told(() if one is None else before[one], () if other is None else after[other])
    return told


def _sentences(found: Sequence[Word]) -> list[list[Word]]:
    parts: list[list[Word]] = [[]]
    for word in found:
        parts[-1].append(word)
        if word.text in _ENDS and len(parts[-1]) >= _SHORTEST_SENTENCE:
            parts.append([])
    return [part for part in parts if part]


def _told(old: Sequence[Word], new: Sequence[Word]) -> list[Told]:
    told: list[Told] = []
    i = j = 0
    for step in steps([w.key for w in old], [w.key for w in new]):
        if step is Step.REMOVE:
            told.append(Told(Kind.REMOVED, old[i], NO_WORD))
        elif step is Step.ADD:
            told.append(Told(Kind.ADDED, NO_WORD, new[j]))
        else:
            kind = Kind.SAME if old[i].text == new[j].text else Kind.RESPELLED
            told.append(Told(kind, old[i], new[j]))
        i += step is not Step.ADD
        j += step is not Step.REMOVE
    return told


def _together(told: Sequence[tuple[Kind, str]]) -> list[Run]:
    """Words of one kind in one run; within a change, what goes stands before what comes."""
    runs: list[tuple[Kind, list[str]]] = []
    gone: list[str] = []
    come: list[str] = []
    for kind, text in [*told, (Kind.SAME, "")]:
        if kind is Kind.REMOVED:
            gone.append(text)
        elif kind is Kind.ADDED:
            come.append(text)
        else:
            runs += [(Kind.REMOVED, gone)] if gone else []
            runs += [(Kind.ADDED, come)] if come else []
            gone, come = [], []
            if not runs or runs[-1][0] is not kind:
                runs.append((kind, []))
            runs[-1][1].append(text)
    whole = [Run(kind, "".join(texts)) for kind, texts in runs]
    return [run for run in whole if run.text]


def _with_moves(
    rows: Sequence[Row], old: Sequence[Sequence[Word]], new: Sequence[Sequence[Word]]
) -> list[Row]:
    """A paragraph that left one place and came to another, word for word, was moved."""
    come: dict[str, list[int]] = {}
    for row in rows:
        if row.kind is Kind.ADDED and len(new[row.after - 1]) >= _MOVED_WORDS:
            come.setdefault(_key(new[row.after - 1]), []).append(row.after)
    moved: dict[int, int] = {}
    for row in rows:
        if row.kind is Kind.REMOVED and (places := come.get(_key(old[row.before - 1]))):
            moved[row.before] = places.pop(0)
    back = {after: before for before, after in moved.items()}
    return [_moved(row, moved, back) for row in rows]


def _moved(row: Row, moved: dict[int, int], back: dict[int, int]) -> Row:
    if row.kind is Kind.REMOVED and row.before in moved:
        left = tuple(Run(Kind.SAME, run.text) for run in row.left)
        return Row(Kind.MOVED_AWAY, left, (), row.before, 0, moved[row.before])
    if row.kind is Kind.ADDED and row.after in back:
        right = tuple(Run(Kind.SAME, run.text) for run in row.right)
        return Row(Kind.MOVED_HERE, (), right, 0, row.after, back[row.after])
    return row
