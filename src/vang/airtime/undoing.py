"""How acts on the air are taken back (vang.base.undo)."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vang.airtime.access import readable_commune, readable_placement, readable_programme
from vang.airtime.services import reopen_programme, restore_placement, resume_items
from vang.base.clock import local_date
from vang.people.models import Person

Facts = dict[str, Any]


def resume(*, facts: Facts, by: Person, now: datetime) -> str:
    """``unit`` and ``items``: stopped occurrences play after all."""
    unit = readable_commune(facts["unit"], by, local_date(now))
    count = len(resume_items(unit=unit, items=facts["items"], by=by, now=now))
    told = ngettext(
        "%(n)d broadcast is on the schedule again.",
        "%(n)d broadcasts are on the schedule again.",
        count,
    )
    return told % {"n": count}


def put_back(*, facts: Facts, by: Person, now: datetime) -> str:
    """``placement``: on the schedule again."""
    placement = readable_placement(facts["placement"], by, local_date(now))
    restored = restore_placement(placement=placement, by=by, now=now)
    return _("On the schedule again: %(title)s.") % {"title": restored.edition.title}


def reopen(*, facts: Facts, by: Person, now: datetime) -> str:
    """``programme`` and ``valid_to`` (ISO or None): the programme goes on as before."""
    programme = readable_programme(facts["programme"], by, local_date(now))
    until = date.fromisoformat(facts["valid_to"]) if facts["valid_to"] else None
    reopened = reopen_programme(programme=programme, valid_to=until, by=by, now=now)
    return _("The programme goes on: %(name)s.") % {"name": reopened.name}
