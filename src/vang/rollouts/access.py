"""The only way to a roll-out: whoever looks after loudspeakers that it concerns."""

from datetime import date

from django.http import Http404

from vang.orgs.models import Unit
from vang.people.access import Role, may, readable_unit, require, visible_communes
from vang.people.models import Person
from vang.rollouts.models import Rollout, Turn

KEEPERS = (Role.TECHNICIAN, Role.ADMINISTRATOR)


def readable_rollout(pk: int, person: Person, on: date) -> Rollout:
    """Of the person's unit or one below, or one that reaches devices there. Raises Http404."""
    found = Rollout.objects.select_related(
        "release", "unit__parent__parent__parent", "made_by", "decided_by"
    )
    rollout = found.filter(pk=pk).first()
    if rollout is None:
        raise Http404
    if not readable_unit(person, rollout.unit, on) and not _concerns(rollout, person, on):
        raise Http404
    return rollout


def kept_rollout(pk: int, person: Person, on: date) -> Rollout:
    """One that the person may act on. Raises Http404 or PermissionDenied."""
    rollout = readable_rollout(pk, person, on)
    if not readable_unit(person, rollout.unit, on):
        raise Http404
    require(person, KEEPERS, rollout.unit, on)
    return rollout


def may_keep(person: Person, unit: Unit, on: date) -> bool:
    return may(person, KEEPERS, unit, on)


def _concerns(rollout: Rollout, person: Person, on: date) -> bool:
    mine = visible_communes(person, on)
    return Turn.objects.filter(rollout=rollout, node__cluster__unit__in=mine).exists()
