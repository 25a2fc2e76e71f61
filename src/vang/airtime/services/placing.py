"""Putting an edition on the air and taking it off."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from types import MappingProxyType

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from vang.airtime.access import PLACERS, guard
from vang.airtime.changes import airtime_changed
from vang.airtime.hearing import Hearing
from vang.airtime.layout import LEAD_MS
from vang.airtime.models import Placement, Programme
from vang.airtime.moments import local_day
from vang.airtime.notices import tell_of_placement
from vang.airtime.proposals import DAYS, outcome_of
from vang.airtime.queries import airtime_of
from vang.airtime.reasons import Reason
from vang.airtime.recurrence import Rule
from vang.airtime.rules import rule_of_programme
from vang.airtime.services.locking import lock_air
from vang.airtime.timeline import Schedule, UnitAirtime
from vang.airtime.wishes import Kind, Wish
from vang.airtime.words import REASONS, no_place
from vang.base.display import vi_date
from vang.base.refusals import Refusal
from vang.bulletins.models import Edition, Priority
from vang.bulletins.wordings import edition_sounds
from vang.journal.services import record
from vang.people.models import Person
from vang_protocol.plans import Priority as PlanPriority

LEAD = timedelta(milliseconds=LEAD_MS)
FARTHEST = timedelta(days=366)
NOTHING_MISSING: Mapping[str, str] = MappingProxyType({})


def place_now(
    *,
    edition: Edition,
    by: Person,
    now: datetime,
    missing: Mapping[str, str] = NOTHING_MISSING,
    only: Collection[str] = (),
    resume: str = Placement.Resume.DROP,
) -> Placement:
    """As soon as the nodes can be ready, after what sounds already. Raises Refusal.

    ``missing``, here and below: for each language that the edition lacks and some cluster wants,
    whether its clusters stay silent or hear the Vietnamese. ``only``: codes of the clusters it is
    limited to; none: all that reach its villages. ``resume``: what becomes of it when something
    more important interrupts it.
    """
    with transaction.atomic():
        hearing = _hearing_of(edition, missing, only, by, now)
        found = Schedule(hearing.air).earliest(
            now,
            duration_ms=hearing.longest_ms,
            audience=edition.audience,
            priority=PlanPriority(edition.priority),
            hearers=hearing.hearers,
            only=hearing.only,
        )
        if isinstance(found, Reason):
            raise refused_now(hearing, found, now)
        check_valid(edition.valid_until, local_day(found, hearing.air.policy.zone))
        placement = _placement(edition, hearing, Placement.Kind.NOW, by=by, now=now, start=found)
        placement.resume = Placement.Resume(resume)
        return _placed(placement, by=by, now=now)


def place_once(
    *,
    edition: Edition,
    start: datetime,
    by: Person,
    now: datetime,
    missing: Mapping[str, str] = NOTHING_MISSING,
    only: Collection[str] = (),
    resume: str = Placement.Resume.DROP,
) -> Placement:
    """At one instant; it may begin a little later when that time is taken. Raises Refusal."""
    with transaction.atomic():
        hearing = _hearing_of(edition, missing, only, by, now)
        check_ahead(start, now)
        day = local_day(start, hearing.air.policy.zone)
        check_valid(edition.valid_until, day)
        _check_heard(hearing, wish_of(edition, Kind.ONCE, start, now), day, days=1)
        placement = _placement(edition, hearing, Placement.Kind.ONCE, by=by, now=now, start=start)
        placement.resume = Placement.Resume(resume)
        return _placed(placement, by=by, now=now)


def place_in_programme(
    *,
    edition: Edition,
    programme: Programme,
    from_day: date,
    to_day: date | None,
    by: Person,
    now: datetime,
    missing: Mapping[str, str] = NOTHING_MISSING,
    only: Collection[str] = (),
    resume: str = Placement.Resume.DROP,
) -> Placement:
    """Every time of the programme between the two days, both included. Raises Refusal."""
    with transaction.atomic():
        hearing = _hearing_of(edition, missing, only, by, now)
        programme = Programme.objects.get(pk=programme.pk)
        today = local_day(now, hearing.air.policy.zone)
        _check_days(edition, programme, from_day, to_day, today)
        check_valid(edition.valid_until, from_day)
        to_day = last_valid(edition.valid_until, to_day)
        wish = wish_of(edition, Kind.PROGRAMME, rule_of(programme, from_day, to_day), now)
        _check_heard(hearing, wish, from_day)
        placement = _placement(edition, hearing, Placement.Kind.PROGRAMME, by=by, now=now)
        placement.resume = Placement.Resume(resume)
        placement.programme, placement.from_day, placement.to_day = programme, from_day, to_day
        return _placed(placement, by=by, now=now)


def remove_placement(*, placement: Placement, by: Person, now: datetime) -> Placement:
    """Take it off the air from now on, also what is sounding. Raises Refusal."""
    with transaction.atomic():
        lock_air(placement.unit)
        guard(by, PLACERS, placement.unit, now)
        fresh = Placement.objects.select_related("unit", "edition").get(pk=placement.pk)
        if fresh.stopped_at is not None:
            raise Refusal("already-removed", _ALREADY_REMOVED)
        fresh.stopped_at, fresh.stopped_by = now, by
        fresh.save(update_fields=["stopped_at", "stopped_by"])
        subject, about = f"placement:{fresh.pk}", [f"bulletin:{fresh.edition.bulletin_id}"]
        record("remove-placement", subject, by=by, unit=fresh.unit, now=now, about=about)
        airtime_changed(fresh.unit_id)
        return fresh


def wish_of(edition: Edition, kind: Kind, when: datetime | Rule, now: datetime) -> Wish:
    """The Vietnamese wish that placing the edition at ``now`` would make; without number yet."""
    return Wish(
        placement=0,
        edition=str(edition.pk),
        title=edition.title,
        priority=PlanPriority(edition.priority),
        duration_ms=edition.duration_ms,
        audience=tuple(edition.audience),
        kind=kind,
        when=when,
        placed_at=now,
    )


def rule_of(programme: Programme, from_day: date, to_day: date | None) -> Rule:
    """When a placement in the programme plays."""
    lasts = [day for day in (to_day, programme.valid_to) if day is not None]
    first = max(from_day, programme.valid_from)
    whole = rule_of_programme(programme, first, first + FARTHEST)
    return replace(whole, first=first, last=min(lasts, default=None))


def check_ahead(start: datetime, now: datetime) -> None:
    """Raises Refusal for a time that has passed, is too soon, or is more than a year away."""
    if start < now + LEAD:
        raise Refusal("too-soon", _TOO_SOON)
    if start > now + FARTHEST:
        raise Refusal("too-far", _TOO_FAR)


def check_valid(valid_until: date | None, day: date) -> None:
    """Raises Refusal for a day on which the bulletin no longer holds."""
    if valid_until is not None and day > valid_until:
        raise Refusal("no-longer-valid", format_lazy(_NO_LONGER, day=vi_date(valid_until)))


def last_valid(valid_until: date | None, to_day: date | None) -> date | None:
    """The last day of a programme on which it is played: never after it ceased to hold."""
    days = [day for day in (valid_until, to_day) if day is not None]
    return min(days, default=None)


def _air_for(edition: Edition, by: Person, now: datetime) -> UnitAirtime:
    """Lock, look who asks and what for, and read the commune's air."""
    lock_air(edition.unit)
    guard(by, PLACERS, edition.unit, now)
    if Edition.objects.filter(pk=edition.pk).exclude(withdrawn_at=None).exists():
        raise Refusal("withdrawn", _WITHDRAWN)
    if Edition.objects.filter(corrects=edition.pk).exists():
        raise Refusal("corrected", _CORRECTED)
    if edition.priority == Priority.EMERGENCY:
        raise Refusal("emergency-not-allowed", _EMERGENCY)
    today = local_day(now, "Asia/Ho_Chi_Minh")
    return airtime_of(edition.unit, today, today + FARTHEST)


def _hearing_of(
    edition: Edition,
    missing: Mapping[str, str],
    only: Collection[str],
    by: Person,
    now: datetime,
) -> Hearing:
    """:func:`_air_for`, and who hears it in which language. Raises Refusal while it is open."""
    air = _air_for(edition, by, now)
    lengths = {lang: sound.duration_ms for lang, sound in edition_sounds(edition).items()}
    limited = tuple(sorted(set(only) & air.clusters.keys()))
    if only and not limited:
        raise Refusal(Reason.NO_CLUSTERS.value, REASONS[Reason.NO_CLUSTERS])
    hearing = Hearing(air, tuple(edition.audience), lengths, missing, limited)
    hearing.check_decided()
    return hearing


def refused_now(hearing: Hearing, reason: Reason, now: datetime) -> Refusal:
    """Why it cannot begin now, with the next free time."""
    free = Schedule(hearing.air).next_free(
        now + LEAD,
        duration_ms=hearing.longest_ms,
        audience=hearing.audience,
        hearers=hearing.hearers,
        only=hearing.only,
    )
    return no_place(reason, free, hearing.air.policy.zone)


def _check_heard(hearing: Hearing, wish: Wish, first: date, *, days: int = DAYS) -> None:
    air = hearing.air
    limited = replace(wish, only=hearing.only)
    outcome = outcome_of(air, hearing.wishes(limited), first, days=days)
    if outcome.heard:
        return
    if not outcome.refused:
        raise Refusal("never-plays", _NEVER_PLAYS)
    refused = outcome.refused[0]
    raise no_place(refused.reason, refused.next_free, air.policy.zone)


def _check_days(
    edition: Edition, programme: Programme, first: date, last: date | None, today: date
) -> None:
    if programme.unit_id != edition.unit_id:
        raise Refusal("other-unit", _OTHER_UNIT)
    if first < today or (last is not None and last < first):
        raise Refusal("bad-days", _BAD_DAYS)
    twins = Placement.objects.filter(edition=edition, programme=programme, stopped_at=None)
    if twins.exclude(to_day__lt=first).exists():
        raise Refusal("already-in-programme", _ALREADY_IN)


def _placement(
    edition: Edition,
    hearing: Hearing,
    kind: str,
    *,
    by: Person,
    now: datetime,
    start: datetime | None = None,
) -> Placement:
    return Placement(
        unit=edition.unit,
        edition=edition,
        kind=kind,
        start=start,
        missing=hearing.decisions,
        only=list(hearing.only),
        placed_by=by,
        placed_at=now,
    )


def _placed(placement: Placement, *, by: Person, now: datetime) -> Placement:
    placement.save()
    of_programme = [f"programme:{placement.programme_id}"] if placement.programme_id else []
    record(
        "place-edition",
        f"placement:{placement.pk}",
        by=by,
        unit=placement.unit,
        now=now,
        about=[f"bulletin:{placement.edition.bulletin_id}", *of_programme],
        edition=str(placement.edition_id),
        kind=placement.kind,
        start=placement.start and placement.start.isoformat(),
        programme=placement.programme_id,
        missing=placement.missing,
        only=placement.only,
        resume=placement.resume,
    )
    tell_of_placement(placement, by=by, now=now)
    airtime_changed(placement.unit_id)
    return placement


_NO_LONGER = _("The bulletin holds until {day} only. Choose an earlier day.")
_ALREADY_REMOVED = _("It was taken off the air before.")
_TOO_SOON = _("This time has passed or is too near. Choose a later one, or broadcast it now.")
_TOO_FAR = _("Choose a time within one year.")
_WITHDRAWN = _("The bulletin was withdrawn. It is no longer broadcast.")
_CORRECTED = _("This text was corrected. Broadcast the correction instead.")
_EMERGENCY = _(
    "An emergency is sent under “Emergency”, where two people sign it with their own keys. "
    "What can wait is written as a priority bulletin."
)
_NEVER_PLAYS = _("The programme does not play on any of these days.")
_OTHER_UNIT = _("The programme belongs to another commune.")
_BAD_DAYS = _("The first day is today or later, and the last day is not before the first.")
_ALREADY_IN = _("This bulletin is in the programme already.")
