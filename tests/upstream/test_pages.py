"""Each page: it works, the wrong method, signed out, a stranger, and its budget of queries."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.cap.messages import INFO, STORM
from tests.cap.test_styles import STYLES
from tests.conftest import SignedIn
from tests.upstream.conftest import Receive
from tests.upstream.test_receiving import following
from vang.cap.model import MsgType, Status
from vang.cap.places import area_of_units
from vang.cap.writing import to_xml
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.upstream import drafting
from vang.upstream.models import Decision, Entry, Feed, Received
from vang.upstream.receiving import receive

pytestmark = pytest.mark.django_db
FORM = {"name": "Đài KTTV", "url": "https://example.vn/feed", "certificate": ""}


def address(name: str, *args: object) -> str:
    return reverse(f"upstream:{name}", args=args)


def body(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]


@pytest.fixture
def feed(district: Unit, son: Person, now: datetime) -> Feed:
    return Feed.objects.create(
        unit=district, name="Đài tỉnh", url="https://a.example.vn/", added_by=son, added_at=now,
        due_at=now, problem="timeout", failures=3, tried_at=now,
    )  # fmt: skip


def test_the_list_shows_what_holds_what_is_over_and_what_is_for_others(
    received: Receive, an: Person, xa_b: Unit, signed_in: SignedIn
) -> None:
    over = (replace(INFO, headline="Đã tan", expires=STORM.sent),)
    there = (replace(INFO, headline="Lũ ở B", areas=(area_of_units("B", ["20683"]),)),)
    received(identifier="over", infos=over)
    received(identifier="there", infos=there)
    received(identifier="test", status=Status.TEST)
    client = signed_in(an)
    for view, shown in (("now", "Bão số 5"), ("past", "Đã tan"), ("elsewhere", "Lũ ở B")):
        page = body(client.get(address("list"), {"view": view}))
        assert [text in page for text in ("Bão số 5", "Đã tan", "Lũ ở B")] == [
            text == shown for text in ("Bão số 5", "Đã tan", "Lũ ở B")
        ]
    assert "thử" in body(client.get(address("list")))
    assert client.post(address("list")).status_code == 405
    assert Client().get(address("list")).status_code == 302


def test_a_warning_is_shown_in_all_its_languages_and_as_text_only(
    received: Receive, an: Person, signed_in: SignedIn
) -> None:
    web = replace(INFO, web="https://example.vn/<script>", description="<b>Gió</b>")
    row = received(infos=(web, replace(STORM.infos[1], description="Storm surge")))
    page = body(signed_in(an).get(address("received", row.pk)))
    assert "&lt;b&gt;Gió&lt;/b&gt;" in page
    assert "Storm surge" in page
    assert "<script>" not in page.partition("</head>")[2].partition("</main>")[0]
    assert "Xã Quế Thuận" in page


def test_strangers_learn_nothing(
    received: Receive, xa_a: Unit, chi: Person, binh: Person, tech: Person, signed_in: SignedIn
) -> None:
    row = received(unit=xa_a)
    for name in ("received", "file"):
        assert signed_in(chi).get(address(name, row.pk)).status_code == 404
        assert signed_in(tech).get(address(name, row.pk)).status_code == 404
        assert signed_in(binh).get(address(name, row.pk)).status_code == 200
        assert signed_in(binh).post(address(name, row.pk)).status_code == 405
        assert Client().get(address(name, row.pk)).status_code == 302
    for name in ("begin", "dismiss"):
        assert signed_in(chi).post(address(name, row.pk), {"reason": "x"}).status_code == 404
        assert signed_in(binh).get(address(name, row.pk)).status_code == 405
        assert Client().post(address(name, row.pk)).status_code == 302
    assert not Decision.objects.exists()


def test_the_file_is_what_came(received: Receive, binh: Person, signed_in: SignedIn) -> None:
    answer = signed_in(binh).get(address("file", received().pk))
    assert answer.content == to_xml(STORM)
    assert answer["Content-Type"] == "application/cap+xml"
    assert "attachment" in answer["Content-Disposition"]


def test_a_warning_is_set_aside_with_a_reason_by_an_approver(
    received: Receive, an: Person, binh: Person, signed_in: SignedIn
) -> None:
    row = received()
    page = body(signed_in(an).get(address("received", row.pk)))
    assert address("dismiss", row.pk) not in page
    signed_in(an).post(address("dismiss", row.pk), {"reason": "Đã qua"})
    assert not Decision.objects.exists()
    client = signed_in(binh)
    assert address("dismiss", row.pk) in body(client.get(address("received", row.pk)))
    assert client.post(address("dismiss", row.pk), {"reason": ""}).status_code == 422
    answer = client.post(address("dismiss", row.pk), {"reason": "Bão đã tan"}, follow=True)
    assert "Đã bỏ qua." in body(answer)
    page = body(client.get(address("received", row.pk)))
    assert "Bão đã tan" in page
    assert address("dismiss", row.pk) not in page


def test_the_button_shows_only_where_somebody_makes_warnings(
    received: Receive, binh: Person, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, client = received(), signed_in(binh)
    monkeypatch.setattr(drafting, "makers", [])
    assert address("begin", row.pk) not in body(client.get(address("received", row.pk)))
    answer = client.post(address("begin", row.pk))
    assert answer.headers["Location"] == address("received", row.pk)
    monkeypatch.setattr(drafting, "makers", [lambda *_told: "/drafted"])
    assert address("begin", row.pk) in body(client.get(address("received", row.pk)))
    assert client.post(address("begin", row.pk)).headers["Location"] == "/drafted"


def test_what_is_new_stands_on_the_first_page_of_those_who_decide(
    received: Receive, an: Person, binh: Person, hanh: Person, signed_in: SignedIn
) -> None:
    received()
    received(identifier="test", status=Status.TEST)
    for reader, due in ((binh, True), (hanh, True), (an, False)):
        page = body(signed_in(reader).get(reverse("desk:home")))
        assert ("1 cảnh báo từ cấp trên" in page) is due
        assert ("cực kỳ nghiêm trọng: 1." in page) is due
    received(following(MsgType.CANCEL, 2))
    page = body(signed_in(binh).get(reverse("desk:home")))
    assert "1 cảnh báo từ cấp trên" in page
    assert "cực kỳ nghiêm trọng: 0." in page


def test_an_administrator_keeps_the_feeds_of_the_unit(
    feed: Feed, quan: Person, an: Person, chi: Person, signed_in: SignedIn
) -> None:
    keeper = signed_in(quan)
    page = body(keeper.get(address("feeds")))
    assert "Máy chủ không trả lời kịp." in page
    assert "smartalert.nchmf.gov.vn" in page
    assert address("end-feed", feed.pk) not in page
    assert keeper.post(address("feeds"), FORM | {"url": "http://a"}).status_code == 422
    assert keeper.post(address("feeds"), FORM).status_code == 302
    mine = Feed.objects.get(name="Đài KTTV")
    assert signed_in(an).post(address("feeds"), FORM).status_code == 403
    assert signed_in(an).get(address("feeds")).status_code == 200
    assert Client().get(address("feeds")).status_code == 302
    for reader, row, status in ((an, mine, 403), (chi, mine, 404), (quan, feed, 404)):
        assert signed_in(reader).post(address("end-feed", row.pk)).status_code == status
    assert keeper.get(address("end-feed", mine.pk)).status_code == 405
    assert Client().post(address("end-feed", mine.pk)).status_code == 302
    keeper.post(address("end-feed", mine.pk))
    mine.refresh_from_db()
    assert mine.ended_at is not None


def test_pages_cost_little_however_much_has_come(
    received: Receive, feed: Feed, binh: Person, now: datetime, signed_in: SignedIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    for number in range(25):
        row = received(identifier=f"n{number}")
        Entry.objects.create(feed=feed, key=str(number), url="https://a", at=now, code="doctype")
    ender = received(following(MsgType.UPDATE, 30))
    client = signed_in(binh)
    client.get(address("list"))
    for url in (
        address("list"), address("received", row.pk), address("received", ender.pk),
        address("feeds"), reverse("desk:home"),
    ):  # fmt: skip
        with django_assert_max_num_queries(12):
            assert client.get(url).status_code == 200


def test_an_old_message_that_newer_rules_refuse_is_still_shown(
    received: Receive, binh: Person, signed_in: SignedIn
) -> None:
    row = received()
    row.content = b"<alert/>"
    row.received_at += timedelta(seconds=1)
    row.save()
    assert signed_in(binh).get(address("received", row.pk)).status_code == 200


def uploaded(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("warning.xml", content)


def test_a_file_is_brought_by_hand_or_refused_with_its_lines(
    xa_a: Unit, an: Person, tech: Person, signed_in: SignedIn, client: Client
) -> None:
    address = reverse("upstream:bring")
    good, bad = STYLES["my-met-rectangle"], STYLES["my-met-rectangle"].replace(b"+08:00", b"Z")
    browser = signed_in(an)
    assert address in browser.get(reverse("upstream:list")).content.decode()
    assert browser.get(address).status_code == 200
    refused = browser.post(address, {"warning": uploaded(bad)})
    assert refused.status_code == 422
    assert "time-z" in refused.content.decode()
    assert not Received.objects.exists()
    taken = browser.post(address, {"warning": uploaded(good)})
    row = Received.objects.get(unit=xa_a)
    assert taken["Location"] == reverse("upstream:received", args=[row.pk])
    assert (row.brought_by, row.feed) == (an, None)
    assert browser.post(address, {"warning": uploaded(good)}).status_code == 422
    assert browser.post(address, {}).status_code == 422
    large = browser.post(address, {"warning": uploaded(good + b" " * 930_000)})
    assert "lớn hơn 900 KB" in large.content.decode()
    assert browser.put(address).status_code == 405
    assert client.get(address).status_code == 302
    assert signed_in(tech).post(address, {"warning": uploaded(good)}).status_code == 403


def test_whatever_other_services_write_can_be_read_here(
    xa_a: Unit, binh: Person, signed_in: SignedIn, now: datetime
) -> None:
    browser = signed_in(binh)
    for name, content in STYLES.items():
        row = receive(content=content, unit=xa_a, now=now)
        page = browser.get(reverse("upstream:received", args=[row.pk]))
        assert page.status_code == 200, name
        assert "<html" in page.content.decode()
