"""Where Vietnamese writes its tone marks: "hòa" and "hoà" are the same syllable. Pure."""

import re
import unicodedata

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_END = r"(?![\w\u0300-\u036f])"
_ON_THE_SECOND = re.compile(
    rf"([oO])([aAeE])([{_TONES}]){_END}|(?<![qQ])([uU])([yY])([{_TONES}]){_END}"
)
_AFTER_Q = re.compile(rf"([qQ][uU])([{_TONES}])([yY]){_END}")


def same_spelling(word: str) -> str:
    """The word in NFC with its tone where most people write it: "hoà" → "hòa", "uỷ" → "ủy".

    Words that differ only in this are equal afterwards; everything else stays.
    """
    if word.isascii():
        return word
    apart = unicodedata.normalize("NFD", word)
    moved = _ON_THE_SECOND.sub(_first, apart)
    return unicodedata.normalize("NFC", _AFTER_Q.sub(r"\1\3\2", moved))


def _first(found: re.Match[str]) -> str:
    one, other, tone = found.group(1, 2, 3) if found[1] else found.group(4, 5, 6)
    return f"{one}{tone}{other}"
