"""Reading offers, what became of them, requests, and how timely they were answered."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet

from vang.base.text import fold
from vang.bulletins.models import Bulletin
from vang.evidence.models import AsRun
from vang.orgs.models import Unit
from vang.pool.models import Offer, Order, Request, Taking
from vang.pool.scope import offered_to

_HEAVY = ("message", "chain", "news_reason")
VIEWS = ("new", "taken", "declined", "all")


@dataclass(frozen=True)
class Wanted:
    """What the list shows: one of VIEWS, and filters that are empty or hold."""

    view: str = "new"
    words: str = ""
    category: str = ""
    must_air: bool = False


def incoming(unit: Unit, wanted: Wanted, on: date) -> QuerySet[Offer]:
    """Offers made to the unit, what must be aired first, then the newest."""
    found = _seen(offered_to(unit), unit, wanted.view, on)
    if wanted.category:
        found = found.filter(category=wanted.category)
    if wanted.must_air:
        found = found.filter(must_air=True)
    for word in fold(wanted.words).split():
        found = found.filter(search_key__contains=word)
    return found.select_related("unit").defer(*_HEAVY).order_by("-must_air", "-offered_at", "-id")


def _seen(found: QuerySet[Offer], unit: Unit, view: str, on: date) -> QuerySet[Offer]:
    mine = Taking.objects.filter(offer=OuterRef("pk"), unit=unit, ended_at=None)
    declined = mine.filter(kind=Taking.Kind.DECLINED)
    match view:
        case "taken":
            return found.filter(Exists(mine.exclude(kind=Taking.Kind.DECLINED)))
        case "declined":
            return found.filter(Exists(declined))
        case "new":
            return found.filter(takeable(on), ~Exists(mine))
        case _:
            return found


def takeable(on: date) -> Q:
    """The condition that an offer may be taken on that day."""
    return Q(state=Offer.State.OPEN) & (Q(valid_to__isnull=True) | Q(valid_to__gte=on))


def undecided(unit: Unit, on: date) -> int:
    """How many offers nobody of the unit has decided on."""
    return _seen(offered_to(unit), unit, "new", on).count()


def takings_of(unit: Unit, offers: Collection[Offer]) -> dict[int, Taking]:
    """What the unit did with each, by key of the offer."""
    rows = Taking.objects.filter(unit=unit, offer__in=offers, ended_at=None)
    return {row.offer_id: row for row in rows.select_related("bulletin")}


@dataclass(frozen=True)
class Made:
    """An offer of the unit's own, and what became of it."""

    offer: Offer
    taken: int
    adapted: int
    declined: int
    aired: int


def made_by(unit: Unit) -> QuerySet[Offer]:
    """The unit's own offers, newest first."""
    return Offer.objects.filter(unit=unit).defer(*_HEAVY).order_by("-offered_at", "-id")


def with_counts(offers: Collection[Offer]) -> list[Made]:
    """Each with how many took, adapted, declined and aired it: two queries, however many."""
    kind = Taking.Kind
    rows = (
        Taking.objects.filter(offer__in=offers, ended_at=None)
        .order_by()
        .values("offer")
        .annotate(
            taken=Count("pk", filter=Q(kind=kind.TAKEN)),
            adapted=Count("pk", filter=Q(kind=kind.ADAPTED)),
            declined=Count("pk", filter=Q(kind=kind.DECLINED)),
        )
    )
    counted = {row["offer"]: (row["taken"], row["adapted"], row["declined"]) for row in rows}
    aired = _aired_counts(offers)
    return [
        Made(offer, *counted.get(offer.pk, (0, 0, 0)), aired=aired.get(offer.pk, 0))
        for offer in offers
    ]


def _aired_counts(offers: Collection[Offer]) -> dict[int, int]:
    """In how many units it was heard."""
    heard = _heard(OuterRef("bulletin"))
    rows = Taking.objects.filter(Exists(heard), offer__in=offers, bulletin__isnull=False)
    counted = rows.order_by().values("offer").annotate(n=Count("unit", distinct=True))
    return {row["offer"]: row["n"] for row in counted}


def takers(offer: Offer) -> QuerySet[Taking]:
    """Who did what with it, newest first, with ``heard``: whether it was aired there."""
    rows = Taking.objects.filter(offer=offer, ended_at=None)
    heard = Exists(_heard(OuterRef("bulletin")))
    return rows.annotate(heard=heard).select_related("unit", "bulletin").order_by("-at", "-id")


def _heard(bulletin: OuterRef) -> QuerySet[AsRun]:
    return AsRun.objects.filter(planned__edition__bulletin=bulletin, actual_start__isnull=False)


def first_airings(bulletins: Iterable[int]) -> dict[int, datetime]:
    """When each bulletin was first heard anywhere, by its key; unheard ones are left out."""
    rows = AsRun.objects.filter(
        planned__edition__bulletin__in=list(bulletins), actual_start__isnull=False
    )
    firsts = rows.order_by().values_list("planned__edition__bulletin").annotate(Min("actual_start"))
    return dict(firsts)


# what the origin did since


def with_news(unit: Unit) -> QuerySet[Taking]:
    """What the unit took and whose origin has corrected or withdrawn it since, worst first."""
    rows = Taking.objects.filter(
        unit=unit,
        ended_at=None,
        bulletin__isnull=False,
        offer__news_at__gt=F("settled_at"),
    ).exclude(bulletin__state=Bulletin.State.WITHDRAWN)
    joined = rows.select_related("offer__unit", "bulletin")
    return joined.order_by("-offer__news", "offer__news_at", "pk")


def due_to_air(unit: Unit, on: date) -> QuerySet[Offer]:
    """What must be aired, is not over, and nobody here has taken or declined, the most urgent
    first."""
    mine = Taking.objects.filter(offer=OuterRef("pk"), unit=unit, ended_at=None)
    found = offered_to(unit).filter(takeable(on), ~Exists(mine), must_air=True)
    return found.select_related("unit").order_by(F("valid_to").asc(nulls_last=True), "pk")


def approved_unoffered(unit: Unit) -> QuerySet[Bulletin]:
    """Approved, and not offered to anybody: of use to units that have no loudspeakers."""
    found = Bulletin.objects.filter(unit=unit, state=Bulletin.State.APPROVED, offer=None)
    return found.select_related("current").defer("current__text").order_by("changed_at", "pk")


# requests


def open_orders(unit: Unit) -> QuerySet[Order]:
    """What is asked of the unit and not answered, the soonest due first."""
    unanswered = (Order.State.OPEN, Order.State.ACCEPTED)
    rows = Order.objects.filter(unit=unit, state__in=unanswered, request__closed_at=None)
    return rows.select_related("request__unit", "bulletin").order_by("due_at", "pk")


def orders_of(unit: Unit) -> QuerySet[Order]:
    """Everything ever asked of the unit, the latest first."""
    rows = Order.objects.filter(unit=unit).select_related("request__unit", "offer")
    return rows.order_by("-request__created_at", "-pk")


def requests_of(unit: Unit) -> QuerySet[Request]:
    """What the unit asked, the latest first, with counts of its orders."""
    answered = Q(orders__state=Order.State.ANSWERED)
    late = answered & Q(orders__answered_at__gt=F("orders__due_at"))
    counted = Request.objects.filter(unit=unit).annotate(
        asked=Count("orders"),
        answered=Count("orders", filter=answered),
        late=Count("orders", filter=late),
    )
    return counted.order_by("-created_at", "-pk")


@dataclass(frozen=True)
class Part:
    """An order with the moments that count: asked, answered, aired."""

    order: Order
    aired_at: datetime | None


def parts(orders: Collection[Order]) -> list[Part]:
    """Each with when what was answered was first heard anywhere. Two queries, however many."""
    offers = [order.offer_id for order in orders if order.offer_id]
    derived = Taking.objects.filter(offer__in=offers, bulletin__isnull=False)
    own = Offer.objects.filter(pk__in=offers).values_list("pk", "bulletin")
    pairs = [*derived.values_list("offer", "bulletin"), *own]
    heard = first_airings({bulletin for _offer, bulletin in pairs if bulletin})
    firsts: dict[int, datetime] = {}
    for offer, bulletin in pairs:
        at = heard.get(bulletin) if bulletin else None
        if at is not None:
            firsts[offer] = min(at, firsts.get(offer, at))
    return [Part(order, firsts.get(order.offer_id or 0)) for order in orders]
