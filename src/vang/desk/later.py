"""How putting off is taken back (vang.base.undo)."""

from datetime import datetime
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from vang.desk.snoozing import take_up
from vang.orgs.models import Unit
from vang.people.models import Person


def take_back(*, facts: dict[str, Any], by: Person, now: datetime) -> str:  # noqa: ARG001
    """``unit`` and ``key``: due again."""
    unit = Unit.objects.filter(pk=facts["unit"]).first()
    if unit is None:
        raise Http404
    take_up(person=by, unit=unit, key=facts["key"])
    return _("It stands among what is due again.")
