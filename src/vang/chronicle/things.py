"""What the journal tells of: its kinds in words, and who may read of one thing."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.http import Http404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vang.airtime.access import readable_programme
from vang.bulletins.access import open_bulletin
from vang.orgs.queries import valid_on
from vang.people.access import Role, may
from vang.people.models import Invitation, Membership, Person
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


def _people(keys: Collection[int]) -> dict[int, str]:
    return dict(Person.objects.filter(pk__in=keys).values_list("pk", "full_name"))


def _invited(keys: Collection[int]) -> dict[int, str]:
    return dict(Invitation.objects.filter(pk__in=keys).values_list("pk", "full_name"))


NAMES: Mapping[str, Callable[[Collection[int]], dict[int, str]]] = {
    "person": _people,
    "invitation": _invited,
}
"""Names of what is not found by searching, for whoever reads a row about it. One query each."""

LABELS: Mapping[str, str | Promise] = {
    "bulletin": _("Bulletin"),
    "programme": _("Programme"),
    "cluster": _("Cluster"),
    "person": _("Person"),
    "invitation": _("Invitation"),
    "pronunciation": _("Pronunciation"),
    "text": _("Text"),
}
