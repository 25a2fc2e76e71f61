"""Devices as they are found (vang.search): by model, serial number and place."""

from collections.abc import Collection, Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from vang.equipment.models import Device
from vang.search.kinds import Item, Kind
from vang.search.kinds import register as register_kinds

_CHUNK = 500


def items(keys: Collection[str] | None) -> Iterator[Item]:
    """In the order in which they were added. A SIM's number is not found."""
    rows = Device.objects.order_by("pk").select_related("place", "unit__parent__parent__parent")
    if keys is not None:
        rows = rows.filter(pk__in=[int(key) for key in keys if key.isdecimal()])
    for device in rows.iterator(chunk_size=_CHUNK):
        where = device.place.name if device.place else ""
        yield Item(
            key=str(device.pk),
            unit=device.unit,
            title=str(device),
            text="\n".join([device.get_kind_display(), device.vendor, device.serial, where]),
            url=reverse("equipment:device", args=[device.pk]),
            note=where,
            state=f"device_{device.state.lower()}",
        )


def register() -> None:
    """Called when the process starts."""
    kind = Kind("device", _("Devices"), "device-desktop", items, order=25, view="equipment:device")
    register_kinds(kind)
