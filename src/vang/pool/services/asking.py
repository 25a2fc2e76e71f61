"""Asking for content, and answering: with an item that is offered, or with a text."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.bulletins.models import Bulletin, Category
from vang.journal.services import record
from vang.orgs.models import Unit
from vang.orgs.reach import Aim, partners
from vang.people.models import Person
from vang.pool import notices
from vang.pool.access import guard
from vang.pool.models import Offer, Order, Request, Target
from vang.pool.services.offering import Terms, offer_bulletin

State = Order.State
REMIND_BEFORE = timedelta(days=1)
_UNANSWERED = (State.OPEN, State.ACCEPTED)
_MOST_A_TICK = 200
_LONGEST = timedelta(days=366)


def ask_for_content(
    *,
    unit: Unit,
    title: str,
    text: str,
    due_at: datetime,
    asked: Sequence[Unit],
    by: Person,
    now: datetime,
    category: str = "",
) -> Request:
    """One request with an order for each asked unit. Raises Refusal."""
    line, clean = " ".join(clean_text(title).split())[:200], clean_text(text).strip()
    with transaction.atomic():
        guard(by, unit, now)
        if not line or not clean:
            raise Refusal("request-empty", _REQUEST_EMPTY)
        _check(unit, due_at, asked, now)
        request = Request.objects.create(
            unit=unit,
            title=line,
            text=clean,
            category=category if category in Category else "",
            due_at=due_at,
            created_by=by,
            created_at=now,
        )
        Order.objects.bulk_create(Order(request=request, unit=one, due_at=due_at) for one in asked)
        record("ask-for-content", f"request:{request.pk}", by=by, unit=unit, now=now)
        for order in request.orders.select_related("unit", "request__unit"):
            notices.tell_asked(order, now=now)
    return request


def accept_order(*, order: Order, by: Person, now: datetime) -> Order:
    """We shall supply it. Raises Refusal."""
    with transaction.atomic():
        fresh = _unanswered(order, by, now)
        fresh.state, fresh.accepted_at = State.ACCEPTED, now
        fresh.save(update_fields=["state", "accepted_at"])
        _record("accept-order", fresh, by, now)
    return fresh


def prepare_answer(*, order: Order, bulletin: Bulletin, by: Person, now: datetime) -> Order:
    """This bulletin is being written for the order. Raises Refusal."""
    with transaction.atomic():
        fresh = _unanswered(order, by, now)
        _require_own(fresh, bulletin)
        fresh.bulletin = bulletin
        fresh.state, fresh.accepted_at = State.ACCEPTED, fresh.accepted_at or now
        fresh.save(update_fields=["bulletin", "state", "accepted_at"])
        _record("prepare-answer", fresh, by, now)
    return fresh


def answer_order(*, order: Order, text: str, by: Person, now: datetime) -> Order:
    """Answer with a text: facts that the asking unit writes up itself. Raises Refusal."""
    clean = clean_text(text).strip()
    if not clean:
        raise Refusal("answer-missing", _ANSWER_MISSING)
    with transaction.atomic():
        fresh = _unanswered(order, by, now)
        fresh.answer = clean
        return _answered(fresh, by=by, now=now)


def answer_with_bulletin(
    *, order: Order, bulletin: Bulletin, terms: Terms, by: Person, now: datetime
) -> Order:
    """Answer with an approved item, which is offered to the asking unit. Raises Refusal."""
    with transaction.atomic():
        fresh = _unanswered(order, by, now)
        _require_own(fresh, bulletin)
        asker = fresh.request.unit
        offer = Offer.objects.filter(bulletin=bulletin).first()
        if offer is None:
            plain = replace(terms, must_air=False)
            aims = [Aim(asker)]
            offer = offer_bulletin(bulletin=bulletin, aims=aims, terms=plain, by=by, now=now)
        elif offer.state != Offer.State.OPEN:
            raise Refusal("offer-withdrawn", _WITHDRAWN)
        else:
            Target.objects.get_or_create(offer=offer, unit=asker)
        fresh.bulletin, fresh.offer = bulletin, offer
        return _answered(fresh, by=by, now=now)


def decline_order(*, order: Order, reason: str, by: Person, now: datetime) -> Order:
    """We cannot supply it, and why. Raises Refusal."""
    clean = clean_text(reason).strip()
    if not clean:
        raise Refusal("comment-missing", _WHY_MISSING)
    with transaction.atomic():
        fresh = _unanswered(order, by, now)
        fresh.state, fresh.reason = State.DECLINED, clean
        fresh.answered_at, fresh.answered_by = now, by
        fresh.save(update_fields=["state", "reason", "answered_at", "answered_by"])
        _record("decline-order", fresh, by, now)
        notices.tell_asker(fresh, now=now)
    return fresh


def close_request(*, request: Request, by: Person, now: datetime) -> Request:
    """Nothing more is awaited; whoever has not answered need not. Raises Refusal."""
    with transaction.atomic():
        fresh = Request.objects.select_for_update(of=("self",)).get(pk=request.pk)
        guard(by, fresh.unit, now)
        if fresh.closed_at is not None:
            raise Refusal("closed-already", _CLOSED)
        fresh.closed_at, fresh.closed_by = now, by
        fresh.save(update_fields=["closed_at", "closed_by"])
        record("close-request", f"request:{fresh.pk}", by=by, unit=fresh.unit, now=now)
    return fresh


def remind_due(*, now: datetime) -> int:
    """Once, a day before the deadline: who has not answered is reminded. Returns how many."""
    due = Order.objects.filter(
        state__in=_UNANSWERED,
        reminded_at=None,
        due_at__lte=now + REMIND_BEFORE,
        request__closed_at=None,
    )
    orders = list(
        due.select_related("unit", "request__unit").order_by("due_at", "pk")[:_MOST_A_TICK]
    )
    for order in orders:
        with transaction.atomic():
            claimed = Order.objects.filter(pk=order.pk, reminded_at=None).update(reminded_at=now)
            if claimed:
                notices.remind_asked(order, now=now)
    return len(orders)


def _check(unit: Unit, due_at: datetime, asked: Sequence[Unit], now: datetime) -> None:
    if not now < due_at <= now + _LONGEST:
        raise Refusal("due-wrong", _DUE_WRONG)
    if not asked:
        raise Refusal("nobody-chosen", _NOBODY)
    keys = {one.pk for one in asked}
    if partners(unit, local_date(now)).filter(pk__in=keys).count() != len(keys):
        raise Refusal("out-of-reach", _OUT_OF_REACH)


def _unanswered(order: Order, by: Person, now: datetime) -> Order:
    """The order read anew and locked. Raises Refusal when it is no longer to be answered."""
    Order.objects.select_for_update().only("pk").get(pk=order.pk)
    fresh = Order.objects.select_related("unit", "request__unit").get(pk=order.pk)
    guard(by, fresh.unit, now)
    if fresh.state not in _UNANSWERED:
        raise Refusal("answered-already", _ANSWERED_ALREADY)
    if fresh.request.closed_at is not None:
        raise Refusal("closed-already", _CLOSED)
    return fresh


def _require_own(order: Order, bulletin: Bulletin) -> None:
    if bulletin.unit_id != order.unit_id:
        raise Refusal("bulletin-of-another-unit", _ELSEWHERE)


def _answered(order: Order, *, by: Person, now: datetime) -> Order:
    order.state, order.answered_at, order.answered_by = State.ANSWERED, now, by
    order.save()
    _record("answer-order", order, by, now)
    notices.tell_asker(order, now=now)
    return order


def _record(action: str, order: Order, by: Person, now: datetime) -> None:
    record(
        action,
        f"order:{order.pk}",
        by=by,
        unit=order.unit,
        now=now,
        about=[f"bulletin:{order.bulletin_id}"] if order.bulletin_id else [],
        request=order.request_id,
        late=order.late,
    )


_ANSWER_MISSING = _("Write the answer.")
_WHY_MISSING = _("Say why: the unit that asks reads it.")
_WITHDRAWN = _("The offer of this bulletin has been withdrawn. Choose another bulletin.")
_CLOSED = _("This request is closed.")
_REQUEST_EMPTY = _("Give the request a title and say what is needed.")
_DUE_WRONG = _("The deadline must lie in the future, at most a year ahead.")
_NOBODY = _("Choose whom to ask.")
_OUT_OF_REACH = _("One of the chosen units is neither above, beside nor below yours.")
_ANSWERED_ALREADY = _("This has been answered already.")
_ELSEWHERE = _("The bulletin belongs to another unit.")
