"""The passage of a text in which the words typed stand, cut at these words. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from vang.base.text import fold
from vang.search.tokens import Term, Wanted, words_in

AROUND = 60
LENGTH = 180


@dataclass(frozen=True)
class Part:
    """A piece of text; ``hit`` when it is one of the words looked for."""

    text: str
    hit: bool = False


def marked(text: str, asking: Wanted) -> list[Part]:
    """The whole text, cut at the hits."""
    return list(_parts(text, _spans(text, asking)))


def quoted(text: str, asking: Wanted) -> list[Part]:
    """About two lines around the first hit; the beginning when there is none."""
    line = " ".join(text.split())
    spans = _spans(line, asking)
    first = spans[0][0] if spans else 0
    begins = _word_start(line, max(0, first - AROUND)) if first > AROUND else 0
    piece = line[begins : begins + LENGTH]
    parts = list(_parts(piece, _spans(piece, asking)))
    if begins:
        parts.insert(0, Part("… "))
    if begins + LENGTH < len(line):
        parts.append(Part(" …"))
    return parts


def _word_start(line: str, at: int) -> int:
    space = line.find(" ", at)
    return space + 1 if 0 <= space < at + 20 else at


def _spans(text: str, asking: Wanted) -> list[tuple[int, int]]:
    """Where words of the text are looked for: those with the very marks, else any."""
    terms = asking.exact or asking.plain
    exact = _found(text, terms, folded=False) if asking.exact else []
    return exact or _found(text, asking.plain, folded=True)


def _found(text: str, terms: tuple[Term, ...], *, folded: bool) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    at = 0
    lower = text.lower()
    if len(lower) != len(text):  # letters that grow when lowered: rather no mark than a wrong one
        return []
    for word in words_in(text):
        at = lower.find(word, at)
        if at < 0:
            return spans  # the text is not NFC: what follows cannot be placed
        heard = fold(word) if folded else word
        if any(heard == t.word or (t.begins and heard.startswith(t.word)) for t in terms):
            spans.append((at, at + len(word)))
        at += len(word)
    return spans


def _parts(text: str, spans: list[tuple[int, int]]) -> Iterator[Part]:
    at = 0
    for begins, ends in spans:
        if begins > at:
            yield Part(text[at:begins])
        yield Part(text[begins:ends], hit=True)
        at = ends
    if at < len(text):
        yield Part(text[at:])
