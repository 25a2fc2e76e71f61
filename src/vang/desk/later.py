"""How what people arrange on their desk is taken back (vang.base.undo)."""

from datetime import datetime
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from vang.base.clock import local_date
from vang.desk.snoozing import take_up
from vang.desk.start import reopen_start
from vang.orgs.models import Unit
from vang.people.access import Role, require
from vang.people.models import Person


def show_again(*, facts: dict[str, Any], by: Person, now: datetime) -> str:
    """``unit``: its administrators are led through the first steps again."""
    unit = Unit.objects.filter(pk=facts["unit"]).first()
    if unit is None:
        raise Http404
    require(by, Role.ADMINISTRATOR, unit, local_date(now))
    reopen_start(unit=unit)
    return _("The first steps are shown again.")


def take_back(*, facts: dict[str, Any], by: Person, now: datetime) -> str:  # noqa: ARG001
    """``unit`` and ``key``: due again."""
    unit = Unit.objects.filter(pk=facts["unit"]).first()
    if unit is None:
        raise Http404
    take_up(person=by, unit=unit, key=facts["key"])
    return _("It stands among what is due again.")
