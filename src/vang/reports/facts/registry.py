"""The registry of facts: a room, or one above, tells which figures it can give."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.utils.functional import Promise

from vang.base.clock import local_date
from vang.evidence.queries import day_bounds
from vang.orgs.models import Unit

MILLI = 1000


@dataclass(frozen=True)
class Asked:
    """Of which unit, from which day to which (both within), as known when.

    ``formers``: what became part of it within these days, and is told with it.
    """

    unit: Unit
    first: date
    last: date
    now: datetime
    formers: tuple[Unit, ...] = ()

    @property
    def units(self) -> list[int]:
        """Keys of all whose records count."""
        return [self.unit.pk, *(one.pk for one in self.formers)]

    @property
    def gone(self) -> bool:
        """The unit was there on the last day and is another one now."""
        ends = self.unit.valid_to
        return ends is not None and self.last < ends <= self.today

    @cached_property
    def bounds(self) -> tuple[datetime, datetime]:
        """The instants at which the first day begins and the last one ends."""
        return day_bounds(self.first)[0], day_bounds(self.last)[1]

    @property
    def today(self) -> date:
        return local_date(self.now)


@dataclass(frozen=True)
class Figure:
    """``milli``: thousandths, None when nothing is known. ``url``: the page of the room that shows
    it. ``open``: some of the evidence is still awaited, so that it may change."""

    milli: int | None
    url: str = ""
    open: bool = False


@dataclass(frozen=True)
class Record:
    """One of the very records behind a figure."""

    label: str
    detail: str = ""
    url: str = ""


@dataclass(frozen=True)
class Records:
    """``rows`` of a queryset or list, each shown by ``show``; ``count`` by slices alone."""

    rows: object
    show: Callable[..., Record]

    def page(self, begin: int, end: int) -> list[Record]:
        return [self.show(row) for row in self.rows[begin:end]]  # type: ignore[index]


Maker = Callable[[Asked], Mapping[str, Figure]]
Finder = Callable[[Asked], Records]


@dataclass(frozen=True)
class Fact:
    """``how``: in one sentence, from what and by which rule it is counted."""

    name: str
    label: str | Promise
    how: str | Promise
    records: Finder | None = None


_facts: dict[str, Fact] = {}
_makers: dict[str, Maker] = {}


def register(maker: Maker, *found: Fact) -> None:
    """``maker`` gives the figures of all these facts at once. Registering again replaces them."""
    for one in found:
        _facts[one.name] = one
        _makers[one.name] = maker


def facts() -> Iterator[Fact]:
    yield from _facts.values()


def fact_named(name: str) -> Fact | None:
    return _facts.get(name)


def figures(asked: Asked, names: Collection[str]) -> dict[str, Figure]:
    """By name; each maker is asked once. A name that nobody knows is left out."""
    wanted = [name for name in names if name in _makers]
    found: dict[str, Figure] = {}
    for maker in dict.fromkeys(_makers[name] for name in wanted):
        told = maker(asked)
        found.update({name: told[name] for name in wanted if name in told})
    return found
