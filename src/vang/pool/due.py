"""What is due from the pool: changed at its origin, to be aired, asked, to be offered."""

from collections.abc import Iterator

from django.db.models import Exists
from django.urls import reverse
from django.utils.translation import gettext as _

from vang.base.clock import local_date
from vang.base.display import vi_date, vi_datetime
from vang.people.access import Role
from vang.people.due import Desk, Task, brings
from vang.pool import queries
from vang.pool.models import Offer

_MOST = 20
_NEWSROOM = (Role.WRITER, Role.APPROVER)
_GONE = {Offer.News.WITHDRAWN, Offer.News.ORIGIN_WITHDRAWN}


def _origins_changed(desk: Desk) -> Iterator[Task]:
    """Aired with a wrong text every further day: as urgent as an emergency to approve."""
    for taking in queries.with_news(desk.unit)[:_MOST]:
        gone = taking.offer.news in _GONE
        yield Task(
            harm=8 if gone else 12,
            tone="bad",
            icon="alert-triangle",
            title=taking.offer.title,
            text=_("%(unit)s: %(news)s. %(why)s")
            % {
                "unit": taking.offer.unit.full_name,
                "news": taking.offer.get_news_display(),
                "why": taking.offer.news_reason,
            },
            url=reverse("pool:news", args=[taking.pk]),
            action=_("See and follow"),
            key=f"origin:{taking.pk}:{taking.offer.news_at:%Y%m%d%H%M%S}",
        )


def _to_air(desk: Desk) -> Iterator[Task]:
    for offer in queries.due_to_air(desk.unit, local_date(desk.now))[:_MOST] if desk.heard else ():
        words = _("%(unit)s asks you to air it.")
        if offer.valid_to is not None:
            words = _("%(unit)s asks you to air it until %(day)s.")
        yield Task(
            harm=30,
            tone="warn",
            icon="inbox",
            title=offer.title,
            text=words % {"unit": offer.unit.full_name, "day": vi_date(offer.valid_to)},
            url=reverse("pool:offer", args=[offer.pk]),
            action=_("Take it"),
            key=f"air:{offer.pk}:{offer.revision}",
        )


def _asked(desk: Desk) -> Iterator[Task]:
    for order in queries.open_orders(desk.unit)[:_MOST]:
        overdue = order.due_at < desk.now
        words = (
            _("%(unit)s waits for it since %(when)s.")
            if overdue
            else _("%(unit)s needs it until %(when)s.")
        )
        yield Task(
            harm=32 if overdue else 55,
            tone="bad" if overdue else "wait",
            icon="message",
            title=order.request.title,
            text=words % {"unit": order.request.unit.full_name, "when": vi_datetime(order.due_at)},
            url=reverse("pool:order", args=[order.pk]),
            action=_("Answer"),
            key=f"order:{order.pk}:{overdue}",
        )


def _to_offer(desk: Desk) -> Iterator[Task]:
    """Units without loudspeakers write for others: what is approved waits to be offered."""
    for bulletin in queries.approved_unoffered(desk.unit)[:_MOST] if not desk.heard else ():
        yield Task(
            harm=60,
            tone="note",
            icon="send",
            title=bulletin.current.title if bulletin.current else "",
            text=_("Approved, and not offered to the communes yet."),
            url=reverse("pool:new", args=[bulletin.pk]),
            action=_("Offer"),
            key=f"offer:{bulletin.pk}:{bulletin.changed_at:%Y%m%d%H%M%S}",
        )


def register() -> None:
    """Called when the process starts."""
    brings(
        "pool.origins",
        _NEWSROOM,
        _origins_changed,
        if_any=lambda desk: Exists(queries.with_news(desk.unit)),
    )
    brings(
        "pool.air",
        _NEWSROOM,
        _to_air,
        if_any=lambda desk: Exists(queries.due_to_air(desk.unit, local_date(desk.now))),
    )
    brings(
        "pool.orders",
        _NEWSROOM,
        _asked,
        if_any=lambda desk: Exists(queries.open_orders(desk.unit)),
    )
    brings(
        "pool.offer",
        _NEWSROOM,
        _to_offer,
        if_any=lambda desk: Exists(queries.approved_unoffered(desk.unit)),
    )
