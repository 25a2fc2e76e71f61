"""What stands beside a bulletin: where it came from, what the origin did since, what it answers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import Http404, QueryDict

from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.bulletins.companions import Fields, Part, Sight, Writing
from vang.bulletins.models import Bulletin
from vang.bulletins.present import Question, has
from vang.people.models import Person
from vang.pool.access import open_order
from vang.pool.models import Offer, Order, Taking
from vang.pool.origins import chain_of, taking_of
from vang.pool.services.asking import prepare_answer

QUESTIONS: Mapping[str, Question] = {
    "pool.taking": lambda: Exists(Taking.objects.filter(bulletin=OuterRef("pk"))),
    "pool.offer": lambda: Exists(Offer.objects.filter(bulletin=OuterRef("pk"))),
    "pool.order": lambda: Exists(Order.objects.filter(bulletin=OuterRef("pk"))),
}
_OFFERABLE = {Bulletin.State.APPROVED, Bulletin.State.RELEASED}


def beside_bulletin(sight: Sight) -> list[Part]:
    """The origin first; then what can be done with it in the pool."""
    found = []
    bulletin = sight.bulletin
    taking = taking_of(bulletin) if has(bulletin, "pool.taking") else None
    if taking is not None:
        context: dict[str, Any] = {"taking": taking, "chain": chain_of(bulletin)}
        news_at = taking.offer.news_at
        context["news"] = news_at is not None and news_at > taking.settled_at
        found.append(Part("side", "pool/parts/origin.html", context))
        if context["news"] and bulletin.state != Bulletin.State.WITHDRAWN:
            found.insert(0, Part("top", "pool/parts/news.html", context))
    offer, order = _offer(bulletin), _answered(bulletin)
    shown = {
        "bulletin": bulletin,
        "offer": offer,
        "order": order,
        "may_offer": sight.newsroom and bulletin.state in _OFFERABLE and offer is None,
        "newsroom": sight.newsroom,
        "newer": offer is not None and _has_newer(offer, bulletin),
    }
    if not sight.deciding and (offer or order or shown["may_offer"]):
        found.append(Part("side", "pool/parts/sharing.html", shown))
    return found


def _offer(bulletin: Bulletin) -> Offer | None:
    if not has(bulletin, "pool.offer"):
        return None
    return Offer.objects.filter(bulletin=bulletin).first()


def _answered(bulletin: Bulletin) -> Order | None:
    if not has(bulletin, "pool.order"):
        return None
    return Order.objects.filter(bulletin=bulletin).select_related("request__unit").first()


def _has_newer(offer: Offer, bulletin: Bulletin) -> bool:
    approved = bulletin.state in _OFFERABLE
    return approved and offer.state == Offer.State.OPEN and offer.version_id != bulletin.current_id


FIELDS = Fields(("order",), lambda _bulletin: {"order": ""})


def while_writing(writing: Writing) -> list[Part]:
    """The order for which a new bulletin is written."""
    order = _order(writing.person, writing.asked.get("order", ""))
    if order is None or writing.bulletin is not None:
        return []
    return [Part("field", "pool/parts/for_order.html", {"order": order})]


def after_saving(bulletin: Bulletin, posted: QueryDict, by: Person, at: datetime) -> None:
    """Remember for which order it is written."""
    order = _order(by, posted.get("order", ""))
    if order is None or order.bulletin_id is not None:
        return
    try:
        prepare_answer(order=order, bulletin=bulletin, by=by, now=at)
    except Refusal:
        # Answered or closed meanwhile: the bulletin is a bulletin all the same.
        return


def _order(person: Person, key: object) -> Order | None:
    if not str(key).isdecimal():
        return None
    try:
        return open_order(person, int(str(key)), local_date(now()))
    except Http404:
        return None
