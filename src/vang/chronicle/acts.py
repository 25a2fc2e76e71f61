"""What the journal's actions are called, in the words of an office."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from vang.chronicle.words import (
    air,
    alerts,
    bulletins,
    channels,
    equipment,
    live,
    material,
    people,
    reports,
    sources,
    systems,
    units,
)
from vang.chronicle.words.kinds import Act, Group

ACTS = (
    *bulletins.ACTS,
    *air.ACTS,
    *alerts.ACTS,
    *live.ACTS,
    *channels.ACTS,
    *equipment.ACTS,
    *material.ACTS,
    *sources.ACTS,
    *reports.ACTS,
    *people.ACTS,
    *units.ACTS,
    *systems.ACTS,
)


@cache
def _by_action() -> dict[str, Act]:
    return {act.action: act for act in ACTS}


def act_of(action: str) -> Act:
    """The words of a stored action; plain ones for one of an older or newer edition."""
    return _by_action().get(action) or Act(action, _("Another act"), Group.SYSTEMS)


def actions_of(group: str) -> frozenset[str]:
    """The actions of a kind of work."""
    return frozenset(act.action for act in ACTS if act.group == group)


def told(action: str, detail: Mapping[str, Any]) -> str:
    """What the row keeps, in words; "" when nothing is worth telling or it was kept otherwise."""
    act = act_of(action)
    if act.told is None:
        return ""
    try:
        return act.told(detail)
    except (KeyError, TypeError, ValueError):  # a row of an older edition of the software
        return ""
