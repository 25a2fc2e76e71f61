"""Items left behind by a worker that died, or that failed and are tried again."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.journal.services import record
from vang.library import jobs
from vang.library.models import Item
from vang.library.permissions import KEEPERS
from vang.library.services.keeping import PATIENCE
from vang.people.access import require
from vang.people.models import Person

MOST_ATTEMPTS = 3
"""Workers that may die over one item before a person is asked."""

WORKER_DIED = "worker-died"


def replace_dead_items_due(*, now: datetime) -> int:
    """Put back in the queue what a worker left behind. Returns how many items were touched."""
    dead = Item.objects.filter(worked_until__lte=now).order_by("pk")
    return sum(_replace(pk, now) for pk in dead.values_list("pk", flat=True))


def _replace(item_pk: int, now: datetime) -> bool:
    with transaction.atomic():
        item = Item.objects.select_for_update(of=("self",)).get(pk=item_pk)
        if item.worked_until is None or item.worked_until > now:
            return False
        if item.attempts >= MOST_ATTEMPTS:
            item.state, item.failure, item.worked_until = Item.State.FAILED, WORKER_DIED, None
            item.save(update_fields=["state", "failure", "worked_until"])
        else:
            _enqueue(item, now)
        return True


def retry_item(*, item: Item, by: Person, now: datetime) -> None:
    """Try a failed one again. Raises Refusal."""
    require(by, KEEPERS, item.unit, local_date(now))
    with transaction.atomic():
        fresh = Item.objects.select_for_update(of=("self",)).get(pk=item.pk)
        if fresh.state != Item.State.FAILED:
            raise Refusal("item-not-failed", _NOT_FAILED)
        fresh.attempts = 0
        _enqueue(fresh, now)
        record("retry-item", f"item:{item.pk}", by=by, unit=item.unit, now=now)


def _enqueue(item: Item, now: datetime) -> None:
    """Within the caller's transaction: the row and its job come to be together."""
    item.state, item.failure = Item.State.QUEUED, ""
    item.done = item.total = 0
    item.worked_until = now + PATIENCE
    item.save(update_fields=["state", "failure", "done", "total", "worked_until", "attempts"])
    jobs.prepare_item.enqueue(item.pk)


_NOT_FAILED = _("It is being prepared or ready already.")
