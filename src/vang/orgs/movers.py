"""What else moves when units become others: every room says so for what it keeps.

A mover names the things that hang on the units of a change, and where each may go. Nothing is moved
before the day of the change: until then a decision is only noted, and taken back by forgetting it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.functional import Promise

from vang.orgs.models import UnitChange

Words = str | Promise


@dataclass(frozen=True)
class Thing:
    """Something of a unit that ends. ``choices``: value and words; ``proposed`` is the value that
    holds unless somebody decides otherwise, "" where a person must decide."""

    key: str
    label: Words
    detail: Words
    choices: tuple[tuple[str, Words], ...]
    proposed: str = ""


@dataclass(frozen=True)
class Act:
    """A change that is carried out: by whom it was announced or decided, and when."""

    change: UnitChange
    by: AbstractBaseUser | None
    now: datetime


class Mover(Protocol):
    """One kind of thing. ``name`` is stable: decisions are kept under it."""

    @property
    def name(self) -> str: ...

    @property
    def title(self) -> Words: ...

    @property
    def icon(self) -> str: ...

    def things(self, change: UnitChange) -> list[Thing]:
        """All there are now, in the order of the page; asked again on the day of the change."""

    def move(self, act: Act, key: str, choice: str) -> None:
        """Carry out one decision, on the day of the change or later. Raises Refusal."""


_movers: dict[str, Mover] = {}


def register(mover: Mover) -> None:
    """Called in ``AppConfig.ready``. Registering again replaces it."""
    _movers[mover.name] = mover


def movers() -> list[Mover]:
    """In the order in which they registered, which is the order in which they move."""
    return list(_movers.values())
