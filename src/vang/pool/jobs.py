"""Telling many units, done by the worker."""

from datetime import datetime

from django_tasks import task

from vang.pool.models import Offer, Order


@task()
def tell_units_of_offer(offer_pk: int, at: str) -> None:
    """Every unit that the offer is made to."""
    from vang.pool.notices import told_of_offer  # noqa: PLC0415 - notices enqueue these jobs

    told_of_offer(Offer.objects.select_related("unit").get(pk=offer_pk), now=_instant(at))


@task()
def tell_takers(offer_pk: int, at: str) -> None:
    """Every unit that took the offer."""
    from vang.pool.notices import told_takers  # noqa: PLC0415

    told_takers(Offer.objects.select_related("unit").get(pk=offer_pk), now=_instant(at))


@task()
def tell_asked(order_pk: int, at: str) -> None:
    """The unit of which something is asked."""
    from vang.pool.notices import told_asked  # noqa: PLC0415

    rows = Order.objects.select_related("unit", "request__unit")
    told_asked(rows.get(pk=order_pk), now=_instant(at))


def _instant(at: str) -> datetime:
    return datetime.fromisoformat(at)
