"""A spoken text laid out in recorded phrases: as few joins as possible. Pure."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from vang.phrases.tokens import MARKS, Tokens, tokens_of_key

JOIN_MS = 20
_PAUSES_MS = {",": 220, ";": 320, ":": 320, ".": 480, "!": 480, "?": 480, "\n": 620}
_BLOCK_MS = 900
_MISSING_COSTS = 1_000


@dataclass(frozen=True)
class Placed:
    """One phrase in its place and the pause (ms) after it; ``recorded``: the bank has it."""

    key: str
    pause_ms: int
    recorded: bool = True


def covered(tokens: Tokens, bank: Collection[str]) -> list[Placed]:
    """The text in phrases, longest first where it pays; words that no phrase has stand alone.

    The words of the result, in order, are exactly the words of the text.
    """
    phrases = _by_first_word(bank)
    costs = _costs_to_end(tokens, phrases)
    return list(_walk(tokens, phrases, costs))


def missing(tokens: Tokens, bank: Collection[str]) -> list[str]:
    """What is to be recorded before the text can be put together: runs of words, once each."""
    found: list[str] = []
    run: list[str] = []
    for placed in covered(tokens, bank):
        if placed.recorded:
            run = _closed(run, found)
        else:
            run.append(placed.key)
            if placed.pause_ms > JOIN_MS:
                run = _closed(run, found)
    _closed(run, found)
    return list(dict.fromkeys(found))


def _closed(run: list[str], found: list[str]) -> list[str]:
    if run:
        found.append(" ".join(run))
    return []


_Phrases = dict[str, list[tuple[Tokens, str]]]


def _by_first_word(bank: Collection[str]) -> _Phrases:
    phrases: _Phrases = {}
    for key in bank:
        tokens = tokens_of_key(key)
        if tokens:
            phrases.setdefault(tokens[0], []).append((tokens, key))
    return phrases


def _costs_to_end(tokens: Tokens, phrases: _Phrases) -> list[int]:
    """The fewest phrases from each place to the end; a word without one costs a thousand."""
    costs = [0] * (len(tokens) + 1)
    for at in range(len(tokens) - 1, -1, -1):
        if tokens[at] in MARKS:
            costs[at] = costs[at + 1]
        else:
            steps = [costs[at + length] + 1 for length, _ in _fitting(tokens, at, phrases)]
            costs[at] = min([*steps, costs[at + 1] + _MISSING_COSTS])
    return costs


def _fitting(tokens: Tokens, at: int, phrases: _Phrases) -> Iterator[tuple[int, str]]:
    for phrase, key in phrases.get(tokens[at], ()):
        if tokens[at : at + len(phrase)] == phrase:
            yield len(phrase), key


def _walk(tokens: Tokens, phrases: _Phrases, costs: list[int]) -> Iterator[Placed]:
    at = 0
    while at < len(tokens):
        if tokens[at] in MARKS:  # only before the first word: later ones end a phrase
            at += 1
            continue
        best = [
            (length, key)
            for length, key in _fitting(tokens, at, phrases)
            if costs[at + length] + 1 == costs[at]
        ]
        length, key = max(best, default=(1, tokens[at]))
        at += length
        marks = at
        while marks < len(tokens) and tokens[marks] in MARKS:
            marks += 1
        yield Placed(key, _pause(tokens[at:marks], last=marks == len(tokens)), bool(best))
        at = marks


def _pause(marks: Tokens, *, last: bool) -> int:
    if last:
        return 0
    if marks.count("\n") > 1:
        return _BLOCK_MS
    return max((_PAUSES_MS[mark] for mark in marks), default=JOIN_MS)
