"""A spoken text laid out in recorded phrases: as few joins as possible. Pure."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from vang.phrases.tokens import MARKS, Tokens, tokens_of_key

JOIN_MS = 20
_PAUSES_MS = {",": 220, ";": 320, ":": 320, ".": 480, "!": 480, "?": 480, "\n": 620}
_BLOCK_MS = 900
_WANTED_COSTS = 100
_MISSING_COSTS = 1_000


@dataclass(frozen=True)
class Placed:
    """One phrase in its place and the pause (ms) after it; ``recorded``: the bank has it."""

    key: str
    pause_ms: int
    recorded: bool = True


def covered(tokens: Tokens, bank: Collection[str], wanted: Collection[str] = ()) -> list[Placed]:
    """The text in phrases, longest first where it pays; words that no phrase has stand alone.

    Phrases that are ``wanted`` but not in the bank are taken where nothing recorded says it.
    The words of the result, in order, are exactly the words of the text.
    """
    phrases = _by_first_word(bank, wanted)
    costs = _costs_to_end(tokens, phrases)
    return list(_walk(tokens, phrases, costs))


def missing(tokens: Tokens, bank: Collection[str], wanted: Collection[str] = ()) -> list[str]:
    """What is to be recorded before the text can be put together: phrases of the list, and runs
    of words that no list has, once each."""
    listed = frozenset(wanted)
    found: list[str] = []
    run: list[str] = []
    for placed in covered(tokens, bank, listed):
        if placed.recorded or placed.key in listed:
            run = _closed(run, found)
            found += [] if placed.recorded else [placed.key]
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


@dataclass(frozen=True)
class _Fit:
    key: str
    tokens: Tokens
    recorded: bool

    @property
    def cost(self) -> int:
        return 1 if self.recorded else _WANTED_COSTS


_Phrases = dict[str, list[_Fit]]


def _by_first_word(bank: Collection[str], wanted: Collection[str]) -> _Phrases:
    phrases: _Phrases = {}
    lists = [(key, True) for key in bank] + [(key, False) for key in wanted if key not in bank]
    for key, recorded in lists:
        if tokens := tokens_of_key(key):
            phrases.setdefault(tokens[0], []).append(_Fit(key, tokens, recorded))
    return phrases


def _costs_to_end(tokens: Tokens, phrases: _Phrases) -> list[int]:
    """The cheapest way from each place to the end: a recorded phrase costs 1, one to be recorded
    a hundred, a word without a phrase a thousand."""
    costs = [0] * (len(tokens) + 1)
    for at in range(len(tokens) - 1, -1, -1):
        if tokens[at] in MARKS:
            costs[at] = costs[at + 1]
        else:
            steps = [costs[at + len(f.tokens)] + f.cost for f in _fitting(tokens, at, phrases)]
            costs[at] = min([*steps, costs[at + 1] + _MISSING_COSTS])
    return costs


def _fitting(tokens: Tokens, at: int, phrases: _Phrases) -> Iterator[_Fit]:
    for fit in phrases.get(tokens[at], ()):
        if tokens[at : at + len(fit.tokens)] == fit.tokens:
            yield fit


def _walk(tokens: Tokens, phrases: _Phrases, costs: list[int]) -> Iterator[Placed]:
    at = 0
    while at < len(tokens):
        if tokens[at] in MARKS:  # only before the first word: later ones end a phrase
            at += 1
            continue
        best = max(
            (
                fit
                for fit in _fitting(tokens, at, phrases)
                if costs[at + len(fit.tokens)] + fit.cost == costs[at]
            ),
            key=lambda fit: (len(fit.tokens), fit.key),
            default=_Fit(tokens[at], tokens[at : at + 1], recorded=False),
        )
        at += len(best.tokens)
        marks = at
        while marks < len(tokens) and tokens[marks] in MARKS:
            marks += 1
        pause = _pause(tokens[at:marks], last=marks == len(tokens))
        yield Placed(best.key, pause, best.recorded)
        at = marks


def _pause(marks: Tokens, *, last: bool) -> int:
    if last:
        return 0
    if marks.count("\n") > 1:
        return _BLOCK_MS
    return max((_PAUSES_MS[mark] for mark in marks), default=JOIN_MS)
