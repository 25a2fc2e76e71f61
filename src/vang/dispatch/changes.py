"""Who wants to know that a plan was published. Rooms further on register here."""

from collections.abc import Callable
from datetime import datetime

from vang.dispatch.models import PlanVersion

Listener = Callable[[PlanVersion, datetime], None]
_listeners: list[Listener] = []


def on_plan_published(listener: Listener) -> None:
    """``listener`` is called inside the publishing transaction with the plan and ``now``."""
    if listener not in _listeners:
        _listeners.append(listener)


def plan_published(plan: PlanVersion, now: datetime) -> None:
    for listener in _listeners:
        listener(plan, now)
