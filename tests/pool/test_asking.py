"""Asking for content, answering in time, and being reminded."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.conftest import person
from tests.pool.air import hear
from tests.pool.sharing import approved, asked, taken, terms
from vang.base.refusals import Refusal
from vang.journal.models import Entry
from vang.notices.models import Notice
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.pool import services
from vang.pool.models import Order
from vang.pool.notices import told_asked
from vang.pool.queries import open_orders, parts, requests_of


def refusal(act: object, **given: object) -> str:
    with pytest.raises(Refusal) as refused:
        act(**given)  # type: ignore[operator]
    return refused.value.code


def test_a_commune_asks_an_office_and_its_writers_are_told_once(
    xa_a: Unit, station: Unit, an: Person, ha: Person, now: datetime
) -> None:
    order = asked(xa_a, station, an, now)
    assert list(open_orders(station)) == [order]
    assert list(open_orders(xa_a)) == []
    for _twice in range(2):
        told_asked(order, now=now)
    assert [n.person for n in Notice.objects.filter(kind="pool-asked")] == [ha]


def test_a_station_orders_items_from_every_commune(
    xa_a: Unit, xa_b: Unit, station: Unit, ha: Person, now: datetime
) -> None:
    request = services.ask_for_content(
        unit=station, title="Gương người tốt", text="Mỗi xã một bài.", category="ROLE_MODELS",
        due_at=now + timedelta(days=7), asked=[xa_a, xa_b], by=ha, now=now,
    )  # fmt: skip
    assert {order.unit for order in request.orders.all()} == {xa_a, xa_b}
    assert request.category == "ROLE_MODELS"


def test_a_request_says_what_whom_and_until_when(
    xa_a: Unit, station: Unit, an: Person, tech: Person, now: datetime
) -> None:
    far = Unit.objects.create(
        code="1", valid_from=now.date(), level="COMMUNE", kind="XA", name="Xa Lạ"
    )
    good = {
        "unit": xa_a, "title": "Tin", "text": "Cần tin.", "due_at": now + timedelta(days=1),
        "asked": [station], "by": an, "now": now,
    }  # fmt: skip
    for wrong, code in (
        ({"title": " "}, "request-empty"),
        ({"due_at": now}, "due-wrong"),
        ({"due_at": now + timedelta(days=400)}, "due-wrong"),
        ({"asked": []}, "nobody-chosen"),
        ({"asked": [far]}, "out-of-reach"),
        ({"by": tech}, "not-in-newsroom"),
    ):
        assert refusal(services.ask_for_content, **{**good, **wrong}) == code
    assert services.ask_for_content(**good)  # type: ignore[arg-type]


def test_an_answer_in_words_closes_the_order_and_tells_who_asked(
    xa_a: Unit, station: Unit, an: Person, ha: Person, now: datetime, later: datetime
) -> None:
    order = asked(xa_a, station, an, now)
    services.accept_order(order=order, by=ha, now=now)
    assert refusal(services.answer_order, order=order, text="", by=ha, now=now) == "answer-missing"
    done = services.answer_order(order=order, text="Thôn 1: thứ hai.", by=ha, now=later)
    assert (done.state, done.answered_at, done.late) == ("ANSWERED", later, False)
    assert [n.person for n in Notice.objects.filter(kind="pool-answered")] == [an]
    again = refusal(services.answer_order, order=order, text="x", by=ha, now=later)
    assert again == "answered-already"


def test_an_answer_by_a_bulletin_is_offered_to_who_asked_alone(
    xa_a: Unit, xa_b: Unit, station: Unit, an: Person, ha: Person, lam: Person, now: datetime
) -> None:
    order = asked(xa_a, station, an, now)
    bulletin = approved(station, ha, lam, now)
    services.prepare_answer(order=order, bulletin=bulletin, by=ha, now=now)
    given = {"order": order, "bulletin": bulletin, "terms": terms(now), "now": now}
    done = services.answer_with_bulletin(by=ha, **given)  # type: ignore[arg-type]
    assert done.offer is not None
    assert [(t.unit, t.below) for t in done.offer.targets.all()] == [(xa_a, False)]
    second = asked(xa_b, station, person("b1", "B", xa_b, "WRITER"), now)
    services.answer_with_bulletin(by=ha, **{**given, "order": second})  # type: ignore[arg-type]
    assert {t.unit for t in done.offer.targets.all()} == {xa_a, xa_b}


def test_the_bulletin_of_another_unit_is_no_answer(
    xa_a: Unit, station: Unit, an: Person, binh: Person, ha: Person, now: datetime
) -> None:
    order = asked(xa_a, station, an, now)
    theirs = approved(xa_a, an, binh, now)
    given = {"order": order, "bulletin": theirs, "by": ha, "now": now}
    assert refusal(services.prepare_answer, **given) == "bulletin-of-another-unit"
    answer = {**given, "terms": terms(now)}
    assert refusal(services.answer_with_bulletin, **answer) == "bulletin-of-another-unit"


def test_declining_says_why_and_only_the_asked_unit_answers(
    xa_a: Unit, station: Unit, an: Person, ha: Person, now: datetime
) -> None:
    order = asked(xa_a, station, an, now)
    given = {"order": order, "now": now}
    assert refusal(services.decline_order, reason=" ", by=ha, **given) == "comment-missing"
    assert refusal(services.decline_order, reason="x", by=an, **given) == "not-in-newsroom"
    assert refusal(services.accept_order, by=an, **given) == "not-in-newsroom"
    declined = services.decline_order(reason="Chưa có số liệu.", by=ha, **given)  # type: ignore[arg-type]
    assert declined.state == Order.State.DECLINED


def test_a_closed_request_awaits_nothing_more(
    xa_a: Unit, station: Unit, an: Person, ha: Person, now: datetime
) -> None:
    order = asked(xa_a, station, an, now)
    assert refusal(services.close_request, request=order.request, by=ha, now=now) == (
        "not-in-newsroom"
    )
    services.close_request(request=order.request, by=an, now=now)
    assert list(open_orders(station)) == []
    assert refusal(services.answer_order, order=order, text="x", by=ha, now=now) == "closed-already"
    assert refusal(services.close_request, request=order.request, by=an, now=now) == (
        "closed-already"
    )


def test_who_has_not_answered_is_reminded_once_a_day_before(
    xa_a: Unit, station: Unit, an: Person, ha: Person, now: datetime
) -> None:
    order = asked(xa_a, station, an, now)
    assert services.remind_due(now=order.due_at - timedelta(hours=25)) == 0
    assert services.remind_due(now=order.due_at - timedelta(hours=23)) == 1
    assert services.remind_due(now=order.due_at) == 0
    assert Notice.objects.filter(kind="pool-asked", person=ha).count() == 1


def test_timeliness_is_from_order_over_answer_to_the_air(
    xa_a: Unit, station: Unit, an: Person, binh: Person, ha: Person, lam: Person, now: datetime
) -> None:
    order = asked(xa_a, station, an, now)
    late = order.due_at + timedelta(hours=1)
    done = services.answer_with_bulletin(
        order=order, bulletin=approved(station, ha, lam, now), terms=terms(now), by=ha, now=late
    )
    assert done.late
    assert parts([done])[0].aired_at is None
    assert done.offer is not None
    bulletin = taken(done.offer, xa_a, an, late).bulletin
    assert bulletin is not None
    at = late + timedelta(hours=2)
    hear(bulletin, binh, at)
    assert parts([done])[0].aired_at == at
    counted = requests_of(xa_a).get()
    assert (counted.asked, counted.answered, counted.late) == (1, 1, 1)  # type: ignore[attr-defined]
    entry = Entry.objects.get(action="answer-order")
    assert entry.detail["late"] is True


def test_the_database_keeps_orders_whole(
    xa_a: Unit, station: Unit, an: Person, now: datetime
) -> None:
    order = asked(xa_a, station, an, now)
    for wrong in ({"state": "ANSWERED"}, {"state": "DECLINED", "answered_at": now}):
        with transaction.atomic(), pytest.raises(IntegrityError):
            Order.objects.filter(pk=order.pk).update(**wrong)
