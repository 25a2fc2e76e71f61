"""Who works for the station, by the roles in force on the last day of the period."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from vang.orgs.queries import valid_on
from vang.people.models import Membership
from vang.reports.facts.registry import MILLI, Asked, Fact, Figure, Record, Records, register

Role = Membership.Role
_ROLES = {
    "people.writers": Role.WRITER,
    "people.approvers": Role.APPROVER,
    "people.leaders": Role.LEADER,
    "people.technicians": Role.TECHNICIAN,
}


def _held(asked: Asked) -> QuerySet[Membership]:
    return Membership.objects.filter(
        valid_on(min(asked.last, asked.today)), unit__in=asked.units, person__is_active=True
    )


def people(asked: Asked) -> Mapping[str, Figure]:
    """One query."""
    rows = _held(asked).order_by().values_list("role").annotate(n=Count("person", distinct=True))
    counts = dict(rows)
    url = reverse("people:list")
    found = {name: Figure(counts.get(role, 0) * MILLI, url) for name, role in _ROLES.items()}
    everybody = _held(asked).order_by().values("person").distinct().count()
    return found | {"people.all": Figure(everybody * MILLI, url)}


def _records(role: str) -> Any:
    def records(asked: Asked) -> Records:
        rows = _held(asked)
        if role:
            rows = rows.filter(role=role)
        return Records(rows.select_related("person").order_by("person__full_name"), _show)

    return records


def _show(held: Membership) -> Record:
    return Record(held.person.full_name, str(held.get_role_display()))


def add() -> None:
    """Called when the process starts."""
    how = _("People with an open account and this role in force on the last day of the period.")
    words = {
        "people.writers": _("Writers"),
        "people.approvers": _("Approvers"),
        "people.leaders": _("Leaders"),
        "people.technicians": _("Technicians"),
    }
    register(
        people,
        Fact("people.all", _("People who work for the station"), how, _records("")),
        *(Fact(name, words[name], how, _records(role)) for name, role in _ROLES.items()),
    )
