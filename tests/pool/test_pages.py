"""Each page: it works, the wrong method, signed out, a stranger, and its budget of queries."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests.bulletins.newsroom import reread
from tests.conftest import SignedIn, person
from tests.pool.sharing import BETTER, again, approved, asked, mended, offered, renewed, taken
from vang.bulletins.models import Bulletin
from vang.orgs.models import Unit
from vang.orgs.reach import Aim
from vang.people.models import Person
from vang.pool import services
from vang.pool.models import Offer, Order, Request, Taking

LISTS = ["list", "given", "orders", "requests"]


def address(name: str, *args: object) -> str:
    return reverse(f"pool:{name}", args=args)


def body(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]


# who comes where


@pytest.mark.parametrize("name", [*LISTS, "ask"])
def test_lists_open_for_the_newsroom_and_take_no_other_method(
    name: str, an: Person, station: Unit, signed_in: SignedIn
) -> None:
    client = signed_in(an)
    assert client.get(address(name)).status_code == 200
    assert client.delete(address(name)).status_code == 405
    assert Client().get(address(name)).status_code == 302


def test_an_offer_is_seen_by_those_it_is_made_to_and_by_who_made_it(
    offer: Offer, an: Person, ha: Person, dung: Person, signed_in: SignedIn
) -> None:
    page = address("offer", offer.pk)
    for reader in (an, ha, dung):
        assert signed_in(reader).get(page).status_code == 200
    assert Client().get(page).status_code == 302
    assert signed_in(an).post(page).status_code == 405


def test_an_offer_to_others_is_none_for_a_stranger(
    station: Unit, xa_a: Unit, ha: Person, lam: Person, chi: Person, now: datetime,
    signed_in: SignedIn,
) -> None:  # fmt: skip
    offer = offered(station, ha, lam, now, aims=[Aim(xa_a)])
    client = signed_in(chi)
    for name in ("offer", "sound"):
        assert client.get(address(name, offer.pk)).status_code == 404
    for name in ("take", "adapt", "decline", "renew", "withdraw"):
        assert client.post(address(name, offer.pk), {"reason": "x"}).status_code == 404
    assert offer.title not in body(client.get(address("list"), {"view": "all"}))
    assert Taking.objects.count() == 0


ACTS = ["take", "adapt", "decline", "renew", "withdraw"]


@pytest.mark.parametrize("name", ACTS)
def test_acts_on_an_offer_are_not_done_by_a_link_nor_signed_out(
    name: str, offer: Offer, an: Person, signed_in: SignedIn
) -> None:
    assert signed_in(an).get(address(name, offer.pk)).status_code == 405
    assert Client().post(address(name, offer.pk)).status_code == 302
    assert Taking.objects.count() == 0


@pytest.mark.parametrize("name", ["renew", "withdraw"])
def test_only_the_unit_that_offers_renews_or_withdraws(
    name: str, offer: Offer, an: Person, dung: Person, signed_in: SignedIn
) -> None:
    for reader, status in ((an, 404), (dung, 403)):
        answer = signed_in(reader).post(address(name, offer.pk), {"reason": "x"})
        assert answer.status_code == status
    offer.refresh_from_db()
    assert offer.state == "OPEN"


@pytest.mark.parametrize("name", ["news", "follow-withdrawal", "follow-correction", "keep"])
def test_what_a_unit_took_is_its_own_matter(
    name: str, offer: Offer, xa_a: Unit, an: Person, chi: Person, ha: Person, dung: Person,
    now: datetime, signed_in: SignedIn,
) -> None:  # fmt: skip
    taking = taken(offer, xa_a, an, now)
    url = address(name, taking.pk)
    for stranger in (chi, ha):
        client = signed_in(stranger)
        assert (client.get(url) if name == "news" else client.post(url)).status_code == 404
    wrong = signed_in(an).post(url) if name == "news" else signed_in(an).get(url)
    assert wrong.status_code == 405
    assert Client().get(address("news", taking.pk)).status_code == 302
    if name != "news":
        assert Client().post(url).status_code == 302
        assert signed_in(dung).post(url).status_code == 403  # reads, and does nothing


ANSWERS = ["accept", "answer", "answer-by-bulletin", "decline-order"]


@pytest.mark.parametrize("name", ["order", *ANSWERS])
def test_an_order_is_for_the_asked_unit(
    name: str, xa_a: Unit, station: Unit, an: Person, chi: Person, ha: Person, now: datetime,
    signed_in: SignedIn,
) -> None:  # fmt: skip
    order = asked(xa_a, station, an, now)
    url = address(name, order.pk)
    client = signed_in(chi)
    assert (client.get(url) if name == "order" else client.post(url)).status_code == 404
    wrong = signed_in(ha).post(url) if name == "order" else signed_in(ha).get(url)
    assert wrong.status_code == 405
    out = Client().get(url) if name == "order" else Client().post(url)
    assert out.status_code == 302
    order.refresh_from_db()
    assert order.state == "OPEN"


def test_only_a_writer_is_led_to_writing_for_an_order(
    xa_a: Unit, station: Unit, an: Person, ha: Person, lam: Person, now: datetime,
    signed_in: SignedIn,
) -> None:  # fmt: skip
    order = asked(xa_a, station, an, now)
    writing = f"{reverse('bulletins:new')}?order={order.pk}"
    assert writing in body(signed_in(ha).get(address("order", order.pk)))
    assert writing not in body(signed_in(lam).get(address("order", order.pk)))


@pytest.mark.parametrize("name", ["request", "close"])
def test_a_request_is_for_the_asking_unit(
    name: str, xa_a: Unit, station: Unit, an: Person, chi: Person, ha: Person, now: datetime,
    signed_in: SignedIn,
) -> None:  # fmt: skip
    url = address(name, asked(xa_a, station, an, now).request_id)
    for stranger in (chi, ha):
        client = signed_in(stranger)
        assert (client.get(url) if name == "request" else client.post(url)).status_code == 404
    wrong = signed_in(an).post(url) if name == "request" else signed_in(an).get(url)
    assert wrong.status_code == 405
    out = Client().get(url) if name == "request" else Client().post(url)
    assert out.status_code == 302


def test_a_technician_looks_and_does_nothing(
    offer: Offer, tech: Person, station: Unit, signed_in: SignedIn
) -> None:
    client = signed_in(tech)
    page = body(client.get(address("offer", offer.pk)))
    assert address("take", offer.pk) not in page
    assert client.get(address("ask")).status_code == 403
    assert client.post(address("take", offer.pk)).status_code == 409


# offering


def test_offering_from_the_page_of_the_bulletin(
    station: Unit, district: Unit, ha: Person, lam: Person, now: datetime, signed_in: SignedIn,
    chi: Person,
) -> None:  # fmt: skip
    bulletin = approved(station, ha, lam, now)
    client = signed_in(ha)
    url = address("new", bulletin.pk)
    assert url in body(client.get(reverse("bulletins:detail", args=[bulletin.pk])))
    page = body(client.get(url))
    assert f"toàn bộ đơn vị thuộc {district.full_name}" in page
    today = timezone.localdate(now).isoformat()
    fields = {"whom": district.pk, "valid_from": today, "with_sound": "on", "must_air": "on"}
    answer = client.post(url, fields)
    offer = Offer.objects.get(bulletin=bulletin)
    assert answer["Location"] == address("offer", offer.pk)
    assert (offer.must_air, offer.may_adapt, offer.with_sound) == (True, False, True)
    assert client.get(url)["Location"] == address("offer", offer.pk)
    assert signed_in(chi).get(url).status_code == 404
    assert client.put(url).status_code == 405
    assert Client().get(url).status_code == 302


def test_a_wrong_form_says_what_to_mend_and_keeps_what_was_typed(
    station: Unit, ha: Person, lam: Person, now: datetime, signed_in: SignedIn
) -> None:
    bulletin = approved(station, ha, lam, now)
    wrong = {
        "whom": "chosen", "valid_from": "2026-06-10", "valid_to": "2026-06-01",
        "message": "Phát buổi sáng.",
    }  # fmt: skip
    page = body(signed_in(ha).post(address("new", bulletin.pk), wrong))
    assert "Phát buổi sáng." in page
    assert "Ngày cuối không được trước ngày đầu." in page
    assert Offer.objects.count() == 0


def test_a_commune_is_not_asked_whether_others_must_air_it(
    xa_a: Unit, an: Person, binh: Person, now: datetime, signed_in: SignedIn
) -> None:
    bulletin = approved(xa_a, an, binh, now)
    assert "must_air" not in body(signed_in(an).get(address("new", bulletin.pk)))


def test_the_owner_sees_who_took_it_and_what_to_offer_next(
    offer: Offer, station: Unit, xa_a: Unit, an: Person, ha: Person, lam: Person, now: datetime,
    signed_in: SignedIn,
) -> None:  # fmt: skip
    taken(offer, xa_a, an, now)
    waiting = approved(station, ha, lam, now, BETTER)
    client = signed_in(ha)
    assert xa_a.full_name in body(client.get(address("offer", offer.pk)))
    page = body(client.get(address("given")))
    assert address("new", waiting.pk) in page
    assert client.get(address("given")).context["rows"][0].taken == 1


def test_a_newer_approved_text_is_offered_with_one_click(
    offer: Offer, ha: Person, lam: Person, later: datetime, signed_in: SignedIn
) -> None:
    client = signed_in(ha)
    assert address("renew", offer.pk) not in body(client.get(address("offer", offer.pk)))
    mended(offer, ha, lam, later)
    assert address("renew", offer.pk) in body(client.get(address("offer", offer.pk)))
    client.post(address("renew", offer.pk), {"reason": "Thêm nước."})
    offer.refresh_from_db()
    assert offer.revision == 2
    client.post(address("withdraw", offer.pk), {"reason": "Bão tan."})
    offer.refresh_from_db()
    assert offer.state == "WITHDRAWN"
    assert "Bão tan." in body(client.get(address("offer", offer.pk)))


# taking


def test_the_list_filters_and_shows_what_was_decided(
    offer: Offer, station: Unit, xa_a: Unit, an: Person, ha: Person, lam: Person, now: datetime,
    signed_in: SignedIn,
) -> None:  # fmt: skip
    other = offered(station, ha, lam, now, content=BETTER, must_air=True)
    client = signed_in(an)
    new = client.get(address("list"))
    assert [row for row, _taking in new.context["rows"]] == [other, offer]
    assert [
        row for row, _t in client.get(address("list"), {"must_air": "yes"}).context["rows"]
    ] == [other]
    found = client.get(address("list"), {"q": "chang chong", "category": "DISASTER"})
    assert len(found.context["rows"]) == 2
    assert client.get(address("list"), {"category": "EVENTS"}).context["rows"] == []
    client.post(address("take", offer.pk))
    client.post(address("decline", other.pk), {"reason": "Xã không có sông."})
    for view, wanted in (("new", []), ("taken", [offer]), ("declined", [other])):
        rows = client.get(address("list"), {"view": view}).context["rows"]
        assert [row for row, _taking in rows] == wanted
    assert len(client.get(address("list"), {"view": "all"}).context["rows"]) == 2


def test_taking_leads_to_the_own_bulletin_with_its_source(
    offer: Offer, station: Unit, an: Person, binh: Person, signed_in: SignedIn
) -> None:
    client = signed_in(an)
    assert address("take", offer.pk) in body(client.get(address("offer", offer.pk)))
    answer = client.post(address("take", offer.pk))
    bulletin = Taking.objects.get().bulletin
    assert bulletin is not None
    assert answer["Location"] == reverse("bulletins:detail", args=[bulletin.pk])
    for reader, name in ((an, "detail"), (binh, "review")):
        page = body(signed_in(reader).get(reverse(f"bulletins:{name}", args=[bulletin.pk])))
        assert station.full_name in page
    assert client.post(address("take", offer.pk)).status_code == 409


def test_adapting_leads_to_the_writing_page(offer: Offer, an: Person, signed_in: SignedIn) -> None:
    answer = signed_in(an).post(address("adapt", offer.pk))
    bulletin = Taking.objects.get().bulletin
    assert bulletin is not None
    assert answer["Location"] == reverse("bulletins:edit", args=[bulletin.pk])


def test_declining_without_a_reason_is_refused_on_the_page(
    offer: Offer, an: Person, signed_in: SignedIn
) -> None:
    answer = signed_in(an).post(address("decline", offer.pk), {"reason": ""})
    assert answer.status_code == 409
    assert "Hãy ghi lý do" in body(answer)


def test_the_offered_sound_is_heard_by_who_may_read_the_offer(
    offer: Offer, an: Person, ha: Person, station: Unit, lam: Person, now: datetime,
    signed_in: SignedIn,
) -> None:  # fmt: skip
    answer = signed_in(an).get(address("sound", offer.pk))
    assert answer.status_code == 200
    assert b"".join(answer).startswith(b"OggS")  # type: ignore[call-overload]
    assert signed_in(an).post(address("sound", offer.pk)).status_code == 405
    assert Client().get(address("sound", offer.pk)).status_code == 302
    silent = offered(station, ha, lam, now, with_sound=False, content=BETTER)
    assert signed_in(an).get(address("sound", silent.pk)).status_code == 404


# the origin changes


def test_news_stands_on_the_bulletin_and_is_followed_with_one_click(
    offer: Offer, xa_a: Unit, an: Person, ha: Person, lam: Person, now: datetime, later: datetime,
    signed_in: SignedIn,
) -> None:  # fmt: skip
    taking = taken(offer, xa_a, an, now)
    renewed(offer, ha, lam, later)
    client = signed_in(an)
    detail = body(client.get(reverse("bulletins:detail", args=[taking.bulletin_id])))
    assert address("news", taking.pk) in detail
    page = body(client.get(address("news", taking.pk)))
    assert address("follow-correction", taking.pk) in page
    client.post(address("follow-correction", taking.pk))
    assert again(taking).revision == 2
    services.withdraw_offer(offer=offer, reason="Bão tan.", by=ha, now=later + timedelta(hours=1))
    client.post(address("keep", taking.pk), {"reason": "Xã vẫn cần."})
    assert again(taking).settled_reason == "Xã vẫn cần."
    client.post(address("follow-withdrawal", taking.pk))
    assert reread(again(taking).bulletin).state == Bulletin.State.WITHDRAWN  # type: ignore[arg-type]
    assert "Bão tan." in body(client.get(address("news", taking.pk)))


# requests


def test_asking_and_answering_in_words(
    xa_a: Unit, station: Unit, an: Person, ha: Person, signed_in: SignedIn
) -> None:
    client = signed_in(an)
    wrong = client.post(address("ask"), {"title": "Lịch tiêm", "due_at": "2020-01-01T17:00"})
    assert "Lịch tiêm" in body(wrong)
    fields = {
        "title": "Lịch tiêm", "text": "Theo thôn.", "due_at": "2026-06-13T17:00",
        "asked": [station.pk],
    }  # fmt: skip
    answer = client.post(address("ask"), fields)
    order = Order.objects.get()
    assert answer["Location"] == address("request", order.request_id)
    office = signed_in(ha)
    assert "Lịch tiêm" in body(office.get(address("orders")))
    office.post(address("accept", order.pk))
    assert office.post(address("answer", order.pk), {"text": ""}).status_code == 409
    office.post(address("answer", order.pk), {"text": "Thôn 1: thứ hai."})
    assert "Thôn 1: thứ hai." in body(client.get(address("request", order.request_id)))
    assert "Lịch tiêm" in body(client.get(address("requests")))
    client.post(address("close", order.request_id))
    assert Request.objects.get().closed_at is not None


def test_answering_with_a_bulletin_written_for_it(
    xa_a: Unit, station: Unit, an: Person, ha: Person, lam: Person, now: datetime,
    signed_in: SignedIn,
) -> None:  # fmt: skip
    order = asked(xa_a, station, an, now)
    office = signed_in(ha)
    write = f"{reverse('bulletins:new')}?order={order.pk}"
    assert write in body(office.get(address("order", order.pk)))
    assert order.request.title in body(office.get(write))
    fields = {"title": "Tin", "text": "Nội dung.", "category": "SCIENCE", "priority": "NORMAL"}
    office.post(write, {**fields, "order": order.pk})
    order.refresh_from_db()
    assert order.state == "ACCEPTED"
    assert order.bulletin is not None
    ready = approved(station, ha, lam, now)
    page = address("answer-by-bulletin", order.pk)
    assert office.post(page, {"bulletin": "0"}).status_code == 422
    office.post(page, {"bulletin": ready.pk, "may_adapt": "on"})
    order.refresh_from_db()
    assert order.offer == Offer.objects.get(bulletin=ready)
    assert Offer.objects.get().title in body(signed_in(an).get(address("list")))


def test_declining_an_order(
    xa_a: Unit, station: Unit, an: Person, ha: Person, now: datetime, signed_in: SignedIn
) -> None:
    order = asked(xa_a, station, an, now)
    office = signed_in(ha)
    assert office.post(address("decline-order", order.pk), {"reason": ""}).status_code == 409
    office.post(address("decline-order", order.pk), {"reason": "Chưa có số liệu."})
    assert "Chưa có số liệu." in body(signed_in(an).get(address("request", order.request_id)))


def test_somebody_elses_order_is_not_put_into_a_bulletin(
    xa_a: Unit, station: Unit, an: Person, chi: Person, now: datetime, signed_in: SignedIn
) -> None:
    order = asked(xa_a, station, an, now)
    page = body(signed_in(chi).get(reverse("bulletins:new"), {"order": order.pk}))
    assert order.request.title not in page


# budgets: a full page of rows, in a district with many communes


@pytest.fixture
def crowd(
    district: Unit, station: Unit, xa_a: Unit, ha: Person, lam: Person, an: Person, now: datetime
) -> Offer:
    """Seven offers, the newest taken by seven communes and asked for by them too."""
    offers = [offered(station, ha, lam, now) for _ in range(7)]
    for number in range(7):
        unit = Unit.objects.create(
            code=f"9{number:04}", valid_from=now.date(), level="COMMUNE", kind="XA",
            name=f"Xã {number}", parent=district,
        )  # fmt: skip
        writer = person(f"w{number}", f"W {number}", unit, "WRITER")
        taken(offers[-1], unit, writer, now)
        asked(unit, station, writer, now)
        asked(station, unit, ha, now)
    taken(offers[0], xa_a, an, now)
    return offers[-1]


@pytest.mark.parametrize(
    ("name", "who", "most"),
    [("list", "an", 12), ("given", "ha", 12), ("orders", "ha", 12), ("requests", "ha", 12)],
)
def test_the_budget_of_the_lists(
    name: str, who: str, most: int, crowd: Offer, signed_in: SignedIn,
    request: pytest.FixtureRequest, django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    client = signed_in(request.getfixturevalue(who))
    client.get(address(name))
    with django_assert_max_num_queries(most):
        assert client.get(address(name)).status_code == 200


def test_the_budget_of_single_pages(
    crowd: Offer, an: Person, ha: Person, signed_in: SignedIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    taking = Taking.objects.get(unit__code="20662")
    order = Order.objects.filter(unit__name=crowd.unit.name).first()
    own = Request.objects.filter(unit=crowd.unit).first()
    assert order is not None
    assert own is not None
    for who, url, most in (
        (ha, address("offer", crowd.pk), 12),
        (an, address("offer", crowd.pk), 12),
        (an, address("news", taking.pk), 12),
        (ha, address("order", order.pk), 12),
        (ha, address("request", own.pk), 12),
        (ha, address("ask"), 12),
    ):
        client = signed_in(who)
        client.get(url)
        with django_assert_max_num_queries(most):
            assert client.get(url).status_code == 200
