"""What a programme consists of beside its bulletins. A session that has begun keeps its parts."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.airtime.access import RULERS, guard
from vang.airtime.changes import airtime_changed
from vang.airtime.layout import LEAD_MS
from vang.airtime.models import Programme, ProgrammePart, StationSound, StoppedOccurrence
from vang.airtime.moments import local_day, to_ms, wall_ms
from vang.airtime.programme_parts import FRAMES, airable
from vang.airtime.services.locking import lock_air
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.journal.services import record
from vang.people.models import Person
from vang.relays.access import stations_for
from vang.relays.models import Station

MOST_PARTS = 20
WINDOW_S = (60, 3 * 3600)
MOST_FILL_S = 6 * 3600
_DAY = timedelta(days=1)
Kind = ProgrammePart.Kind


def add_sound_part(
    *, programme: Programme, sound: StationSound, before: bool, by: Person, now: datetime
) -> ProgrammePart:
    """A tune, closing or relayed programme before or after the bulletins. Raises Refusal."""
    with transaction.atomic():
        fresh = _open(programme, by, now)
        if not airable(StationSound.objects.filter(pk=sound.pk, unit=fresh.unit_id)).exists():
            raise Refusal("not-approved", _NOT_APPROVED)
        if sound.kind not in {*FRAMES, StationSound.Kind.RELAY}:
            raise Refusal("music", _MUSIC)
        part = ProgrammePart(kind=Kind.SOUND, sound=sound)
        return _add(fresh, part, before=before, by=by, now=now)


def add_window(
    *,
    programme: Programme,
    source: str = "",
    lasts_s: int,
    before: bool,
    by: Person,
    now: datetime,
    relay: Station | None = None,
) -> ProgrammePart:
    """Keep ``lasts_s`` seconds for a relay.

    From ``relay`` the loudspeakers carry it themselves, as far as one of its sources is well.
    Without it other equipment does, from ``source``: nothing of ours is heard then, and nothing is
    said of what was. Raises Refusal.
    """
    with transaction.atomic():
        fresh = _open(programme, by, now)
        if relay is not None and not stations_for(fresh.unit).filter(pk=relay.pk).exists():
            raise Refusal("station-ended", _STATION_ENDED)
        name = relay.name if relay else " ".join(clean_text(source).split())[:120]
        if not name:
            raise Refusal("station-unnamed", _UNNAMED)
        if not WINDOW_S[0] <= lasts_s <= WINDOW_S[1]:
            raise Refusal("bad-length", _LENGTH)
        part = ProgrammePart(kind=Kind.WINDOW, source=name, lasts_s=lasts_s, relay=relay)
        return _add(fresh, part, before=before, by=by, now=now)


def remove_part(*, part: ProgrammePart, by: Person, now: datetime) -> None:
    """It is no part of the sessions that have not begun. Raises Refusal."""
    with transaction.atomic():
        programme = _open(part.programme, by, now)
        fresh = _there(part, local_day(now, programme.zone))
        fresh.to_day = last_begun(programme, now)
        fresh.save(update_fields=["to_day"])
        _tell("remove-programme-part", programme, by, now, part=fresh.pk)


def shift_part(*, part: ProgrammePart, earlier: bool, by: Person, now: datetime) -> None:
    """One place earlier or later among the parts; the bulletins are one of them. Raises Refusal.

    The order of a session that has begun is kept: the parts go on as new rows after it.
    """
    with transaction.atomic():
        programme = _open(part.programme, by, now)
        last = last_begun(programme, now)
        _there(part, local_day(now, programme.zone))
        row = _row(programme, now)
        at = row.index(_known(part, row))
        to = at - 1 if earlier else at + 1
        if not 0 <= to < len(row):
            raise Refusal("at-the-end", _AT_THE_END)
        row[at], row[to] = row[to], row[at]
        _renew(row, last, by, now)
        _tell("order-programme-parts", programme, by, now, part=part.pk, earlier=earlier)


def set_fill(*, programme: Programme, fill_s: int, by: Person, now: datetime) -> Programme:
    """Music fills each session up to ``fill_s`` seconds from its beginning; 0: none. Refusal."""
    with transaction.atomic():
        fresh = _open(programme, by, now)
        if not 0 <= fill_s <= MOST_FILL_S:
            raise Refusal("bad-length", _LENGTH)
        fresh.fill_s = fill_s
        fresh.save(update_fields=["fill_s"])
        _tell("fill-programme", fresh, by, now, fill_s=fill_s)
        return fresh


def hand_over_parts(old: Programme, new: Programme, today: date) -> None:
    """The parts go on in the programme that takes the place of ``old`` after today."""
    new.fill_s = old.fill_s
    new.save(update_fields=["fill_s"])
    for part in old.parts.exclude(to_day__lte=today).order_by("pk"):
        _go_on(part, today, programme=new)


def last_begun(programme: Programme, now: datetime) -> date:
    """The last day whose session has begun or is about to; the one before today's when it is
    still to come."""
    today = local_day(now, programme.zone)
    begun = wall_ms(today, programme.starts_at, programme.zone) <= to_ms(now) + LEAD_MS
    last = today if begun else today - _DAY
    moved = programme.otherwise.filter(undone_at=None, day__gt=last, to_day__lte=today)
    return max([last, *moved.values_list("day", flat=True)])


def parts_in_force(programme: Programme, now: datetime) -> list[ProgrammePart]:
    """Those of the coming sessions, in their order."""
    last = last_begun(programme, now)
    rows = programme.parts.select_related("sound__rendition").filter(sound__retired_at=None)
    return list(rows.exclude(to_day__lte=last).order_by("place", "pk"))


def _open(programme: Programme, by: Person, now: datetime) -> Programme:
    lock_air(programme.unit)
    guard(by, RULERS, programme.unit, now)
    fresh = Programme.objects.select_related("unit").get(pk=programme.pk)
    if fresh.ended_at is not None:
        raise Refusal("programme-ended", _ENDED)
    return fresh


def _add(
    programme: Programme, part: ProgrammePart, *, before: bool, by: Person, now: datetime
) -> ProgrammePart:
    known = parts_in_force(programme, now)
    if len(known) >= MOST_PARTS:
        raise Refusal("too-many-parts", _TOO_MANY)
    if before:
        _make_room(known)
    part.programme = programme
    part.place = -1 if before else max([0, *(one.place for one in known)]) + 1
    part.from_day = max(local_day(now, programme.zone), programme.valid_from)
    part.added_by, part.added_at = by, now
    part.save()
    told = part.sound.title if part.sound else part.source
    _tell("add-programme-part", programme, by, now, part=part.pk, title=told, before=before)
    return part


def _make_room(known: Iterable[ProgrammePart]) -> None:
    """Leave the place next to the bulletins free. Moving all by one changes no order."""
    for one in known:
        if one.place < 0:
            one.place -= 1
            one.save(update_fields=["place"])


def _there(part: ProgrammePart, today: date) -> ProgrammePart:
    fresh = ProgrammePart.objects.get(pk=part.pk)
    if fresh.to_day is not None and fresh.to_day <= today:
        raise Refusal("part-gone", _GONE)
    return fresh


def _known(part: ProgrammePart, row: list[ProgrammePart | None]) -> ProgrammePart:
    if part not in row:
        raise Refusal("part-gone", _GONE)
    return part


def _row(programme: Programme, now: datetime) -> list[ProgrammePart | None]:
    """The parts in their order; None stands for the bulletins."""
    known = parts_in_force(programme, now)
    before = [one for one in known if one.place < 0]
    return [*before, None, *(one for one in known if one.place > 0)]


def _renew(row: list[ProgrammePart | None], last: date, by: Person, now: datetime) -> None:
    middle = row.index(None)
    for at, part in enumerate(row):
        if part is not None and part.place != at - middle:
            _go_on(part, last, place=at - middle, added_by=by, added_at=now)


def _go_on(part: ProgrammePart, last: date, **changed: object) -> None:
    """End the row after ``last`` and go on with another; occurrences stopped stay stopped."""
    before, until = part.pk, part.to_day
    ProgrammePart.objects.filter(pk=before).update(to_day=last)
    part.pk, part.to_day = None, until
    part.from_day = max(part.from_day, last + _DAY)
    for name, value in changed.items():
        setattr(part, name, value)
    part.save(force_insert=True)
    struck = StoppedOccurrence.objects.filter(unit_id=part.programme.unit_id)
    for one in struck.filter(item__startswith=f"r{before}-").order_by("pk"):
        day = one.item.removeprefix(f"r{before}-")
        if day[:8] > f"{last:%Y%m%d}":
            one.item = f"r{part.pk}-{day}"
            one.save(update_fields=["item"])


def _tell(action: str, programme: Programme, by: Person, now: datetime, **detail: Any) -> None:
    subject = f"programme:{programme.pk}"
    record(action, subject, by=by, unit=programme.unit, now=now, name=programme.name, **detail)
    airtime_changed(programme.unit_id)


_NOT_APPROVED = _("Only an approved sound of this commune's station can be a part.")
_MUSIC = _("Music fills the gaps by itself: say below up to what length.")
_UNNAMED = _("Name the station that is relayed.")
_LENGTH = _("Choose a length that a session can have.")
_ENDED = _("The programme has ended.")
_STATION_ENDED = _("This station is relayed no more.")
_GONE = _("This part was taken out before.")
_AT_THE_END = _("It stands at the end already.")
_TOO_MANY = _("A programme has at most 20 parts.")
