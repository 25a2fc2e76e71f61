"""Putting a task off until a day, and taking it up again."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, QuerySet
from django.utils.translation import gettext_lazy as _

from vang.base.clock import VIETNAM, local_date
from vang.base.refusals import Refusal
from vang.desk.models import Snooze
from vang.orgs.models import Unit
from vang.people.access import Role
from vang.people.due import Desk, Task, asks
from vang.people.models import Person

MORNING = time(7)
FARTHEST = timedelta(days=60)
_ANY = "put_off"


@dataclass(frozen=True)
class WorkList:
    """What stands on the desk now, and what was put off."""

    due: list[Task]
    later: list[Snooze]


def arranged(found: Collection[Task], desk: Desk) -> WorkList:
    """One query if anything is due and was put off. What is urgent is never hidden."""
    if not found or not desk.found.get(_ANY, True):
        return WorkList(list(found), [])
    rows = {row.key: row for row in _put_off(desk)}
    hidden = {task.key for task in found if task.may_wait and task.key in rows}
    due = [task for task in found if task.key not in hidden]
    return WorkList(due, [row for row in rows.values() if row.key in hidden])


def _put_off(desk: Desk) -> QuerySet[Snooze]:
    return Snooze.objects.filter(person=desk.person, unit=desk.unit, until__gt=desk.now)


def put_off(*, task: Task, person: Person, unit: Unit, until: date, now: datetime) -> Snooze:
    """Until seven in the morning of that day. Raises Refusal."""
    if not task.may_wait:
        raise Refusal("too-urgent", _TOO_URGENT)
    today = local_date(now)
    if not today < until <= today + FARTHEST:
        raise Refusal("bad-day", _BAD_DAY)
    row, _created = Snooze.objects.update_or_create(
        person=person,
        unit=unit,
        key=task.key,
        defaults={
            "title": task.title[:200],
            "until": datetime.combine(until, MORNING, VIETNAM),
        },
    )
    return row


def take_up(*, person: Person, unit: Unit, key: str) -> None:
    """It stands on the desk again. Doing it twice changes nothing."""
    Snooze.objects.filter(person=person, unit=unit, key=key).delete()


def forget_past(*, now: datetime) -> int:
    """Rows whose moment came long ago. Returns how many."""
    return Snooze.objects.filter(until__lt=now - FARTHEST).delete()[0]


_TOO_URGENT = _("This cannot wait: it is about an urgent bulletin or a silent loudspeaker.")
_BAD_DAY = _("Choose a day from tomorrow on, within two months.")


def register() -> None:
    """Called when the process starts."""
    asks(_ANY, Role.values, lambda desk: Exists(_put_off(desk)))
