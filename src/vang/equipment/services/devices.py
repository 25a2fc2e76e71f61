"""Devices as assets: bought, put up, taken down, lent, out of use."""

from dataclasses import dataclass, fields
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.equipment.models import Device, Place
from vang.equipment.services.stays import end_stay, stand
from vang.journal.services import record
from vang.orgs.models import Unit
from vang.people.models import Person

_State = Device.State
MOST_PRICE = 10**12
"""VND."""


@dataclass(frozen=True)
class Facts:
    """What is known of a device. ``price`` in VND; the days are the last ones that count."""

    kind: str
    name: str
    vendor: str = ""
    serial: str = ""
    bought_on: date | None = None
    warranty_until: date | None = None
    price: int | None = None
    funding: str = ""
    network: str = ""
    sim_number: str = ""
    sim_operator: str = ""
    note: str = ""


@transaction.atomic
def add_device(
    *, unit: Unit, facts: Facts, place: Place | None = None, by: Person, now: datetime
) -> Device:
    """Into the store, or at once to a place of the commune. Raises Refusal."""
    device = Device(unit=unit)
    _fill(device, facts)
    _tell("device.added", device, by=by, now=now, facts=facts.name, kind=facts.kind)
    if place is not None:
        put_up_device(device, place=place, by=by, now=now)
    return device


@transaction.atomic
def change_device(device: Device, *, facts: Facts, by: Person, now: datetime) -> Device:
    """Change what is known of it. Raises Refusal."""
    fresh = _locked(device)
    changed = [one.name for one in fields(Facts) if getattr(fresh, one.name) != _said(facts, one)]
    fresh.described = True
    _fill(fresh, facts)
    _tell("device.changed", fresh, by=by, now=now, changed=changed)
    return fresh


@transaction.atomic
def put_up_device(device: Device, *, place: Place, by: Person, now: datetime) -> Device:
    """It serves at the place from now on. One that has enrolled serves where its cluster is, and
    moves only by enrolling there. Raises Refusal."""
    fresh = _locked(device)
    if fresh.state == _State.LENT:
        raise Refusal("device-lent", _("The device is lent. Take it back first."))
    if fresh.node_id is not None:
        raise Refusal(
            "device-enrolled",
            _("The device serves where it enrolled. To move it, enrol it at the other place."),
        )
    if place.unit_id != fresh.unit_id or place.ended_at is not None:
        raise Refusal("place-foreign", _("Choose a place of this commune that is in use."))
    if fresh.place_id == place.pk:
        raise Refusal("device-there", _("The device stands there already."))
    stand(fresh, place, by=by, now=now)
    about = [f"place:{place.pk}"]
    _tell("device.put-up", fresh, by=by, now=now, about=about, place=place.name)
    return fresh


@transaction.atomic
def store_device(device: Device, *, by: Person, now: datetime) -> Device:
    """Taken down, into the store. Raises Refusal."""
    fresh = _locked(device)
    if fresh.state != _State.SERVING:
        raise Refusal("device-not-serving", _("The device stands nowhere."))
    _leave(fresh, now)
    place = fresh.place
    fresh.state, fresh.place = _State.STORED, None
    fresh.save(update_fields=["state", "place"])
    about = [f"place:{place.pk}"] if place else []
    _tell("device.taken-down", fresh, by=by, now=now, about=about, place=str(place))
    return fresh


@transaction.atomic
def lend_device(device: Device, *, to: str, until: date, by: Person, now: datetime) -> Device:
    """To somebody until a day; those who keep the register are reminded. Raises Refusal."""
    fresh, borrower = _locked(device), " ".join(clean_text(to).split())[:200]
    if not borrower:
        raise Refusal("borrower-missing", _("Say to whom it is lent."))
    if until < local_date(now):
        raise Refusal("loan-over", _("The day on which it comes back lies in the past."))
    if fresh.state == _State.LENT:
        raise Refusal("device-lent", _("The device is lent. Take it back first."))
    _leave(fresh, now)
    fresh.state, fresh.place = _State.LENT, None
    fresh.lent_to, fresh.lent_until = borrower, until
    fresh.save(update_fields=["state", "place", "lent_to", "lent_until"])
    _tell("device.lent", fresh, by=by, now=now, to=borrower, until=until.isoformat())
    return fresh


@transaction.atomic
def take_back_device(device: Device, *, by: Person, now: datetime) -> Device:
    """Back from a loan, or again in use: into the store. Raises Refusal."""
    fresh = _locked(device)
    if fresh.state not in (_State.LENT, _State.RETIRED):
        raise Refusal("device-not-away", _("The device is neither lent nor out of use."))
    whence = fresh.lent_to
    fresh.state, fresh.lent_to, fresh.lent_until = _State.STORED, "", None
    fresh.save(update_fields=["state", "lent_to", "lent_until"])
    _tell("device.taken-back", fresh, by=by, now=now, whence=whence)
    return fresh


@transaction.atomic
def retire_device(device: Device, *, why: str, by: Person, now: datetime) -> Device:
    """Out of use for good, with the reason; its history stays. Raises Refusal."""
    fresh, reason = _locked(device), " ".join(clean_text(why).split())[:300]
    if not reason:
        raise Refusal("reason-missing", _("Say why it is out of use."))
    if fresh.state == _State.RETIRED:
        raise Refusal("device-retired", _("The device is out of use already."))
    _leave(fresh, now)
    fresh.state, fresh.place = _State.RETIRED, None
    fresh.lent_to, fresh.lent_until = "", None
    fresh.save(update_fields=["state", "place", "lent_to", "lent_until"])
    _tell("device.retired", fresh, by=by, now=now, why=reason)
    return fresh


def _leave(device: Device, now: datetime) -> None:
    """Raises Refusal while it still plays what it is told."""
    if device.node_id is not None:
        raise Refusal(
            "device-enrolled-here",
            _("The device is enrolled and plays. First take it out of service on its cluster."),
        )
    end_stay(device, now)


def _locked(device: Device) -> Device:
    rows = Device.objects.select_for_update(of=("self",)).select_related("unit", "place")
    return rows.get(pk=device.pk)


def _said(facts: Facts, field: object) -> object:
    return getattr(facts, field.name)  # type: ignore[attr-defined]


def _fill(device: Device, facts: Facts) -> None:
    for one in fields(Facts):
        value = getattr(facts, one.name)
        setattr(
            device,
            one.name,
            " ".join(clean_text(value).split()) if isinstance(value, str) else value,
        )
    _check(device)
    try:
        with transaction.atomic():
            device.save()
    except IntegrityError as error:
        raise Refusal(
            "serial-taken", _("A device with this serial number is in the register.")
        ) from error


def _check(device: Device) -> None:
    if not device.name:
        raise Refusal("device-without-name", _("Give make and model of the device."))
    if device.kind not in Device.Kind.values:
        raise Refusal("device-kind", _("Choose what kind of device it is."))
    if device.price is not None and not 0 <= device.price <= MOST_PRICE:
        raise Refusal("device-price", _("The price lies between 0 and 1,000 billion VND."))
    if device.bought_on and device.warranty_until and device.warranty_until < device.bought_on:
        raise Refusal("warranty-before-purchase", _("The warranty ends before the purchase."))


def _tell(
    action: str,
    device: Device,
    *,
    by: Person,
    now: datetime,
    about: list[str] | None = None,
    **detail: object,
) -> None:
    record(
        action,
        f"device:{device.pk}",
        by=by,
        unit=device.unit,
        now=now,
        about=about or [],
        device=str(device),
        **detail,
    )
