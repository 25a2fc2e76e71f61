"""The station's own sounds: chosen from the library by one person, approved by another."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.airtime.access import DECIDERS, PLACERS, guard
from vang.airtime.changes import airtime_changed
from vang.airtime.models import StationSound
from vang.airtime.services.locking import lock_air
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.journal.services import record
from vang.library.models import Item
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.voice.models import Rendition
from vang.voice.services import request_rendition

MOST_SOUNDS = 200
"""In use in one commune."""

Kind = StationSound.Kind


def choose_sound(
    *,
    unit: Unit,
    item: Item,
    kind: str,
    title: str = "",
    relayed_from: str = "",
    by: Person,
    now: datetime,
) -> StationSound:
    """A recording of the library becomes a sound of the station once it is approved.

    Raises Refusal. ``relayed_from`` names the station of a relayed programme; its own title is
    the item's unless one is given.
    """
    with transaction.atomic():
        lock_air(unit)
        guard(by, PLACERS, unit, now)
        _check(unit, item, kind, relayed_from)
        assert item.recording is not None  # noqa: S101 - the database sees to it
        sound = StationSound.objects.create(
            unit=unit,
            kind=kind,
            title=_line(title, 200) or item.title,
            relayed_from=_line(relayed_from, 120) if kind == Kind.RELAY else "",
            item=item,
            rendition=request_rendition(unit=unit, text="", recording=item.recording, now=now),
            chosen_by=by,
            chosen_at=now,
        )
        record(
            "choose-station-sound",
            f"station-sound:{sound.pk}",
            by=by,
            unit=unit,
            now=now,
            kind=kind,
            title=sound.title,
            item=item.pk,
        )
        return sound


def approve_sound(*, sound: StationSound, sha256: str, by: Person, now: datetime) -> StationSound:
    """The very file with this hash may go on the air. By another than who chose it; Refusal."""
    with transaction.atomic():
        lock_air(sound.unit)
        guard(by, DECIDERS, sound.unit, now)
        fresh = _fresh(sound)
        if fresh.approved_at is not None:
            raise Refusal("already-approved", _ALREADY)
        if fresh.chosen_by_id == by.pk:
            raise Refusal("own-sound", _OWN)
        if fresh.rendition.state != Rendition.State.READY:
            raise Refusal("no-sound-yet", _NOT_READY)
        if fresh.rendition.sha256 != sha256:
            raise Refusal("sound-changed", _CHANGED)
        fresh.approved_by, fresh.approved_at, fresh.approved_sha256 = by, now, sha256
        fresh.save(update_fields=["approved_by", "approved_at", "approved_sha256"])
        return _told("approve-station-sound", fresh, by=by, now=now, sha256=sha256)


def retire_sound(*, sound: StationSound, by: Person, now: datetime) -> StationSound:
    """It is heard no more from now on, also where it sounds; what was heard stays in the log."""
    with transaction.atomic():
        lock_air(sound.unit)
        guard(by, PLACERS, sound.unit, now)
        fresh = _fresh(sound)
        fresh.retired_at = now
        fresh.save(update_fields=["retired_at"])
        return _told("retire-station-sound", fresh, by=by, now=now)


def _check(unit: Unit, item: Item, kind: str, relayed_from: str) -> None:
    if item.unit_id != unit.pk or item.kind != Item.Kind.AUDIO or item.archived_at is not None:
        raise Refusal("not-a-recording", _NOT_AUDIO)
    if item.licence == Item.Licence.UNKNOWN:
        raise Refusal("rights-unknown", _RIGHTS)
    if kind == Kind.RELAY and not _line(relayed_from, 120):
        raise Refusal("station-unnamed", _UNNAMED)
    known = StationSound.objects.filter(unit=unit, retired_at=None)
    if known.filter(item=item, kind=kind).exists():
        raise Refusal("already-chosen", _TWICE)
    if known.count() >= MOST_SOUNDS:
        raise Refusal("too-many-sounds", _TOO_MANY)


def _fresh(sound: StationSound) -> StationSound:
    fresh = StationSound.objects.select_related("unit", "rendition").get(pk=sound.pk)
    if fresh.retired_at is not None:
        raise Refusal("retired", _RETIRED)
    return fresh


def _line(text: str, most: int) -> str:
    return " ".join(clean_text(text).split())[:most]


def _told(
    action: str, sound: StationSound, *, by: Person, now: datetime, **detail: str
) -> StationSound:
    subject = f"station-sound:{sound.pk}"
    record(action, subject, by=by, unit=sound.unit, now=now, title=sound.title, **detail)
    airtime_changed(sound.unit_id)
    return sound


_NOT_AUDIO = _("Choose a recording of this commune's library.")
_RIGHTS = _("Say in the library first whose recording it is and that it may be broadcast.")
_UNNAMED = _("Name the station whose programme it is.")
_TWICE = _("This recording serves for this already.")
_TOO_MANY = _("The station has very many sounds. Put some out of use first.")
_ALREADY = _("It is approved already.")
_OWN = _("Who chose a sound does not approve it: ask a colleague.")
_NOT_READY = _("The sound is still being prepared. Listen to it before you approve it.")
_CHANGED = _("The sound is another one now. Listen to it again.")
_RETIRED = _("This sound is no longer in use.")
