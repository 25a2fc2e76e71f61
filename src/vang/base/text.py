"""Text as people type it, made safe to store, compare and search."""

import re
import unicodedata

# Characters that reorder or hide text on screen: an approver must see what will be spoken.
_BIDI_AND_INVISIBLE = frozenset(
    "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\u00ad"
)
_KEPT_CONTROLS = frozenset("\n\t")
_WORDS = re.compile(r"[a-z0-9]+")
_D_BAR = str.maketrans({"đ": "d", "Đ": "D"})


def clean_text(text: str) -> str:
    """NFC text with Unix line ends and without control, bidirectional or invisible characters."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    visible = "".join(c for c in unified if _is_visible(c))
    # Only now: what stood between a letter and its mark may have kept them apart.
    return unicodedata.normalize("NFC", visible)


def _is_visible(character: str) -> bool:
    if character in _BIDI_AND_INVISIBLE:
        return False
    if character in _KEPT_CONTROLS:
        return True
    return unicodedata.category(character) not in {"Cc", "Cs", "Co", "Cn"}


def fold(text: str) -> str:
    """Lower-case text without Vietnamese marks: "Quế Sơn" and "que son" fold alike.

    đ is a letter of its own, not a marked d, so decomposition alone does not reach it.
    """
    decomposed = unicodedata.normalize("NFD", text.translate(_D_BAR))
    marks = {ord(c): None for c in set(decomposed) if unicodedata.combining(c)}
    return decomposed.translate(marks).lower()


def slug(text: str) -> str:
    """ASCII words joined by hyphens, for file names and addresses; may be empty."""
    return "-".join(_WORDS.findall(fold(text)))[:80].strip("-")
