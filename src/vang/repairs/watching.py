"""Once a minute every device is looked at: faults open and close by themselves, storms are one
matter, and every five minutes a sample is kept. Never a row for a heartbeat.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from vang.base.rewriting import rewrite
from vang.repairs import notices
from vang.repairs.devices import Device, devices_now
from vang.repairs.kinds import RULES, Course, Kind, Verdict, advance
from vang.repairs.models import Fault, PlayCheck, Round, Ticket
from vang.repairs.outages import fold_into_outages
from vang.repairs.sampling import sample
from vang.stations.presence import Presence

EVERY = timedelta(minutes=1)
STORM_AFTER = timedelta(minutes=5)
_CHANGED = ["opened_at", "good_since", "closed_at", "worst"]


@dataclass
class Ledger:
    """The faults as this round leaves them."""

    made: list[Fault]
    changed: list[Fault]
    gone: list[Fault]
    opened: list[Fault]
    closed: list[Fault]

    @property
    def standing(self) -> list[Fault]:
        """Those touched now that are open."""
        touched = [*self.made, *self.changed]
        return [one for one in touched if one.opened_at and not one.closed_at]


def watch_due(*, now: datetime) -> int:
    """For the worker's tick. How many faults and outages opened or closed."""
    with transaction.atomic():
        row = Round.objects.select_for_update().order_by("pk").first()
        if row is not None and timedelta(0) <= now - row.last_at < EVERY:
            return 0
        row = row or Round()
        row.last_at = now
        devices = devices_now(now)
        news = _look(devices, now)
        if sample(devices, row.sampled_at, now=now):
            row.sampled_at = now
        row.save()
        _keep_checks(devices, now)
    return news


def _look(devices: Sequence[Device], now: datetime) -> int:
    ledger = _ledger(devices, now)
    Fault.objects.filter(pk__in=[one.pk for one in ledger.gone]).delete()
    Fault.objects.bulk_create(ledger.made, batch_size=500)
    rewrite(ledger.changed, _CHANGED)
    storm = fold_into_outages(devices, now=now)
    fresh = [one for one in ledger.opened if one.pk not in storm.folded and not one.closed_at]
    notices.tell_of_faults([*fresh, *storm.released], now=now)
    notices.settle_faults([one for one in ledger.closed if one.outage_id is None], now=now)
    return len(ledger.opened) + len(ledger.closed) + storm.changes


def _ledger(devices: Iterable[Device], now: datetime) -> Ledger:
    known = {
        (one.node_id, one.kind): one for one in Fault.objects.filter(closed_at=None).order_by("pk")
    }
    ledger = Ledger([], [], [], [], [])
    for device in devices:
        for kind in Kind:
            fault = known.pop((device.node, kind), None)
            _follow(ledger, device, kind, fault, now)
    for fault in known.values():
        _out_of_service(ledger, fault, now)
    return ledger


def _follow(ledger: Ledger, device: Device, kind: Kind, fault: Fault | None, now: datetime) -> None:
    """One kind of fault of one device, one reading further."""
    figure = None if kind is Kind.OFFLINE else RULES[kind].read(device.readings)
    verdict = _verdict(device, kind, figure)
    since = device.contact.seen if kind is Kind.OFFLINE else None
    before = _course(fault)
    after = advance(before, kind, verdict, now=now, since=since)
    if kind is Kind.OFFLINE and verdict is Verdict.BAD and after is not None:
        device.away = now - after.began >= STORM_AFTER
    if after is None:
        if fault is not None:
            ledger.gone.append(fault)
        return
    worse = _worse(fault, figure, kind)
    if after == before and not worse:
        return
    if fault is None:
        fault = Fault(node_id=device.node, cluster_id=device.cluster, kind=kind.value)
        ledger.made.append(fault)
    else:
        ledger.changed.append(fault)
    if worse:
        fault.worst = figure
    _take(ledger, fault, after)


def _take(ledger: Ledger, fault: Fault, after: Course) -> None:
    if after.opened is not None and fault.opened_at is None:
        ledger.opened.append(fault)
    if after.closed is not None:
        ledger.closed.append(fault)
    fault.began_at, fault.opened_at = after.began, after.opened
    fault.good_since, fault.closed_at = after.good_since, after.closed


def _verdict(device: Device, kind: Kind, figure: int | None) -> Verdict:
    if kind is not Kind.OFFLINE:
        return RULES[kind].judge(figure)
    told = {Presence.OFFLINE: Verdict.BAD, Presence.ONLINE: Verdict.GOOD}
    return told.get(device.presence, Verdict.UNKNOWN)


def _course(fault: Fault | None) -> Course | None:
    if fault is None:
        return None
    return Course(fault.began_at, fault.opened_at, fault.good_since, fault.closed_at)


def _worse(fault: Fault | None, figure: int | None, kind: Kind) -> bool:
    if figure is None or kind is Kind.OFFLINE:
        return False
    if fault is None or fault.worst is None:
        return True
    rule = RULES[kind]
    return figure < fault.worst if rule.bad < rule.good else figure > fault.worst


def _out_of_service(ledger: Ledger, fault: Fault, now: datetime) -> None:
    """Of a device that does not serve any more: what had opened is over, what had not never was."""
    if fault.opened_at is None:
        ledger.gone.append(fault)
        return
    fault.closed_at = max(now, fault.opened_at)
    ledger.changed.append(fault)
    ledger.closed.append(fault)


def _keep_checks(devices: Iterable[Device], now: datetime) -> None:
    """While a repair is open, what the device told of each play is kept for its proof."""
    repaired = Ticket.objects.filter(closed_at=None, there_at__isnull=False)
    watched = set(repaired.values_list("cluster", flat=True))
    if not watched:
        return
    rows = [
        check for device in devices if device.cluster in watched for check in _checks(device, now)
    ]
    PlayCheck.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["node", "item"],
        update_fields=["silent_ms", "sent_cdb", "heard", "score", "told_at"],
    )


def _checks(device: Device, now: datetime) -> Iterable[PlayCheck]:
    table = device.readings.get("health") or {}
    silence, heard = table.get("silence"), table.get("heard")
    for item in {one["item"] for one in (silence, heard) if one}:
        check = PlayCheck(node_id=device.node, item=item, told_at=now)
        if silence and silence["item"] == item:
            check.silent_ms, check.sent_cdb = silence["silent_ms"], silence["sent_cdb"]
        if heard and heard["item"] == item:
            check.heard, check.score = heard["verdict"], heard["score"]
        yield check
