"""What every act does: the alert locked and read anew, the table asked, the journal written."""

from datetime import datetime
from typing import Any

from vang.alerts.access import guard, whole
from vang.alerts.models import Alert
from vang.alerts.states import MOVES, Act, after
from vang.journal.services import record as write_row
from vang.people.models import Person

_WHO = {move.act: move.who for move in MOVES}


def locked(alert: Alert) -> Alert:
    """Read anew; nobody else changes it until the transaction ends."""
    Alert.objects.select_for_update().only("pk").get(pk=alert.pk)
    return whole(Alert.objects.all()).get(pk=alert.pk)


def begin(act: Act, alert: Alert, by: Person, now: datetime) -> Alert:
    """The alert, locked, before an act of a person. Raises Refusal."""
    fresh = locked(alert)
    guard(by, _WHO[act], fresh.unit, now)
    after(act, fresh.state)
    return fresh


def move(act: Act, alert: Alert) -> None:
    """Into the state that the table names; saved by the caller. Raises Refusal."""
    alert.state = after(act, alert.state)


def record(action: str, alert: Alert, by: Person | None, now: datetime, **detail: Any) -> None:
    """One row of the journal."""
    write_row(
        action, f"alert:{alert.pk}", by=by, unit=alert.unit, now=now, status=alert.status, **detail
    )
