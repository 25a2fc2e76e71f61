"""Telling units of what is offered, asked, answered, corrected and withdrawn.

An offer may go to a whole province: the worker tells its people, the page that offers never waits.
"""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.display import vi_datetime
from vang.bulletins.models import Bulletin
from vang.notices.kinds import Kind
from vang.notices.models import Mail
from vang.notices.recipients import Holders
from vang.notices.services import notify
from vang.orgs.models import Unit
from vang.orgs.reach import Aim, reached_units
from vang.people.access import Role
from vang.pool import jobs
from vang.pool.models import Offer, Order, Taking

OFFERED = "pool-offered"
NEWS = "pool-news"
ASKED = "pool-asked"
ANSWERED = "pool-answered"
_NEWSROOM = frozenset({Role.WRITER.value, Role.APPROVER.value, Role.LEADER.value})

KINDS = (
    Kind(OFFERED, _("another unit offers an item"), "inbox", Mail.DAILY, _NEWSROOM),
    Kind(NEWS, _("the origin of an item corrected or withdrew it"), "alert-triangle", Mail.AT_ONCE,
         _NEWSROOM, "bad"),
    Kind(ASKED, _("another unit asks for content"), "message", Mail.AT_ONCE, _NEWSROOM, "warn"),
    Kind(ANSWERED, _("a request of ours was answered"), "message", Mail.DAILY, _NEWSROOM, "ok"),
)  # fmt: skip


def tell_of_offer(offer: Offer, aims: Sequence[Aim], *, now: datetime) -> None:
    """Only what must be aired is told to each unit; the rest is found on the list."""
    if offer.must_air and aims:
        jobs.tell_units_of_offer.enqueue(offer.pk, now.isoformat())


def tell_takers(offer: Offer, *, now: datetime) -> None:
    """Everybody who took it, whatever they did with it since."""
    jobs.tell_takers.enqueue(offer.pk, now.isoformat())


def tell_asked(order: Order, *, now: datetime) -> None:
    """The asked unit."""
    jobs.tell_asked.enqueue(order.pk, now.isoformat())


def told_of_offer(offer: Offer, *, now: datetime) -> int:
    """The worker's part: every unit that it is offered to. Returns how many people were told."""
    units = reached_units(offer.targets.all(), local_date(now)).exclude(pk=offer.unit_id)
    return sum(_tell_of_offer(offer, unit, now) for unit in units)


def _tell_of_offer(offer: Offer, unit: Unit, now: datetime) -> int:
    return notify(
        kind=OFFERED,
        to=Holders(Role.WRITER, unit),
        unit=unit,
        subject=f"offer:{offer.pk}",
        title=format_lazy(_("To be aired: {title}"), title=offer.title),
        text=format_lazy(_("{unit} asks you to air it."), unit=offer.unit.full_name),
        url=reverse("pool:offer", args=[offer.pk]),
        now=now,
        once=f"offer:{offer.pk}:{unit.pk}",
    )


def told_takers(offer: Offer, *, now: datetime) -> int:
    """The worker's part: writers and approvers of every unit that holds it."""
    takings = Taking.objects.filter(offer=offer, ended_at=None, bulletin__isnull=False)
    alive = takings.exclude(bulletin__state=Bulletin.State.WITHDRAWN)
    return sum(_tell_taker(offer, taking, now) for taking in alive.select_related("unit"))


def _tell_taker(offer: Offer, taking: Taking, now: datetime) -> int:
    told = 0
    for role in (Role.WRITER, Role.APPROVER):
        told += notify(
            kind=NEWS,
            to=Holders(role, taking.unit),
            unit=taking.unit,
            subject=f"offer:{offer.pk}",
            title=format_lazy(_NEWS[Offer.News(offer.news)], title=offer.title),
            text=format_lazy("{}: {}", offer.unit.full_name, offer.news_reason),
            url=reverse("pool:news", args=[taking.pk]),
            now=now,
            once=f"offer-news:{taking.pk}:{offer.news_at.isoformat() if offer.news_at else ''}",
        )
    return told


def told_asked(order: Order, *, now: datetime) -> int:
    """The worker's part: the asked unit's writers."""
    return notify(
        kind=ASKED,
        to=Holders(Role.WRITER, order.unit),
        unit=order.unit,
        subject=f"order:{order.pk}",
        title=format_lazy(_("Asked of you: {title}"), title=order.request.title),
        text=format_lazy(
            _("{unit} asks for it until {when}."),
            unit=order.request.unit.full_name,
            when=vi_datetime(order.due_at),
        ),
        url=reverse("pool:order", args=[order.pk]),
        now=now,
        once=f"order:{order.pk}",
    )


def remind_asked(order: Order, *, now: datetime) -> int:
    """Shortly before the deadline."""
    return notify(
        kind=ASKED,
        to=Holders(Role.WRITER, order.unit),
        unit=order.unit,
        subject=f"order:{order.pk}",
        title=format_lazy(_("Due soon: {title}"), title=order.request.title),
        text=format_lazy(
            _("{unit} waits for it until {when}."),
            unit=order.request.unit.full_name,
            when=vi_datetime(order.due_at),
        ),
        url=reverse("pool:order", args=[order.pk]),
        now=now,
        once=f"order-due:{order.pk}",
    )


def tell_asker(order: Order, *, now: datetime) -> int:
    """Whoever made the request."""
    declined = order.state == Order.State.DECLINED
    words = _("{unit} cannot supply it: {title}") if declined else _("{unit} has answered: {title}")
    return notify(
        kind=ANSWERED,
        to=[order.request.created_by],
        unit=order.request.unit,
        subject=f"request:{order.request_id}",
        title=format_lazy(words, unit=order.unit.full_name, title=order.request.title),
        text=order.reason or order.answer[:300],
        url=reverse("pool:request", args=[order.request_id]),
        now=now,
    )


_NEWS = {
    Offer.News.CORRECTED: _("Corrected at its origin: {title}"),
    Offer.News.WITHDRAWN: _("Withdrawn at its origin: {title}"),
    Offer.News.ORIGIN_CORRECTED: _("Corrected at its origin: {title}"),
    Offer.News.ORIGIN_WITHDRAWN: _("Withdrawn at its origin: {title}"),
}
