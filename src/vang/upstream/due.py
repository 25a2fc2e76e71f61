"""Warnings from above that nobody has decided on, for the first page (vang.people.due).

One line for all of them, counted in the query that asks every room: on a bad night the first page
must be as quick as ever.
"""

from collections.abc import Iterator

from django.db.models import Exists, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vang.base.counting import Counted
from vang.people.access import DECIDE
from vang.people.due import Desk, Task, asks, brings
from vang.upstream.models import Received
from vang.upstream.queries import fresh, grave

MOST_COUNTED = 99
_NEW, _GRAVE = "upstream_new", "upstream_grave"


def _warnings(desk: Desk) -> Iterator[Task]:
    new, worst = desk.found[_NEW], desk.found[_GRAVE]
    title = ngettext("%(n)d warning from above", "%(n)d warnings from above", new) % {"n": new}
    yield Task(
        harm=8 if worst else 18,
        tone="bad" if worst else "warn",
        icon="urgent",
        title=title,
        text=_("Severe or extreme: %(n)d. Nothing sounds until a person here decides.")
        % {"n": worst},
        url=reverse("upstream:list"),
        action=_("Read it and decide"),
        key=f"upstream:{new}:{worst}",
    )


def register() -> None:
    """Called when the process starts."""
    brings(
        "upstream",
        DECIDE,
        _warnings,
        if_any=lambda desk: Exists(fresh(desk.unit, desk.now)),
    )
    asks(_NEW, DECIDE, lambda desk: _counted(fresh(desk.unit, desk.now)))
    asks(_GRAVE, DECIDE, lambda desk: _counted(grave(desk.unit, desk.now)))


def _counted(rows: QuerySet[Received]) -> Counted:
    return Counted(rows.order_by().values("pk")[:MOST_COUNTED])
