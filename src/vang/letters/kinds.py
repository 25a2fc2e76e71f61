"""Who writes the words of which letters: rooms further on register here when they start."""

from collections.abc import Callable

from vang.letters.message import Content
from vang.letters.models import Letter

Renderer = Callable[[Letter], Content | None]
"""The letter's words in the active language; None when there is nothing left to say."""
_renderers: dict[str, Renderer] = {}


def register(kind: str, renderer: Renderer) -> None:
    """``renderer`` writes the letters of ``kind``, in a transaction, just before they leave."""
    _renderers[kind] = renderer


def content_of(letter: Letter) -> Content | None:
    """Raises KeyError for a kind that no room has registered."""
    return _renderers[letter.kind](letter)
