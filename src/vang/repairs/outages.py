"""Faults of a storm stand below one outage, and come out of it when it is over."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from vang.journal.services import record
from vang.orgs.models import Unit
from vang.repairs import notices
from vang.repairs.devices import Device
from vang.repairs.models import Fault, Outage
from vang.repairs.storms import Place, counted, storm_places


@dataclass
class Storm:
    """``folded``: keys of faults below an outage; ``released``: those told by themselves now."""

    folded: set[int] = field(default_factory=set)
    released: list[Fault] = field(default_factory=list)
    changes: int = 0


def fold_into_outages(devices: Sequence[Device], *, now: datetime) -> Storm:
    """After the faults of this round are written."""
    standing = {one.unit_id: one for one in Outage.objects.filter(closed_at=None).order_by("pk")}
    if not standing and not any(one.away for one in devices):
        return Storm()
    places = counted((one.unit, one.parent, one.away) for one in devices)
    faults = _by_unit(devices)
    known = {unit for unit, these in faults.items() if any(one.outage_id for one in these)}
    storm = Storm()
    for told, communes in storm_places(places, known).items():
        below = [fault for unit in communes for fault in faults.get(unit, ())]
        outage = standing.pop(told, None)
        if outage is None and below:
            outage = _opened(told, [places[unit] for unit in communes], below, now)
            storm.changes += 1
        if outage is not None:
            _grow(outage, [places[unit] for unit in communes])
            _put(below, outage)
            storm.folded.update(fault.pk for fault in below)
    _release(faults, storm)
    for outage in standing.values():
        _closed(outage, now)
        storm.changes += 1
    return storm


def _by_unit(devices: Iterable[Device]) -> Mapping[int, list[Fault]]:
    """Open faults of contact by the commune in which the device serves."""
    units = {one.node: one.unit for one in devices}
    rows = Fault.objects.filter(
        kind=Fault.Kind.OFFLINE, closed_at=None, opened_at__isnull=False
    ).order_by("pk")
    found: dict[int, list[Fault]] = defaultdict(list)
    for fault in rows:
        if fault.node_id in units:
            found[units[fault.node_id]].append(fault)
    return found


def _opened(told: int, places: Sequence[Place], faults: Sequence[Fault], now: datetime) -> Outage:
    unit = Unit.objects.get(pk=told)
    away, serving = sum(one.away for one in places), sum(one.serving for one in places)
    began = min(fault.began_at for fault in faults)
    made = Outage.objects.create(
        unit=unit, began_at=began, opened_at=now, away=away, serving=serving
    )
    subject = f"outage:{made.pk}"
    record("outage.opened", subject, by=None, unit=unit, now=now, away=away, serving=serving)
    notices.tell_of_outage(made, now=now)
    return made


def _grow(outage: Outage, places: Sequence[Place]) -> None:
    away = sum(one.away for one in places)
    if away > outage.away:
        outage.away, outage.serving = away, sum(one.serving for one in places)
        outage.save(update_fields=["away", "serving"])


def _put(faults: Sequence[Fault], outage: Outage) -> None:
    others = [fault.pk for fault in faults if fault.outage_id != outage.pk]
    if others:
        Fault.objects.filter(pk__in=others).update(outage=outage)


def _release(faults: Mapping[int, list[Fault]], storm: Storm) -> None:
    storm.released = [
        fault
        for these in faults.values()
        for fault in these
        if fault.outage_id is not None and fault.pk not in storm.folded
    ]
    if storm.released:
        Fault.objects.filter(pk__in=[one.pk for one in storm.released]).update(outage=None)


def _closed(outage: Outage, now: datetime) -> None:
    outage.closed_at = now
    outage.save(update_fields=["closed_at"])
    record("outage.closed", f"outage:{outage.pk}", by=None, unit=outage.unit, now=now)
    notices.settle_outage(outage, now=now)
