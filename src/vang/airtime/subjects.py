"""What somebody takes hold of in the calendar: a single broadcast, or one time of a programme."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.http import Http404

from vang.airtime.considering import Preview
from vang.airtime.days import Item, Unplaced
from vang.airtime.models import Placement, Programme, ProgrammeTime
from vang.airtime.moments import local_day
from vang.airtime.proposals import outcome_between
from vang.airtime.queries import SHOWN_AHEAD, airtime_of
from vang.airtime.recurrence import Otherwise, Rule
from vang.airtime.timeline import UnitAirtime
from vang.airtime.wishes import Kind, Wish
from vang.orgs.models import Unit
from vang.people.access import readable_unit
from vang.people.models import Person

_SINGLE = re.compile(r"o(\d{1,18})", re.ASCII)
_TIME = re.compile(r"s(\d{1,18})-(\d{4})(\d\d)(\d\d)", re.ASCII)


@dataclass(frozen=True)
class Single:
    """A broadcast placed once or on "now"."""

    placement: Placement

    @property
    def unit(self) -> Unit:
        return self.placement.unit

    @property
    def title(self) -> str:
        return self.placement.edition.title

    @property
    def starts(self) -> datetime:
        assert self.placement.start is not None  # noqa: S101 - the database sees to it
        return self.placement.start

    def moved(self, air: UnitAirtime, start: datetime, now: datetime) -> UnitAirtime:
        """The air with it at ``start`` instead."""
        own = self.placement.pk
        ended = [replace(w, stopped_at=now) if w.placement == own else w for w in air.wishes]
        return replace(air, wishes=[*ended, *self._again(air, start, now)])

    def copied(self, air: UnitAirtime, start: datetime, now: datetime) -> UnitAirtime:
        """The air with it at ``start`` too."""
        return replace(air, wishes=[*air.wishes, *self._again(air, start, now)])

    def _again(self, air: UnitAirtime, start: datetime, now: datetime) -> list[Wish]:
        own = [wish for wish in air.wishes if wish.placement == self.placement.pk]
        return [_once(wish, start, now) for wish in own]


@dataclass(frozen=True)
class SessionTime:
    """One time of a programme with all that plays in it. ``day`` is the rule's own."""

    programme: Programme
    day: date
    decided: ProgrammeTime | None

    @property
    def unit(self) -> Unit:
        return self.programme.unit

    @property
    def title(self) -> str:
        return self.programme.name

    @property
    def starts(self) -> datetime:
        zone = ZoneInfo(self.programme.zone)
        if self.decided is not None and self.decided.to_day and self.decided.to_at:
            return datetime.combine(self.decided.to_day, self.decided.to_at, zone)
        return datetime.combine(self.day, self.programme.starts_at, zone)

    @property
    def skipped(self) -> bool:
        return self.decided is not None and self.decided.to_day is None

    def moved(self, air: UnitAirtime, start: datetime, now: datetime) -> UnitAirtime:
        local = start.astimezone(ZoneInfo(self.programme.zone))
        to = (local.date(), local.time())
        return replace(air, wishes=[self._moved(wish, to, now) for wish in air.wishes])

    def copied(self, air: UnitAirtime, start: datetime, now: datetime) -> UnitAirtime:
        again = [_once(wish, start, now) for wish in air.wishes if self.has(wish)]
        return replace(air, wishes=[*air.wishes, *again])

    def has(self, wish: Wish) -> bool:
        """Whether it plays in this time."""
        if wish.programme != self.programme.pk or not isinstance(wish.when, Rule):
            return False
        return wish.when.falls_on(self.day) and wish.stopped_at is None

    def _moved(self, wish: Wish, to: tuple[date, time], now: datetime) -> Wish:
        if wish.programme != self.programme.pk or not isinstance(wish.when, Rule):
            return wish
        others = [_undone(one, self.day, now) for one in wish.when.otherwise]
        decided = Otherwise(0, self.day, to, now)
        return replace(wish, when=replace(wish.when, otherwise=(*others, decided)))


Subject = Single | SessionTime


def subject_of(key: str, person: Person, on: date) -> Subject:
    """``o12`` or ``s3-20260610``. Raises Http404 for a stranger and for what is not there."""
    single, session = _SINGLE.fullmatch(key), _TIME.fullmatch(key)
    found: Subject | None = None
    if single:
        found = _single(int(single[1]))
    elif session:
        found = _session(int(session[1]), session.groups()[1:])
    if found is None or not readable_unit(person, found.unit, on):
        raise Http404
    return found


def _single(pk: int) -> Single | None:
    rows = Placement.objects.filter(pk=pk, stopped_at=None).exclude(kind=Kind.PROGRAMME)
    row = rows.select_related("unit", "edition").defer("edition__text").first()
    return Single(row) if row else None


def _session(pk: int, digits: tuple[str, ...]) -> SessionTime | None:
    try:
        day = date(*map(int, digits))
    except ValueError:
        return None
    programme = Programme.objects.select_related("unit__parent__parent").filter(pk=pk).first()
    if programme is None or programme.weekdays[day.weekday()] == "0":
        return None
    return SessionTime(programme, day, programme.otherwise.filter(day=day, undone_at=None).first())


def considered(subject: Subject, start: datetime, now: datetime, *, copy: bool) -> Preview:
    """What moving it to ``start``, or playing it there as well, would bring."""
    first = local_day(min(start, max(subject.starts, now)), "Asia/Ho_Chi_Minh")
    before = airtime_of(subject.unit, first, first + SHOWN_AHEAD)
    change = subject.copied if copy else subject.moved
    after = change(before, start, now)
    return Preview(outcome_between(before, after, _owner(subject, copy=copy), first), now)


def _owner(subject: Subject, *, copy: bool) -> Callable[[Item | Unplaced], bool]:
    if isinstance(subject, Single) or copy:
        return lambda one: one.placement == 0
    mark = f"-{subject.day:%Y%m%d}m0"
    return lambda one: mark in one.id


def _once(wish: Wish, start: datetime, now: datetime) -> Wish:
    return replace(
        wish, placement=0, kind=Kind.ONCE, when=start, placed_at=now, stopped_at=None, programme=0
    )


def _undone(one: Otherwise, day: date, now: datetime) -> Otherwise:
    return replace(one, undone=now) if one.own == day and one.undone is None else one
