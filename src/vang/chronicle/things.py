"""What the journal tells of: its kinds in words, and who may read of one thing."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet, Value
from django.http import Http404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vang.airtime.access import readable_programme
from vang.bulletins.access import open_bulletin
from vang.claims.access import open_claim
from vang.claims.models import Claim
from vang.editorial.access import open_series
from vang.editorial.models import Series
from vang.equipment.access import readable
from vang.equipment.models import Device, Place, Segment
from vang.library.access import open_item
from vang.library.models import Item
from vang.orgs.queries import valid_on
from vang.people.access import Role, may
from vang.people.models import Invitation, Membership, Person
from vang.repairs.access import open_ticket_of
from vang.stations.access import readable_cluster


@dataclass(frozen=True)
class Thing:
    """One thing before somebody who may read of it. ``units``: only rows of these; None is all."""

    name: str
    url: str
    units: frozenset[int] | None = None


def bulletin(reader: Person, pk: int, on: date) -> Thing:
    reading = open_bulletin(reader, pk, on)
    current = reading.bulletin.current
    title = current.title if current is not None else str(pk)
    return Thing(title, reverse("bulletins:detail", args=[pk]))


def programme(reader: Person, pk: int, on: date) -> Thing:
    found = readable_programme(pk, reader, on)
    return Thing(found.name, reverse("airtime:times", args=[pk]))


def cluster(reader: Person, pk: int, on: date) -> Thing:
    found = readable_cluster(pk, reader, on)
    return Thing(found.name, reverse("stations:detail", args=[pk]))


def device(reader: Person, pk: int, on: date) -> Thing:
    found = readable(Device, pk, reader, on)
    return Thing(str(found), reverse("equipment:device", args=[pk]))


def place(reader: Person, pk: int, on: date) -> Thing:
    found = readable(Place, pk, reader, on)
    return Thing(found.name, reverse("equipment:place", args=[pk]))


def segment(reader: Person, pk: int, on: date) -> Thing:
    found = readable(Segment, pk, reader, on)
    return Thing(found.name, reverse("equipment:segment", args=[pk]))


def ticket(reader: Person, pk: int, on: date) -> Thing:
    found = open_ticket_of(reader, pk, on)
    return Thing(str(found), reverse("repairs:ticket", args=[pk]))


def claim(reader: Person, pk: int, on: date) -> Thing:
    found = open_claim(reader, pk, on).claim
    return Thing(found.title, reverse("claims:claim", args=[pk]))


def material(reader: Person, pk: int, on: date) -> Thing:
    found = open_item(reader, pk, on)
    return Thing(found.title, reverse("library:detail", args=[pk]))


def series(reader: Person, pk: int, on: date) -> Thing:
    found = open_series(reader, pk, on)
    return Thing(found.name, reverse("editorial:series", args=[pk]))


def person(reader: Person, pk: int, on: date) -> Thing:
    """Oneself, or a colleague: then only what happened where the reader is administrator."""
    if reader.pk == pk:
        return Thing(reader.full_name, reverse("people:account"))
    held = Membership.objects.filter(valid_on(on), person=pk).select_related(
        "person", "unit__parent__parent__parent"
    )
    units = {row.unit_id: row.unit for row in held}
    mine = frozenset(
        key for key, unit in units.items() if may(reader, Role.ADMINISTRATOR, unit, on)
    )
    if not mine:
        raise Http404
    name = next(row.person.full_name for row in held)
    return Thing(name, reverse("people:person", args=[pk]), mine)


OPENED: Mapping[str, Callable[[Person, int, date], Thing]] = {
    "bulletin": bulletin,
    "programme": programme,
    "cluster": cluster,
    "device": device,
    "place": place,
    "segment": segment,
    "claim": claim,
    "ticket": ticket,
    "item": material,
    "series": series,
    "person": person,
}
"""By the kind in the journal's subject ("bulletin:12"). Each raises Http404 for a stranger."""


def open_thing(reader: Person, kind: str, key: str, on: date) -> Thing:
    """Raises Http404 when there is no such thing or the reader is a stranger to it."""
    opened = OPENED.get(kind)
    if opened is None or not key.isdecimal() or len(key) > _LONGEST:
        raise Http404
    return opened(reader, int(key), on)


_LONGEST = 18  # digits that a key of the database can have


NAMES: Mapping[str, tuple[QuerySet[Any], str]] = {
    "person": (Person.objects.all(), "full_name"),
    "invitation": (Invitation.objects.all(), "full_name"),
    "claim": (Claim.objects.all(), "title"),
    "place": (Place.objects.all(), "name"),
    "segment": (Segment.objects.all(), "name"),
    "item": (Item.objects.all(), "title"),
    "series": (Series.objects.all(), "name"),
}
"""Where the names are of what is not found by searching, for whoever reads a row about it."""


def names_of(keys: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """By kind and key, of the kinds in ``NAMES``. One query."""
    wanted: dict[str, list[int]] = {}
    for kind, pk in keys:
        wanted.setdefault(kind, []).append(pk)
    parts = [
        NAMES[kind][0].filter(pk__in=pks).order_by().values_list(Value(kind), "pk", NAMES[kind][1])
        for kind, pks in wanted.items()
        if kind in NAMES
    ]
    if not parts:
        return {}
    return {(kind, pk): name for kind, pk, name in parts[0].union(*parts[1:], all=True)}


LABELS: Mapping[str, str | Promise] = {
    "bulletin": _("Bulletin"),
    "programme": _("Programme"),
    "cluster": _("Cluster"),
    "device": _("Device"),
    "place": _("Place"),
    "segment": _("Way of transmission"),
    "ticket": _("Repair"),
    "part": _("Spare part"),
    "outage": _("Many out of contact"),
    "person": _("Person"),
    "invitation": _("Invitation"),
    "claim": _("Claim that spreads"),
    "item": _("Material"),
    "series": _("Series"),
    "alert": _("Emergency alert"),
    "live-session": _("Live voice"),
    "alert-template": _("Template for emergency alerts"),
    "pronunciation": _("Pronunciation"),
    "text": _("Text"),
    "report": _("Report"),
    "report-form": _("Form for reports"),
    "report-round": _("Round of reports"),
    "report-regime": _("Reporting regime"),
}
