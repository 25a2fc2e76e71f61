"""To whom a letter goes: after "Kính gửi", or "Điện:" in an urgent telegram. Pure."""

import re
from collections.abc import Iterator, Sequence

from vang.library.official.fields import Doubt, Field, Name
from vang.library.official.folding import flat, squeezed
from vang.library.official.pieces import Piece, Role

_FAR = 90
_MOST = 40
_LONGEST = 220
_WORD = re.compile(r"\W*(?:kinh\s*gui|dien)\s*[:;.]?\s*")
_DASH = re.compile(r"[-–+•]\s*(?=\S)")
_BETWEEN = re.compile(r"[;,.]?\s+[-–]\s+(?=[^\W\d_])")
_SENTENCE = re.compile(r"(?<=[.])\s+(?=[^\W\d_a-z])")


def addressee_fields(pieces: Sequence[Piece]) -> list[Field]:
    """On the line of the word, or one a line with a dash below it."""
    place = next((n for n, p in enumerate(pieces[:_FAR]) if p.role == Role.ADDRESS), None)
    if place is None:
        return []
    piece = pieces[place]
    found = _WORD.match(flat(piece.text))
    beside = _parted(piece.text[found.end() if found else 0 :])
    below = _below(pieces[place], pieces[place + 1 : place + _MOST], alone=not beside)
    return [_field(text, piece) for text in beside] + [_field(p.text, p) for p in below]


def _below(first: Piece, following: Sequence[Piece], *, alone: bool) -> Iterator[Piece]:
    """With nothing beside the word, the first line below it needs no dash."""
    for piece in following:
        marked = _DASH.match(piece.text) is not None
        if len(piece.text) > _LONGEST or not (marked or alone):
            # The second line of a long name adds nothing to it.
            if piece.side == first.side and piece.text[:1].islower() and len(piece.text) < _FAR:
                continue
            return
        alone = False
        yield piece


def _parted(text: str) -> list[str]:
    """ "- Sở Y tế; - Sở Nội vụ." on one line; what follows the first sentence is the letter."""
    head = _SENTENCE.split(text)[0] if len(text) > _LONGEST else text
    return [part for part in _BETWEEN.split(head.strip(" -–")) if part.strip(" -–.;")]


def _field(text: str, piece: Piece) -> Field:
    value = squeezed(_DASH.sub("", text, count=1)).strip(" -–•;.,:")
    sure = len(value) < _LONGEST - 70
    doubt = None if sure else Doubt.RUN_TOGETHER
    return Field(Name.ADDRESSEE, value, 0.9 if sure else 0.6, piece.text, piece.line, doubt)
