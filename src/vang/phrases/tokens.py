"""Spoken text as tokens: words in small letters, and the marks at which a voice pauses. Pure."""

import re
import unicodedata

Tokens = tuple[str, ...]

_LINE_END = "⏎"
MARKS = frozenset(",.;:!?\n")
_TOKEN = re.compile(r"[^\W_]+|[,.;:!?\n]")


def tokens_of(speakable: str) -> Tokens:
    """Words and marks of speakable text; a line end is a mark, a blank line two."""
    text = unicodedata.normalize("NFC", speakable.strip())
    return tuple(_TOKEN.findall(text.lower()))


def words_only(tokens: Tokens) -> Tokens:
    return tuple(token for token in tokens if token not in MARKS)


def key_of(speakable: str) -> str:
    """What names a phrase in the bank: its words, with the marks inside but not at its ends."""
    tokens = list(tokens_of(speakable))
    while tokens and tokens[0] in MARKS:
        tokens.pop(0)
    while tokens and tokens[-1] in MARKS:
        tokens.pop()
    return " ".join(_LINE_END if one == "\n" else one for one in tokens)


def tokens_of_key(key: str) -> Tokens:
    return tuple("\n" if one == _LINE_END else one for one in key.split(" ")) if key else ()
