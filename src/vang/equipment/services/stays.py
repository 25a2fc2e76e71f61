"""Where a device stands: one place at a time, and every stay is kept."""

from datetime import datetime

from vang.equipment.models import Device, Place, Stay
from vang.people.models import Person


def stand(device: Device, place: Place, *, by: Person | None, now: datetime) -> None:
    """Put it there from now on; its stay elsewhere ends."""
    moves = device.pk is None or device.place_id != place.pk
    device.state, device.place = Device.State.SERVING, place
    if moves and device.pk is not None:
        end_stay(device, now)
    device.save()
    if moves:
        Stay.objects.create(device=device, place=place, since=now, by=by)


def end_stay(device: Device, now: datetime) -> None:
    for stay in Stay.objects.filter(device=device, until=None):
        stay.until = max(now, stay.since)
        stay.save(update_fields=["until"])
