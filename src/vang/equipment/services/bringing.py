"""An inventory from a file: preview first, then all that can be used, or nothing."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.base.refusals import Refusal
from vang.equipment.inventory import Unusable, Wanted, Wrong, wanted_of
from vang.equipment.models import Brought, Device, Place, Segment, looked_for
from vang.equipment.services.devices import Facts, add_device, change_device, put_up_device
from vang.journal.services import record
from vang.library.tables import TableRefused, Trouble, read_table
from vang.orgs.models import Unit
from vang.people.models import Person

MOST = 2_000
"""Rows at once: they are taken over while somebody waits."""
_KEPT = timedelta(days=7)
_TROUBLES = {
    Trouble.EMPTY: _("The file is empty."),
    Trouble.OLD: _("This is an old Excel file (.xls). Save it as .xlsx."),
    Trouble.MACROS: _("The workbook has macros. Save it without, as .xlsx."),
    Trouble.DAMAGED: _("The file is damaged."),
    Trouble.NOT_TEXT: _("The file is no table."),
    Trouble.TOO_MANY_ROWS: _("The table has too many rows."),
    Trouble.TOO_WIDE: _("The table has too many columns."),
}


class Fate(StrEnum):
    """What a row comes to."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True)
class Outcome:
    """``place`` None: into the store, or where it is; ``opens``: the place is new."""

    wanted: Wanted
    fate: Fate
    device: Device | None
    place: Place | None
    opens: str = ""

    @property
    def where(self) -> str:
        return self.opens or (self.place.name if self.place else "")


@dataclass
class Preview:
    """What would be done."""

    outcomes: list[Outcome] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        told = {fate.value: 0 for fate in Fate}
        for one in self.outcomes:
            told[one.fate.value] += 1
        return {**told, "wrong": len(self.wrong)}

    @property
    def does_something(self) -> bool:
        return any(one.fate is not Fate.SAME for one in self.outcomes)


@transaction.atomic
def bring_inventory(*, unit: Unit, content: bytes, name: str, by: Person, now: datetime) -> Brought:
    """Read the file and keep it for the preview. Raises Refusal."""
    try:
        rows = read_table(content)
    except TableRefused as refused:
        raise Refusal(refused.trouble.value, _TROUBLES[refused.trouble]) from refused
    if len(rows) > MOST + 1:
        raise Refusal("inventory-too-long", _("At most 2,000 devices at once. Divide the file."))
    wanted, wrong = wanted_of(rows)
    Brought.objects.filter(done_at=None, at__lt=now - _KEPT).delete()
    return Brought.objects.create(
        unit=unit,
        name=name[:200],
        rows=[asdict(one) for one in wanted],
        wrong=[[one.line, one.text, str(one.reason)] for one in wrong],
        by=by,
        at=now,
    )


def preview_of(brought: Brought) -> Preview:
    """What it would do as things are now."""
    known = _Known(brought.unit)
    preview = Preview(wrong=[Wrong(*row) for row in brought.wrong])
    for row in brought.rows:
        wanted = Wanted(**row)
        try:
            preview.outcomes.append(known.judge(wanted))
        except Unusable as unusable:
            text = " · ".join(part for part in (wanted.name, wanted.serial, wanted.place) if part)
            preview.wrong.append(Wrong(wanted.line, text, unusable.reason))
    preview.wrong.sort(key=lambda one: one.line)
    return preview


class _Known:
    """What the register has, read once."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        held = Device.objects.exclude(serial="").select_related("place")
        self.devices = {(one.vendor, one.serial): one for one in held.filter(unit=unit)}
        self.nameless = {
            (one.kind, looked_for(one.name), one.place_id)
            for one in Device.objects.filter(unit=unit, serial="")
        }
        others = held.exclude(unit=unit).values_list("vendor", "serial")
        self.foreign = set(others)
        rows = Place.objects.filter(unit=unit, ended_at=None).select_related("cluster")
        self.places: dict[str, Place] = {}
        for place in rows:
            self.places.setdefault(looked_for(place.name), place)
            if place.cluster is not None:
                self.places[looked_for(place.cluster.code)] = place
        self.segments: dict[str, Segment] = {}
        for one in Segment.objects.filter(unit=unit, ended_at=None).order_by("pk"):
            self.segments.setdefault(one.kind, one)

    def judge(self, wanted: Wanted) -> Outcome:
        """Raises Unusable."""
        if wanted.serial and (wanted.vendor, wanted.serial) in self.foreign:
            raise Unusable(_("Another commune has a device with this serial number."))
        place = self.places.get(looked_for(wanted.place))
        opens = self._new_place(wanted) if wanted.place and place is None else ""
        device = self.devices.get((wanted.vendor, wanted.serial)) if wanted.serial else None
        if device is None:
            key = (wanted.kind, looked_for(wanted.name), place.pk if place else None)
            again = not wanted.serial and not opens and key in self.nameless
            return Outcome(wanted, Fate.SAME if again else Fate.NEW, None, place, opens)
        moves = bool(opens) or (place is not None and device.place_id != place.pk)
        if moves:
            _may_move(device)
        same = not moves and _facts(wanted) == _present(device)
        return Outcome(wanted, Fate.SAME if same else Fate.CHANGED, device, place, opens)

    def _new_place(self, wanted: Wanted) -> str:
        if wanted.segment not in ("FM", "WIRED"):
            raise Unusable(
                _("The commune has no place of this name. Add its loudspeaker cluster first.")
            )
        if wanted.segment not in self.segments:
            raise Unusable(_("The commune has no way of transmission of this kind. Add it first."))
        return wanted.place


def _may_move(device: Device) -> None:
    if device.node_id is not None:
        raise Unusable(
            _("The device serves where it enrolled. To move it, enrol it at the other place.")
        )
    if device.state == Device.State.LENT:
        raise Unusable(_("The device is lent. Take it back first."))


def _facts(wanted: Wanted) -> Facts:
    plain = {one.name: getattr(wanted, one.name) for one in fields(Facts)}
    bought, until = _day(wanted.bought_on), _day(wanted.warranty_until)
    return Facts(**{**plain, "bought_on": bought, "warranty_until": until})


def _day(told: str) -> date | None:
    return date.fromisoformat(told) if told else None


def _present(device: Device) -> Facts:
    return Facts(**{one.name: getattr(device, one.name) for one in fields(Facts)})


@transaction.atomic
def take_over(brought: Brought, *, by: Person, now: datetime) -> Preview:
    """Do what the preview shows. Raises Refusal; then nothing is done."""
    fresh = (
        Brought.objects.select_for_update(of=("self",)).select_related("unit").get(pk=brought.pk)
    )
    if fresh.done_at is not None:
        raise Refusal("inventory-done", _("This file has been taken over already."))
    preview = preview_of(fresh)
    if not preview.does_something:
        raise Refusal("inventory-says-nothing", _("The file changes nothing."))
    opened: dict[str, Place] = {}
    for one in preview.outcomes:
        if one.fate is not Fate.SAME:
            _carry_out(one, fresh.unit, opened, by, now)
    fresh.done_at, fresh.rows = now, []
    fresh.save(update_fields=["done_at", "rows"])
    record(
        "equipment.brought",
        f"unit:{fresh.unit_id}",
        by=by,
        unit=fresh.unit,
        now=now,
        file=fresh.name,
        counts=preview.counts,
    )
    return preview


def _carry_out(
    one: Outcome, unit: Unit, opened: dict[str, Place], by: Person, now: datetime
) -> None:
    place = one.place
    if one.opens:
        key = looked_for(one.opens)
        place = opened.get(key) or _open(one, unit)
        opened[key] = place
    if place is not None:
        _cover(place, one.wanted)
    if one.device is None:
        add_device(unit=unit, facts=_facts(one.wanted), place=place, by=by, now=now)
        return
    device = change_device(one.device, facts=_facts(one.wanted), by=by, now=now)
    if place is not None and device.place_id != place.pk:
        put_up_device(device, place=place, by=by, now=now)


def _open(one: Outcome, unit: Unit) -> Place:
    segment = Segment.objects.filter(unit=unit, kind=one.wanted.segment, ended_at=None)
    return Place.objects.create(unit=unit, segment=segment.order_by("pk").first(), name=one.opens)


def _cover(place: Place, wanted: Wanted) -> None:
    told: Sequence[str] = [
        name for name in ("speakers", "watts", "households") if getattr(wanted, name) is not None
    ]
    for name in told:
        setattr(place, name, getattr(wanted, name))
    if told:
        place.save(update_fields=list(told))
