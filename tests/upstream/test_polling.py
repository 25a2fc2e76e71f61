"""Feeds are asked over real sockets, within limits, and what is wrong is said."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from pytest_django import Settings

from tests.cap.messages import NOW, STORM
from tests.upstream.server import Service, serving
from tests.upstream.test_receiving import following
from vang.base.refusals import Refusal
from vang.cap.feeds import Imprint, Published, feed_files, file_of
from vang.cap.model import Alert, MsgType
from vang.cap.writing import to_xml
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.upstream import jobs, polling
from vang.upstream.models import Entry, Feed, Received
from vang.upstream.polling import ask_due, poll
from vang.upstream.services import add_feed, end_feed

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(settings: Settings) -> Iterator[Service]:
    with serving() as one:
        settings.FEEDS_INSIDE = {one.place}
        yield one


@pytest.fixture
def feed(service: Service, district: Unit, son: Person, now: datetime) -> Feed:
    return add_feed(unit=district, name="Đài KTTV", url=service.url("/feed"), by=son, now=now)


def publish(service: Service, *alerts: Alert, kind: str = "atom") -> None:
    """As our own feeds are written."""
    published = [Published(one, to_xml(one)) for one in alerts]
    files = feed_files(published, Imprint("Đài", "Đài", service.url("/")), NOW)
    service.pages = {f"/{path}": content for path, content in files}
    service.pages["/feed"] = service.pages[f"/canh-bao/{kind}.xml"]


def entry(url: str, changed: str = "1") -> str:
    return f"<entry><updated>{changed}</updated><link href='{url}'/></entry>"


def atom(*entries: str) -> bytes:
    return f"<feed xmlns='http://www.w3.org/2005/Atom'>{''.join(entries)}</feed>".encode()


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_what_is_new_in_a_feed_is_taken_once(
    kind: str, service: Service, feed: Feed, now: datetime
) -> None:
    publish(service, STORM, replace(STORM, identifier="second"), kind=kind)
    assert poll(feed, now=now) == 2
    assert len(service.paths()) == 3
    assert poll(feed, now=now) == 0
    assert service.paths() == ["/feed"]
    publish(service, STORM, following(MsgType.UPDATE, 2), kind=kind)
    assert poll(feed, now=now) == 1
    assert Received.objects.get(identifier=STORM.identifier).ended_by is not None
    assert not Entry.objects.exclude(code="").exists()


def test_an_unchanged_feed_is_not_sent_again(service: Service, feed: Feed, now: datetime) -> None:
    publish(service, STORM)
    modified = "Wed, 10 Jun 2026 05:00:00 GMT"
    service.headers = {"ETag": '"a"', "Last-Modified": modified}
    assert poll(feed, now=now) == 1
    later = now + timedelta(minutes=2)
    service.asked.clear()
    assert poll(feed, now=later) == 0
    asked = service.asked[0][1]
    assert (asked["if-none-match"], asked["if-modified-since"]) == ('"a"', modified)
    feed.refresh_from_db()
    assert (feed.succeeded_at, feed.problem) == (later, "")


def test_a_feed_may_be_one_message_or_hold_them_in_itself(
    service: Service, feed: Feed, now: datetime
) -> None:
    service.pages["/feed"] = to_xml(STORM)
    assert (poll(feed, now=now), poll(feed, now=now)) == (1, 0)
    inside = to_xml(replace(STORM, identifier="inside")).decode().partition("?>")[2]
    service.pages["/feed"] = atom(
        f"<entry><id>x</id><content type='text/xml'>{inside}</content></entry>"
    )
    assert poll(feed, now=now) == 1
    assert Received.objects.filter(identifier="inside").exists()


def test_what_is_refused_is_said_and_does_not_hold_up_the_rest(
    service: Service, feed: Feed, now: datetime
) -> None:
    service.pages = {
        "/bad": b"<!DOCTYPE a><alert/>",
        "/good": to_xml(STORM),
        "/large": b" " * 2_000_000,
        "/feed": atom(*(entry(service.url(path)) for path in ("/bad", "/gone", "/large", "/good"))),
    }
    assert poll(feed, now=now) == 1
    told = {one.url.rpartition("/")[2]: one.code for one in feed.entries.all()}
    assert told == {"bad": "doctype", "gone": "status-404", "large": "too-large", "good": ""}
    service.paths()
    poll(feed, now=now)
    assert service.paths() == ["/feed"]


def test_a_message_that_its_server_could_not_give_is_asked_for_again(
    service: Service, feed: Feed, now: datetime
) -> None:
    publish(service, STORM)
    service.headers = {"ETag": '"a"'}
    path = f"/{file_of(STORM.identifier)}"
    service.statuses = {path: 503}
    assert poll(feed, now=now) == 0
    service.statuses = {}
    assert poll(feed, now=now) == 1


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda one: one.statuses.update({"/feed": 500}), "status-500"),
        (lambda one: one.statuses.update({"/feed": 302}), "redirect"),
        (lambda one: one.pages.update({"/feed": b"<html/>"}), "not-cap"),
        (lambda one: one.pages.update({"/feed": b"{}"}), "not-xml"),
        (lambda one: one.pages.update({"/feed": b" " * 1_000_000}), "too-large"),
        (lambda one: one.pages.update({"/feed": b"<!DOCTYPE a><feed/>"}), "doctype"),
    ],
    ids=["broken", "moved", "a page", "no XML", "too large", "with a DOCTYPE"],
)
def test_a_feed_in_trouble_is_asked_less_and_less_and_then_as_before(
    spoil: object, problem: str, service: Service, feed: Feed, now: datetime
) -> None:
    publish(service, STORM)
    spoil(service)  # type: ignore[operator]
    pauses = []
    for _time in range(8):
        assert poll(feed, now=now) == 0
        pauses.append(feed.due_at - now)
    feed.refresh_from_db()
    assert (feed.problem, feed.succeeded_at, feed.tried_at) == (problem, None, now)
    assert pauses[:3] == [timedelta(minutes=2), timedelta(minutes=4), timedelta(minutes=8)]
    assert pauses[-1] == timedelta(hours=1)
    service.statuses = {}
    publish(service, STORM)
    assert poll(feed, now=now) == 1
    assert (feed.problem, feed.failures, feed.due_at) == ("", 0, now + timedelta(minutes=2))


def test_a_server_that_drips_is_left(service: Service, feed: Feed, now: datetime) -> None:
    publish(service, STORM)
    service.drip = threading.Event()
    assert poll(feed, now=now, deadline_s=0.4) == 0
    assert feed.problem == "timeout"


def test_no_more_is_fetched_at_once_than_the_limit(
    service: Service, feed: Feed, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "MOST_FETCHED", 3)
    publish(service, *(replace(STORM, identifier=f"n{k}") for k in range(5)))
    service.headers = {"ETag": '"a"'}
    assert [poll(feed, now=now) for _time in range(3)] == [3, 2, 0]


def test_entries_that_lead_inside_are_not_followed(
    service: Service, feed: Feed, now: datetime
) -> None:
    with serving() as neighbour:
        neighbour.pages["/secret"] = to_xml(STORM)
        service.pages["/feed"] = atom(
            entry(neighbour.url("/secret")), entry("https://169.254.169.254/"), entry("file:///etc")
        )
        assert poll(feed, now=now) == 0
        assert neighbour.asked == []
    assert sorted(feed.entries.values_list("code", flat=True)) == ["inside", "not-https"]


def test_a_feed_of_a_neighbour_is_not_even_added(
    district: Unit, son: Person, binh: Person, now: datetime
) -> None:
    for url, code in (
        ("http://example.vn/", "not-https"),
        ("https://127.0.0.1/", "inside"),
        ("https://[::ffff:10.0.0.1]/", "inside"),
        ("ftp://example.vn/", "not-https"),
        ("x" * 600, "bad-address"),
    ):
        with pytest.raises(Refusal) as refusal:
            add_feed(unit=district, name="a", url=url, by=son, now=now)
        assert refusal.value.code == code
    with pytest.raises(Refusal) as refusal:
        add_feed(unit=district, name="a", url="https://example.vn/", by=binh, now=now)
    assert refusal.value.code == "not-allowed"
    with pytest.raises(Refusal) as refusal:
        add_feed(unit=district, name="a", url="https://example.vn/", by=son, now=now,
                 certificate="x")  # fmt: skip
    assert refusal.value.code == "bad-certificate"
    assert not Feed.objects.exists()


def test_feeds_whose_time_has_come_go_to_the_worker_once(
    service: Service, feed: Feed, son: Person, now: datetime
) -> None:
    assert (ask_due(now=now), ask_due(now=now)) == (1, 0)
    publish(service, STORM)
    jobs.ask.call(feed.pk, now.isoformat())
    assert Received.objects.count() == 1
    end_feed(feed=feed, by=son, now=now)
    jobs.ask.call(feed.pk, now.isoformat())
    assert ask_due(now=now + timedelta(hours=2)) == 0
    assert len(service.paths()) == 2
