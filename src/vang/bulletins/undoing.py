"""How text that was thrown away comes back (vang.base.undo)."""

from datetime import datetime
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from vang.base.clock import local_date
from vang.bulletins.access import open_bulletin
from vang.bulletins.services import restore_draft
from vang.orgs.models import Unit
from vang.people.access import Role, require
from vang.people.models import Person


def bring_back(*, facts: dict[str, Any], by: Person, now: datetime) -> str:
    """``unit``, ``bulletin`` (None for a new one), ``part``, ``fields``, ``on``: the draft is there
    again."""
    key, today = facts["bulletin"], local_date(now)
    bulletin = open_bulletin(by, key, today).bulletin if key else None
    unit = Unit.objects.filter(pk=facts["unit"]).first()
    if unit is None:
        raise Http404
    require(by, Role.WRITER, unit, today)
    restore_draft(
        unit=unit,
        bulletin=bulletin,
        fields=facts["fields"],
        based_on=facts["on"],
        by=by,
        now=now,
        part=facts.get("part", ""),
    )
    return _("Your text is there again: go on with it below.")
