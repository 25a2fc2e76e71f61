"""What the station consists of, from the register of equipment."""

from collections.abc import Mapping

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from vang.base.display import vi_date, vi_number
from vang.equipment.models import Device, Place, Segment
from vang.equipment.queries import (
    Summary,
    in_use,
    licences_ending,
    summary,
    working,
)
from vang.reports.facts.registry import MILLI, Asked, Fact, Figure, Record, Records, register

_TECHNOLOGIES = ("wired", "fm", "mixed", "ip")
_KINDS = {
    "transmitters": Device.Kind.TRANSMITTER,
    "amplifiers": Device.Kind.AMPLIFIER,
    "computers": Device.Kind.COMPUTER,
    "recorders": Device.Kind.RECORDER,
}


def equipment(asked: Asked) -> Mapping[str, Figure]:
    """As the register is now. What nobody entered is not known: it is never told as 0."""
    told = summary(asked.unit)
    return {
        **_stations(asked, told),
        **_hanging(told),
        **_assets(told),
        "stations.licences": _licences(asked, told),
    }


def _stations(asked: Asked, told: Summary) -> dict[str, Figure]:
    """One station: of which technology, and whether it works."""
    url = reverse("equipment:station")
    known = bool(told.technologies)
    found = {
        f"stations.{name}": Figure(told.technologies.get(name, 0) * MILLI if known else None, url)
        for name in _TECHNOLOGIES
    }
    lately, all_there = working(asked.unit, asked.now)
    states = {
        "working": bool(all_there) and lately == all_there,
        "partly": 0 < lately < all_there,
        "stopped": bool(all_there) and not lately,
    }
    for name, holds in states.items():
        milli = int(holds) * MILLI if all_there else None
        found[f"stations.{name}"] = Figure(milli, reverse("equipment:list"))
    return found


def _hanging(told: Summary) -> dict[str, Figure]:
    url = reverse("equipment:list")
    return {
        "clusters.speakers": Figure(told.speakers * MILLI if told.speakers else None, url),
        "clusters.watts": Figure(told.watts * MILLI if told.watts else None, url),
    }


def _assets(told: Summary) -> dict[str, Figure]:
    url, known = reverse("equipment:devices"), bool(told.devices)
    return {
        f"equipment.{name}": Figure(told.devices.get(kind, 0) * MILLI if known else None, url)
        for name, kind in _KINDS.items()
    }


def _licences(asked: Asked, told: Summary) -> Figure:
    url = reverse("equipment:station")
    if not told.technologies:
        return Figure(None, url)
    return Figure(licences_ending(asked.unit, asked.last).count() * MILLI, url)


def _segment_records(asked: Asked) -> Records:
    rows = Segment.objects.filter(unit=asked.unit, ended_at=None).order_by("kind", "name", "pk")
    return Records(rows, _show_segment)


def _licence_records(asked: Asked) -> Records:
    return Records(licences_ending(asked.unit, asked.last), _show_segment)


def _show_segment(segment: Segment) -> Record:
    detail = str(segment.get_kind_display())
    if segment.licence_until:
        until = gettext("licence until %(day)s") % {"day": vi_date(segment.licence_until)}
        detail = f"{detail}, {until}"
    return Record(segment.name, detail, reverse("equipment:segment", args=[segment.pk]))


def _places(asked: Asked) -> QuerySet[Place]:
    return Place.objects.filter(in_use(), unit=asked.unit)


def _hanging_records(asked: Asked) -> Records:
    rows = _places(asked).filter(Q(speakers__gt=0) | Q(watts__gt=0))
    return Records(rows.order_by("name", "pk"), _show_place)


def _place_records(asked: Asked) -> Records:
    rows = _places(asked).filter(cluster__isnull=False)
    return Records(rows.order_by("name", "pk"), _show_place)


def _show_place(place: Place) -> Record:
    words = gettext("%(speakers)s loudspeakers, %(watts)s W") % {
        "speakers": vi_number(place.speakers),
        "watts": vi_number(place.watts),
    }
    return Record(place.name, words, reverse("equipment:place", args=[place.pk]))


class _Devices:
    """The devices of one kind that are not out of use."""

    def __init__(self, kind: str) -> None:
        self._kind = kind

    def __call__(self, asked: Asked) -> Records:
        rows = Device.objects.filter(unit=asked.unit, kind=self._kind)
        found = rows.exclude(state=Device.State.RETIRED).select_related("place")
        return Records(found.order_by("name", "pk"), _show_device)


def _show_device(device: Device) -> Record:
    where = device.place.name if device.place else str(device.get_state_display())
    return Record(str(device), where, reverse("equipment:device", args=[device.pk]))


def add() -> None:
    """Called when the process starts."""
    technology = _("From the ways of transmission in the register of equipment, when the figure "
                   "was taken. A station over the Internet counts as such whatever else it has; "
                   "one with FM and wire as both.")  # fmt: skip
    works = _("Working: every device in service was heard within 24 hours before the figure was "
              "taken. Partly: some were. Stopped: none was.")  # fmt: skip
    hangs = _("Added up over the places of the register of equipment that are in use.")
    counted = _("Devices in the register of equipment that are not out of use, when the figure "
                "was taken.")  # fmt: skip
    ends = _("Frequency licences that end within half a year after the last day of the period.")
    register(
        equipment,
        Fact("stations.wired", _("Stations by wire"), technology, _segment_records),
        Fact("stations.fm", _("Stations by FM"), technology, _segment_records),
        Fact("stations.mixed", _("Stations by FM and wire"), technology, _segment_records),
        Fact("stations.ip", _("Stations over the Internet"), technology, _segment_records),
        Fact("stations.working", _("Stations that work"), works, _place_records),
        Fact("stations.partly", _("Stations that work in part"), works, _place_records),
        Fact("stations.stopped", _("Stations that do not work"), works, _place_records),
        Fact("stations.licences", _("Frequency licences that end"), ends, _licence_records),
        Fact("clusters.speakers", _("Loudspeakers in use"), hangs, _hanging_records),
        Fact("clusters.watts", _("Power of the loudspeakers (W)"), hangs, _hanging_records),
        Fact("equipment.transmitters", _("FM transmitters"), counted,
             _Devices(Device.Kind.TRANSMITTER)),
        Fact("equipment.amplifiers", _("Amplifiers"), counted, _Devices(Device.Kind.AMPLIFIER)),
        Fact("equipment.computers", _("Computers"), counted, _Devices(Device.Kind.COMPUTER)),
        Fact("equipment.recorders", _("Recorders"), counted, _Devices(Device.Kind.RECORDER)),
    )  # fmt: skip
