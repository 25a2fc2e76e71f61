"""Reading the journal by number, newest first: the first page of a million is as fast as of ten."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet, Subquery, prefetch_related_objects

from vang.base.clock import VIETNAM
from vang.journal.models import Entry

A_PAGE = 50
_SLOWEST = timedelta(hours=1)


@dataclass(frozen=True)
class Choice:
    """What of a journal is wanted. ``before`` is the number of the last row seen.

    ``units``: only rows of these units and of none; None is all. ``size`` is how many at a time.
    """

    before: int | None = None
    actions: frozenset[str] = frozenset()
    first: date | None = None
    last: date | None = None
    by: int | None = None
    units: frozenset[int] | None = None
    size: int = A_PAGE

    @property
    def condition(self) -> Q:
        wanted = Q()
        if self.before is not None:
            wanted &= Q(pk__lt=self.before)
        if self.actions:
            wanted &= Q(action__in=self.actions)
        if self.first is not None:
            wanted &= _since(_midnight(self.first))
        if self.last is not None:
            wanted &= _until(_midnight(self.last + timedelta(days=1)))
        if self.by is not None:
            wanted &= Q(by=self.by)
        if self.units is not None:
            wanted &= Q(unit__in=self.units) | Q(unit=None)
        return wanted


@dataclass(frozen=True)
class Page:
    """Rows of one page; ``older`` is where the next begins, None at the end."""

    entries: list[Entry]
    older: int | None


def of_unit(unit_pk: int, choice: Choice) -> Page:
    """What happened in one unit."""
    return _page([Entry.objects.filter(unit=unit_pk)], choice)


def of_subject(subject: str, choice: Choice) -> Page:
    """What was done to one thing, and what else concerned it."""
    return _page(_about(subject), choice)


def of_person(person_pk: int, choice: Choice) -> Page:
    """What a person did, and what was done to their account."""
    own = Entry.objects.filter(by=person_pk)
    return _page([own, *_about(f"person:{person_pk}")], choice)


def _about(subject: str) -> list[QuerySet[Entry]]:
    return [Entry.objects.filter(subject=subject), Entry.objects.filter(mentions__subject=subject)]


def _page(sources: Iterable[QuerySet[Entry]], choice: Choice) -> Page:
    """Each source is asked by its own index; the newest of all make the page."""
    found: dict[int, Entry] = {}
    condition = choice.condition
    for source in sources:
        rows = source.filter(condition).select_related("by", "unit").order_by("-pk")
        found.update({entry.pk: entry for entry in rows[: choice.size + 1]})
    newest = sorted(found.values(), key=lambda entry: -entry.pk)
    shown = newest[: choice.size]
    prefetch_related_objects(shown, "mentions")
    return Page(shown, shown[-1].pk if len(newest) > choice.size else None)


def _since(moment: datetime) -> Q:
    """Numbers grow with time, give or take a slow transaction: the search begins at a number."""
    oldest = _numbers().filter(at__gte=moment - _SLOWEST).order_by("at")[:1]
    return Q(at__gte=moment, pk__gte=Subquery(oldest))


def _until(moment: datetime) -> Q:
    newest = _numbers().filter(at__lt=moment + _SLOWEST).order_by("-at")[:1]
    return Q(at__lt=moment, pk__lte=Subquery(newest))


def _numbers() -> QuerySet[Entry, int]:
    return Entry.objects.values_list("pk", flat=True)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), VIETNAM)
