"""What rooms further on have to say on the page of an alert: they register when they start."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from vang.alerts.models import Alert


@dataclass(frozen=True)
class Remark:
    """Something that went wrong, and what a person does about it; ``url`` is posted to."""

    title: str
    text: str
    todo: str
    tone: str = "bad"
    url: str = ""
    action: str = ""


Teller = Callable[[Alert, datetime], Iterable[Remark]]
_tellers: list[Teller] = []


def on_page(teller: Teller) -> None:
    """``teller`` is asked for every alert that was sent, at one query at most."""
    if teller not in _tellers:
        _tellers.append(teller)


def remarks_on(alert: Alert, now: datetime) -> list[Remark]:
    """In the order in which the rooms registered; nothing on what was never sent."""
    if alert.sent_at is None:
        return []
    return [remark for teller in _tellers for remark in teller(alert, now)]
