"""Who wants to know of material, and what other rooms know of it: registries, filled at start-up.
Nothing here is imported upwards."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from vang.library.models import Item, Recording


@dataclass(frozen=True)
class Use:
    """One place where an item is used. ``lasting``: it was released, so it must never go."""

    label: str | Promise
    title: str
    url: str
    lasting: bool = False
    state: str = ""


@dataclass(frozen=True)
class Sounding:
    """The sound made from a recording for the air. ``state`` as in a rendition."""

    state: str
    url: str
    duration_ms: int
    loudness_lufs: float | None
    failure: str | Promise = ""


uses: list[Callable[[Item], Iterable[Use]]] = []
recorded: list[Callable[[Recording, datetime], None]] = []
"""Called inside the transaction in which a recording came into the library."""

soundings: list[Callable[[Recording], Sounding | None]] = []


def uses_of(item: Item) -> list[Use]:
    """Everywhere the item is used, as every room tells it."""
    return [use for find in uses for use in find(item)]


def sounding_of(recording: Recording) -> Sounding | None:
    return next((told for find in soundings if (told := find(recording)) is not None), None)
