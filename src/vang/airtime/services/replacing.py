"""Putting a correction in the place of what it corrects. Part of the release of the correction.

- Every place of the earlier edition that is not over ends now, also what is sounding.
- The correction takes those places: the same programmes to the same last day, the same hours.
- And it is heard once at the next allowed time, when the earlier edition was heard at all or had
  places left: those who heard the wrong one should not wait for next week's programme.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from vang.airtime.access import PLACERS, guard
from vang.airtime.changes import airtime_changed
from vang.airtime.hearing import Hearing
from vang.airtime.layout import LEAD_MS
from vang.airtime.models import Placement
from vang.airtime.moments import local_day
from vang.airtime.queries import airtime_of
from vang.airtime.reasons import Reason
from vang.airtime.services.locking import lock_air
from vang.airtime.timeline import Schedule
from vang.bulletins.models import Edition
from vang.bulletins.wordings import edition_sounds
from vang.journal.services import record
from vang.people.models import Person
from vang_protocol.plans import Priority

Kind = Placement.Kind
_LEAD = timedelta(milliseconds=LEAD_MS)
_AFTER_THE_STOP = timedelta(milliseconds=1)
"""Of one instant the timeline takes what is placed before what is stopped; here the stop that
gives the air back comes first."""


def replace_on_air(edition: Edition, by: Person, now: datetime) -> None:
    """For the registry of bulletins.events. Raises Refusal."""
    earlier = edition.corrects
    if earlier is None:
        return
    lock_air(edition.unit)
    guard(by, PLACERS, edition.unit, now)
    known = list(
        Placement.objects.filter(edition=earlier)
        .select_related("programme", "edition")
        .defer("edition__text")
    )
    open_ones = [one for one in known if one.stopped_at is None and not _is_over(one, now)]
    if not open_ones and not any(_was_heard(one, now) for one in known):
        return
    _stop(open_ones, by, now)
    replacement = _Replacement(edition, by, now, _hearing(edition, known, now))
    made = [heir for one in open_ones if (heir := replacement.heir(one))]
    made += replacement.soonest()
    for placement in made:
        placement.save()
    _journal(edition, open_ones, made, by, now)
    airtime_changed(edition.unit_id)


def _hearing(edition: Edition, known: Iterable[Placement], now: datetime) -> Hearing:
    """Who hears the correction in which language. Clusters for whose language it has no sound
    stay silent where the placer of the wrong text decided so; else they hear the Vietnamese:
    they may have heard the wrong one in their own."""
    decided = {language: what for one in known for language, what in one.missing.items()}
    lengths = {lang: sound.duration_ms for lang, sound in edition_sounds(edition).items()}
    today = local_day(now, "Asia/Ho_Chi_Minh")
    air = airtime_of(edition.unit, today, today)
    hearing = Hearing(air, tuple(edition.audience), lengths)
    missing = {lang: decided.get(lang, Placement.Instead.VIETNAMESE) for lang in hearing.lacking}
    return replace(hearing, missing=missing)


def _is_over(placement: Placement, now: datetime) -> bool:
    if placement.start is not None:
        return placement.start + timedelta(milliseconds=placement.edition.duration_ms) <= now
    zone = placement.programme.zone if placement.programme else "Asia/Ho_Chi_Minh"
    return placement.to_day is not None and placement.to_day < local_day(now, zone)


def _was_heard(placement: Placement, now: datetime) -> bool:
    """Whether it may have sounded: its time had come before anybody stopped it."""
    until = min(placement.stopped_at or now, now)
    if placement.start is not None:
        return placement.start < until
    zone = placement.programme.zone if placement.programme else "Asia/Ho_Chi_Minh"
    return placement.from_day is not None and placement.from_day <= local_day(until, zone)


def _stop(placements: Iterable[Placement], by: Person, now: datetime) -> None:
    for placement in placements:
        placement.stopped_at, placement.stopped_by = now, by
        placement.save(update_fields=["stopped_at", "stopped_by"])


@dataclass(frozen=True)
class _Replacement:
    """The places that the correction takes."""

    edition: Edition
    by: Person
    now: datetime
    hearing: Hearing

    def heir(self, old: Placement) -> Placement | None:
        """The correction at the same place; None where that time has begun."""
        if old.kind == Kind.PROGRAMME and old.programme is not None:
            today = local_day(self.now, old.programme.zone)
            heir = self._placement(Kind.PROGRAMME, old=old)
            heir.programme, heir.to_day = old.programme, old.to_day
            heir.from_day = max(old.from_day or today, today)
            return heir
        until = self.edition.valid_until
        if old.start is not None and old.start > self.now + _LEAD:
            if until is not None and local_day(old.start, self.hearing.air.policy.zone) > until:
                return None
            return self._placement(Kind.ONCE, start=old.start, old=old)
        return None

    def soonest(self) -> list[Placement]:
        """Now where that is allowed, else at the next free time; nothing when two weeks have
        none."""
        schedule = Schedule(self.hearing.air, now=self.now)
        found = schedule.earliest(
            self.now,
            duration_ms=self.hearing.longest_ms,
            audience=self.hearing.audience,
            priority=Priority(self.edition.priority),
            hearers=self.hearing.hearers,
        )
        if not isinstance(found, Reason):
            return [self._placement(Kind.NOW, start=found)]
        free = schedule.next_free(
            self.now + _LEAD,
            duration_ms=self.hearing.longest_ms,
            audience=self.hearing.audience,
            hearers=self.hearing.hearers,
        )
        return [self._placement(Kind.ONCE, start=free)] if free else []

    def _placement(
        self, kind: str, *, start: datetime | None = None, old: Placement | None = None
    ) -> Placement:
        """Heard where ``old`` was; everywhere without one."""
        return Placement(
            unit=self.edition.unit,
            edition=self.edition,
            kind=kind,
            start=start,
            missing=self.hearing.decisions,
            only=old.only if old else [],
            resume=old.resume if old else Placement.Resume.DROP,
            placed_by=self.by,
            placed_at=self.now + _AFTER_THE_STOP,
        )


def _journal(
    edition: Edition,
    ended: Iterable[Placement],
    made: Iterable[Placement],
    by: Person,
    now: datetime,
) -> None:
    record(
        "replace-on-air",
        f"edition:{edition.pk}",
        by=by,
        unit=edition.unit,
        now=now,
        about=[f"bulletin:{edition.bulletin_id}"],
        corrects=str(edition.corrects_id),
        ended=[one.pk for one in ended],
        placed=[one.pk for one in made],
    )
