"""Addresses on the Internet, number plates, house and plot numbers."""

import re

from vang.voice.speech.letters import letter_name, spell
from vang.voice.speech.numbers import digit_by_digit, whole
from vang.voice.speech.syllables import is_pronounceable, is_syllable

_EMAIL = re.compile(
    r"(?<![\w.+-])([\w.+-]{1,64})@([A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5})"
)
_WEB = re.compile(
    r"(?<![\w@.])(?:(?:https?|ftp)://[^\s<>\"()\ue000]{1,300}|www\.[^\s<>\"()]{1,300}"
    r"|(?:[A-Za-z0-9-]{1,63}\.){1,5}(?:vn|com|org|net|edu|gov|info)(?:/[^\s<>\"()]{0,200})?(?![\w]))"
)
_TRAILING = ".,;:!?'"
_SIGNS = {
    ".": "chấm", "/": "gạch chéo", "-": "gạch ngang", "_": "gạch dưới", "@": "a còng",
    "?": "hỏi", "=": "bằng", "&": "và", ":": "hai chấm", "%": "phần trăm", "#": "thăng",
    "+": "cộng", "~": "ngã",
}  # fmt: skip
_PIECES = re.compile(r"[A-Za-zÀ-ỹĐđ]+|\d+|[^\sA-Za-zÀ-ỹĐđ\d]")
_PLATE = re.compile(
    r"(?<![\w.,/-])(\d{2})[- ]?([A-ZĐ]{1,2}\d?)\s?[-–.]\s?(\d{3}\.?\d{2}|\d{4})(?![\d\w])"
)
_OPEN_PLATE = re.compile(r"(?<![\w.,/-])(\d{2})-?([A-ZĐ]\d) (\d{3}\.\d{2})(?!\d)")
_UNDERSCORES = re.compile(r"[\s_]+")
_DOMAIN_WORDS = frozenset({"com", "gov", "net", "edu", "org", "info", "gmail", "zalo", "me"})


def speak_addresses(line: str) -> str:
    """E-mail and web addresses, then number plates, of the line in words."""
    line = _EMAIL.sub(lambda m: _address(m[0]), line)
    line = _WEB.sub(_web, line)
    line = _UNDERSCORES.sub(" ", line)
    return _PLATE.sub(_plate, _OPEN_PLATE.sub(r"\1\2-\3", line))


def _web(match: re.Match[str]) -> str:
    address = match[0].rstrip(_TRAILING)
    rest = match[0][len(address) :]
    plain = re.sub(r"\A(?:https?|ftp)://", "", address).rstrip("/")
    return _address(plain) + rest


def _address(text: str) -> str:
    return " ".join(filter(None, (_piece(p) for p in _PIECES.findall(text))))


def _piece(piece: str) -> str:
    if piece.isdecimal():
        return digit_by_digit(piece)
    if not piece[0].isalpha():
        return _SIGNS.get(piece, "")
    low = piece.lower()
    if low == "www":
        return "vê kép vê kép vê kép"
    return low if low in _DOMAIN_WORDS or _is_wordlike(low) else spell(low)


def _is_wordlike(word: str) -> bool:
    return len(word) > 3 or is_syllable(word) or is_pronounceable(word)


def _plate(match: re.Match[str]) -> str:
    series = " ".join(letter_name(c) if c.isalpha() else whole(c) for c in match[2])
    return f"{digit_by_digit(match[1])} {series}, {digit_by_digit(match[3])}"
