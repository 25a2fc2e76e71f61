"""Typed text made ready for reading: one form for each sign, nothing invisible, no pictures."""

import re
import unicodedata

from vang.base.text import clean_text

_SIGNS = str.maketrans(
    {
        "‐": "-", "‑": "-", "‒": "-", "−": "-", "—": "–", "―": "–", "⁃": "-",
        "⁄": "/", "∕": "/", "٫": ",", "º": "°", "˚": "°", "℃": "°C", "№": "số ",
        "‘": "'", "’": "'", "‚": "'", "‛": "'", "′": "'", "“": '"', "”": '"', "„": '"', "‟": '"',
        "«": '"', "»": '"', "″": '"', "…": "...", "Ð": "Đ", "ð": "đ", "₫": "đ",
    }
)  # fmt: skip
_KEPT_SYMBOLS = frozenset("°+-=<>|~^`$%×÷±≤≥≈€£¥©®™")
_KEPT_NUMBERS = frozenset("²³")
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Sk", "So", "Sm"})
_COLUMNS = re.compile(r"(?<=\S)(?: {5,}|[ ]*\t[ \t]*)(?=\S)")
"""Letterheads and signatures set side by side: read one after the other, with a pause."""
_SPACES = re.compile(r"[^\S\n]+")


def clean_lines(text: str) -> list[str]:
    """The lines of the text in NFC, without control, bidirectional or picture characters."""
    signs = clean_text(text).translate(_SIGNS)
    plain = unicodedata.normalize("NFC", "".join(_plain(c) for c in signs))
    plain = _COLUMNS.sub(", ", plain)
    return [_SPACES.sub(" ", line).strip() for line in plain.split("\n")]


def _plain(character: str) -> str:
    if character.isascii() or character.isalpha():
        return _letter(character)
    category = unicodedata.category(character)
    if category[0] == "N":
        return _figure(character)
    if character in _KEPT_SYMBOLS:
        return character
    if category in _DROPPED or category == "Me" or 0xFE00 <= ord(character) <= 0xFE0F:
        return ""
    return " " if category[0] == "Z" else character


def _letter(character: str) -> str:
    """Letters of width or style variants ("Ａ", "𝐀") become the plain letter."""
    if character.isascii():
        return character if character.isprintable() or character in "\n\t" else ""
    return unicodedata.normalize("NFKC", character)


def _figure(character: str) -> str:
    """Digits of any script become 0–9; fractions, circled and Roman figures are taken apart."""
    if character in _KEPT_NUMBERS:
        return character
    decimal = unicodedata.decimal(character, None)
    if decimal is not None:
        return str(decimal)
    return unicodedata.normalize("NFKC", character).replace("\u2044", "/")
