"""Plans as they are found (vang.search): by title, number and the words of their tasks."""

from collections.abc import Collection, Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from vang.plans.models import Plan
from vang.search.kinds import Item, Kind
from vang.search.kinds import register as register_kinds

_CHUNK = 200
_STATES = {"DRAFT": "draft", "ADOPTED": "adopted", "CLOSED": "ended"}
_MOST_LETTERS = 20_000


def items(keys: Collection[str] | None) -> Iterator[Item]:
    """In the order in which they were made."""
    rows = Plan.objects.order_by("pk").prefetch_related("tasks")
    if keys is not None:
        rows = rows.filter(pk__in=[int(key) for key in keys if key.isdecimal()])
    for plan in rows.select_related("unit__parent__parent__parent").iterator(chunk_size=_CHUNK):
        words = "\n".join(task.text for task in plan.tasks.all())
        yield Item(
            key=str(plan.pk),
            unit=plan.unit,
            title=plan.title,
            text=f"{plan.number}\n{words}"[:_MOST_LETTERS],
            url=reverse("plans:plan", args=[plan.pk]),
            note=plan.number,
            at=plan.created_at,
            state=_STATES[plan.state],
            shared_below=plan.state != "DRAFT",
        )


def register() -> None:
    """Called when the process starts."""
    kind = Kind(
        "official-plan", _("Plans and tasks"), "clipboard-list", items, order=35, view="plans:plan"
    )
    register_kinds(kind)
