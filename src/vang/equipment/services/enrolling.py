"""Enrolment from the register: which device comes to the place, and the code for it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.base.refusals import Refusal
from vang.equipment.models import Device, Place
from vang.journal.services import record
from vang.people.models import Person
from vang.stations.enrolment import IssuedCode, issue_enrolment_code


@transaction.atomic
def expect_device(place: Place, *, device: Device | None, by: Person, now: datetime) -> Place:
    """The device that enrols here next is this one; None: one that is not in the register yet.

    Raises Refusal for one that serves elsewhere as an enrolled device, is lent or out of use.
    """
    fresh = Place.objects.select_for_update().get(pk=place.pk)
    if fresh.cluster_id is None or fresh.ended_at is not None:
        raise Refusal("place-without-cluster", _("No device can be enrolled at this place."))
    if device is not None:
        _may_come(device, fresh)
    fresh.expected = device
    fresh.save(update_fields=["expected"])
    record(
        "place.device-expected",
        f"place:{fresh.pk}",
        by=by,
        unit=fresh.unit,
        now=now,
        about=[f"cluster:{fresh.cluster_id}", *([f"device:{device.pk}"] if device else [])],
        device=str(device) if device else "",
    )
    return fresh


@transaction.atomic
def issue_code(place: Place, *, device: Device | None, by: Person, now: datetime) -> IssuedCode:
    """A one-time code for the device that comes here. Raises Refusal."""
    if place.cluster is None:
        raise Refusal("place-without-cluster", _("No device can be enrolled at this place."))
    issued = issue_enrolment_code(place.cluster, by=by, now=now)
    expect_device(place, device=device, by=by, now=now)
    return issued


def forget_expected(cluster_id: int) -> None:
    """A code made elsewhere is for any device: the one chosen for the code before it is not it."""
    Place.objects.filter(cluster=cluster_id).update(expected=None)


def _may_come(device: Device, place: Place) -> None:
    elsewhere = device.node_id is not None and device.place_id != place.pk
    away = device.state in (Device.State.LENT, Device.State.RETIRED)
    if elsewhere or away or device.unit_id != place.unit_id:
        raise Refusal(
            "device-unavailable",
            _("Choose a device of this commune from the store, or the one that hangs here."),
        )
