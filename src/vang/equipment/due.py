"""What the register brings to the first page (vang.people.due)."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Exists, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from vang.base.clock import local_date
from vang.base.display import vi_date
from vang.equipment.fleet import licence_ending
from vang.equipment.models import Device, Segment
from vang.orgs.models import Unit
from vang.people.access import Role
from vang.people.due import Desk, Task, brings

_MOST = 10
_KEEPERS = (Role.TECHNICIAN, Role.ADMINISTRATOR)


def _licences(unit: Unit, today: date) -> QuerySet[Segment]:
    return Segment.objects.filter(licence_ending(today), unit=unit)


def _late_loans(unit: Unit, today: date) -> QuerySet[Device]:
    return Device.objects.filter(unit=unit, state=Device.State.LENT, lent_until__lte=today)


def _unknown(unit: Unit) -> QuerySet[Device]:
    return Device.objects.filter(unit=unit, described=False, node__virtual=False)


def _licence_tasks(desk: Desk) -> Iterator[Task]:
    today = local_date(desk.now)
    for one in _licences(desk.unit, today).order_by("licence_until", "pk")[:_MOST]:
        until = one.licence_until
        if until is None:
            continue
        over = until < today
        words = (
            _("The frequency licence ended on %(day)s.")
            if over
            else _("The frequency licence is valid until %(day)s.")
        )
        yield Task(
            harm=30 if over else 45,
            tone="bad" if over else "warn",
            icon="file-text",
            title=_("Licence: %(name)s") % {"name": one.name},
            text=words % {"day": vi_date(until)},
            url=reverse("equipment:segment", args=[one.pk]),
            action=_("Look at it"),
            key=f"licence:{one.pk}:{until}:{over}",
        )


def _loan_tasks(desk: Desk) -> Iterator[Task]:
    for one in _late_loans(desk.unit, local_date(desk.now)).order_by("lent_until", "pk")[:_MOST]:
        yield Task(
            harm=55,
            tone="warn",
            icon="calendar-event",
            title=_("Due back: %(device)s") % {"device": one},
            text=_("Lent to %(whom)s until %(day)s.")
            % {"whom": one.lent_to, "day": vi_date(one.lent_until)},
            url=reverse("equipment:device", args=[one.pk]),
            action=_("Look at it"),
            key=f"loan:{one.pk}:{one.lent_until}",
        )


def _unknown_tasks(desk: Desk) -> Iterator[Task]:
    for one in _unknown(desk.unit).select_related("place").order_by("pk")[:3]:
        yield Task(
            harm=90,
            tone="plain",
            icon="device-desktop",
            title=_("Not described yet: %(device)s") % {"device": one},
            text=_("It enrolled at %(place)s. Enter model, serial number and warranty.")
            % {"place": one.place},
            url=reverse("equipment:change-device", args=[one.pk]),
            action=_("Describe it"),
            key=f"undescribed:{one.pk}",
        )


def register() -> None:
    """Called when the process starts."""
    brings(
        "equipment-licences",
        _KEEPERS,
        _licence_tasks,
        if_any=lambda desk: Exists(_licences(desk.unit, local_date(desk.now))),
    )
    brings(
        "equipment-loans",
        _KEEPERS,
        _loan_tasks,
        if_any=lambda desk: Exists(_late_loans(desk.unit, local_date(desk.now))),
    )
    brings(
        "equipment-undescribed",
        _KEEPERS,
        _unknown_tasks,
        if_any=lambda desk: Exists(_unknown(desk.unit)),
    )
