"""What counts for a task by itself: kinds that rooms bring when they start."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise

from vang.orgs.models import Unit


@dataclass(frozen=True)
class Found:
    """One thing that counts."""

    title: str
    url: str
    on: date


@dataclass(frozen=True)
class ProofKind:
    """``choices`` are those of a unit: (value, words). ``found`` looks up what counts between two
    days, both in it, newest first."""

    name: str
    label: str | Promise
    choices: Callable[[Unit], Sequence[tuple[str, str]]]
    found: Callable[[Unit, str, date, date], Sequence[Found]]


_kinds: dict[str, ProofKind] = {}


def register(*kinds: ProofKind) -> None:
    """Make kinds known. Registering one again replaces it."""
    for kind in kinds:
        _kinds[kind.name] = kind


def kinds() -> list[ProofKind]:
    """In the order of registration."""
    return list(_kinds.values())


def find_kind(name: str) -> ProofKind | None:
    return _kinds.get(name)
