"""Offices and organisations of a unit that work in the system themselves."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.journal.services import record
from vang.orgs.models import Organisation, Unit
from vang.orgs.queries import valid_on
from vang.people.access import Role, may
from vang.people.models import Person

_CODE_LENGTH = 16


def offices(unit: Unit, now: datetime) -> QuerySet[Organisation]:
    """The organisations of the unit that are in force, by name, with their desks."""
    mine = Organisation.objects.filter(valid_on(local_date(now)), unit=unit)
    return mine.select_related("desk").order_by("name", "pk")


@transaction.atomic
def add_office(*, unit: Unit, kind: str, name: str, by: Person, now: datetime) -> Organisation:
    """An organisation of the unit, with a desk of its own. Raises Refusal."""
    _guard(unit, by, now)
    clean = " ".join(clean_text(name).split())
    if not clean:
        raise Refusal("name-missing", _("Give the office its name."))
    if offices(unit, now).filter(name=clean).exists():
        raise Refusal("office-known", _("This office is on the list already."))
    office = Organisation.objects.create(
        unit=unit, kind=kind, name=clean, valid_from=local_date(now)
    )
    return open_desk(office=office, by=by, now=now)


@transaction.atomic
def open_desk(*, office: Organisation, by: Person, now: datetime) -> Organisation:
    """Let the organisation's own people write, approve and offer. Raises Refusal.

    Whoever administers the unit administers the desk too and names its people; nobody else of
    the unit gains a right there.
    """
    fresh = Organisation.objects.select_for_update(of=("self",)).get(pk=office.pk)
    _guard(fresh.unit, by, now)
    if fresh.desk is None:
        fresh.desk = Unit.objects.create(
            code=_free_code(fresh.unit),
            valid_from=local_date(now),
            level=Unit.Level.OFFICE,
            kind=Unit.Kind.CO_QUAN,
            name=fresh.name[:120],
            parent=fresh.unit,
        )
        fresh.save(update_fields=["desk"])
        record("open-desk", f"organisation:{fresh.pk}", by=by, unit=fresh.unit, now=now)
    return fresh


def _guard(unit: Unit, by: Person, now: datetime) -> None:
    if unit.level == Unit.Level.OFFICE:
        raise Refusal("office-of-an-office", _("An office has no offices of its own here."))
    if not may(by, Role.ADMINISTRATOR, unit, local_date(now)):
        raise Refusal("not-allowed", _("Only the administrator of the unit may do this."))


def _free_code(unit: Unit) -> str:
    """``509-CQ01``: of the system's own, for the state gives offices no such code."""
    number = Unit.objects.filter(parent=unit, level=Unit.Level.OFFICE).count() + 1
    return f"{unit.code[: _CODE_LENGTH - 6]}-CQ{number:02}"
