"""Names of the letters, for what is spelt aloud."""

import unicodedata
from typing import Final

_NAMES: Final = {
    "a": "a", "ă": "á", "â": "ớ", "b": "bê", "c": "xê", "d": "dê", "đ": "đê", "e": "e",
    "ê": "ê", "f": "ép", "g": "gờ", "h": "hát", "i": "i", "j": "gi", "k": "ca", "l": "lờ",
    "m": "mờ", "n": "nờ", "o": "o", "ô": "ô", "ơ": "ơ", "p": "pê", "q": "quy", "r": "rờ",
    "s": "ét", "t": "tê", "u": "u", "ư": "ư", "v": "vê", "w": "vê kép", "x": "ích", "y": "y",
    "z": "dét",
}  # fmt: skip


def letter_name(letter: str) -> str:
    """The name of one letter of either case ("b" is "bê"); other letters stay as they are."""
    return _NAMES.get(letter.lower(), letter.lower())


def spell(word: str) -> str:
    """Every letter of the word by name; marks of tone are dropped first."""
    return " ".join(letter_name(c) for c in toneless(word) if c.isalpha())


_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")


def toneless(word: str) -> str:
    """The word without tone marks, other marks (ă â ê ô ơ ư đ) kept."""
    decomposed = unicodedata.normalize("NFD", word)
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in _TONES))
