"""From an approved bulletin to the air in one act: release it and place it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TypedDict

from django.db import transaction

from vang.airtime.models import Placement, Programme
from vang.airtime.services.placing import (
    NOTHING_MISSING,
    place_in_programme,
    place_now,
    place_once,
)
from vang.airtime.services.programmes import create_programme
from vang.bulletins.models import Bulletin, Edition
from vang.bulletins.queries import live_edition
from vang.bulletins.services import release_bulletin
from vang.people.models import Person


@dataclass(frozen=True)
class Now:
    """As soon as possible."""


@dataclass(frozen=True)
class Once:
    """At one instant."""

    start: datetime


@dataclass(frozen=True)
class InProgramme:
    """Every time of a programme between two days."""

    programme: Programme
    from_day: date
    to_day: date | None


@dataclass(frozen=True)
class InNewProgramme:
    """The same in a programme that is made for it and plays on the same days."""

    name: str
    starts_at: time
    weekdays: str
    from_day: date
    to_day: date | None


Choice = Now | Once | InProgramme | InNewProgramme


def broadcast_bulletin(
    *,
    bulletin: Bulletin,
    choice: Choice,
    by: Person,
    now: datetime,
    missing: Mapping[str, str] = NOTHING_MISSING,
    only: Collection[str] = (),
    resume: str = Placement.Resume.DROP,
) -> Placement:
    """Release the bulletin, unless it is released already, and place it. Raises Refusal.

    Either both happen or neither: a bulletin without a place on the air stays approved.
    ``missing``, ``only`` and ``resume`` as in :mod:`placing`.
    """
    with transaction.atomic():
        edition = _edition(bulletin, by=by, now=now)
        how = _How(by=by, now=now, missing=missing, only=only, resume=resume)
        return _place(edition, choice, how)


def _edition(bulletin: Bulletin, *, by: Person, now: datetime) -> Edition:
    """What is out already; a correction that was approved goes out now."""
    fresh = Bulletin.objects.get(pk=bulletin.pk)
    known = live_edition(fresh) if fresh.state == Bulletin.State.RELEASED else None
    return known or release_bulletin(bulletin=fresh, by=by, now=now)


class _How(TypedDict):
    by: Person
    now: datetime
    missing: Mapping[str, str]
    only: Collection[str]
    resume: str


def _place(edition: Edition, choice: Choice, how: _How) -> Placement:
    match choice:
        case Now():
            return place_now(edition=edition, **how)
        case Once():
            return place_once(edition=edition, start=choice.start, **how)
        case InProgramme():
            programme = choice.programme
        case InNewProgramme():
            programme = _new_programme(edition, choice, by=how["by"], now=how["now"])
    return place_in_programme(
        edition=edition,
        programme=programme,
        from_day=choice.from_day,
        to_day=choice.to_day,
        **how,
    )


def _new_programme(
    edition: Edition, choice: InNewProgramme, *, by: Person, now: datetime
) -> Programme:
    return create_programme(
        unit=edition.unit,
        name=choice.name,
        starts_at=choice.starts_at,
        weekdays=choice.weekdays,
        valid_from=choice.from_day,
        valid_to=choice.to_day,
        by=by,
        now=now,
    )
