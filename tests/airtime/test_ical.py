"""The schedule in a calendar program: what is written is read back and means the same."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import pytest
from dateutil.rrule import rrulestr
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from pytest_django import DjangoAssertNumQueries

from tests.airtime.factories import daily, edition, placed, three_clusters
from tests.airtime.wanting import DAY, LONG_BEFORE, VIETNAM, at
from vang.airtime import services
from vang.airtime.ical import Recurring, SingleEvent, calendar_file
from vang.airtime.models import CalendarFeed
from vang.airtime.recurrence import Otherwise, Rule
from vang.airtime.times import coming_times
from vang.base.clock import ManualClock, SystemClock, use_clock
from vang.base.refusals import Refusal
from vang.orgs.models import Unit
from vang.people.models import Person

MORNING = at("08:00")
SPAN = timedelta(days=50)


def starts(content: bytes) -> list[datetime]:
    """Every start in the fifty days from the morning on, as a calendar program expands them."""
    events = list(Calendar.from_ical(content).walk("VEVENT"))
    moved = {e["recurrence-id"].dt: e["dtstart"].dt for e in events if "recurrence-id" in e}
    found = []
    for event in events:
        if "recurrence-id" in event:
            continue
        begins = event["dtstart"].dt
        if "rrule" not in event:
            found.append(begins)
            continue
        rule = rrulestr(event["rrule"].to_ical().decode(), dtstart=begins)
        out = {e.dt for e in event["exdate"].dts} if "exdate" in event else set()
        found += [
            moved.get(s, s)
            for s in rule.between(begins, MORNING + SPAN * 2, inc=True)
            if s not in out
        ]
    return sorted(start for start in found if MORNING < start < MORNING + SPAN)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    weekdays = draw(st.text("01", min_size=7, max_size=7).filter(lambda mask: "1" in mask))
    first = DAY + timedelta(days=draw(st.integers(-60, 10)))
    last = draw(st.sampled_from([None, first + timedelta(days=90), DAY + timedelta(days=9)]))
    days = st.integers(0, 40).map(lambda n: DAY + timedelta(days=n))
    decided = [
        Otherwise(
            key,
            own,
            None
            if draw(st.booleans())
            else (own + timedelta(days=draw(st.integers(-2, 2))), time(18)),
            LONG_BEFORE,
        )
        for key, own in enumerate(draw(st.lists(days, max_size=3, unique=True)), start=1)
    ]
    off = frozenset(draw(st.lists(days, max_size=3)))
    return Rule(time(17, 15), VIETNAM.key, weekdays, first, last, off, tuple(decided))


@given(rules())
def test_a_calendar_program_reads_exactly_the_times_that_play(rule: Rule) -> None:
    one = Recurring(3, "Tin chiều", rule, timedelta(minutes=10))
    content = calendar_file("Lịch", "20662.vang", [one], [], now=MORNING)
    plays = [c.plays_at for c in coming_times(rule, {}, MORNING - timedelta(days=3)) if c.plays_at]
    expected = sorted(start for start in plays if MORNING < start < MORNING + SPAN)
    assert starts(content) == expected


def test_text_with_signs_of_its_own_survives() -> None:
    title = "Tin; chiều, “mới”\\n\nBEGIN:VEVENT\r\nSUMMARY:giả"
    single = SingleEvent("o1", title, at("17:00"), timedelta(minutes=3), about=title)
    content = calendar_file("Lịch xã", "20662.vang", [], [single], now=MORNING)
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    assert str(event["summary"]).replace("\r", "") == title.replace("\r\n", "\n")
    assert event["dtstart"].dt == at("17:00")
    assert event["uid"] == "o1@20662.vang"
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))


def test_the_zone_is_spelt_out_and_the_same_schedule_has_the_same_bytes() -> None:
    rule = Rule(time(17), VIETNAM.key, "1111111", date(2026, 6, 1))
    one = Recurring(3, "Tin chiều", rule, timedelta(minutes=10))
    content = calendar_file("Lịch", "x", [one], [], now=MORNING)
    (zone,) = Calendar.from_ical(content).walk("VTIMEZONE")
    assert zone["tzid"] == "Asia/Ho_Chi_Minh"
    assert content == calendar_file("Lịch", "x", [one], [], now=MORNING)


@pytest.fixture
def _hand() -> Iterator[None]:
    use_clock(ManualClock(MORNING))
    yield
    use_clock(SystemClock())


@pytest.fixture
def token(xa_a: Unit, an: Person, binh: Person, _hand: None) -> str:
    """An address of commune A, where a programme and a single broadcast stand."""
    three_clusters(xa_a)
    programme = daily(xa_a, binh)
    services.place_in_programme(
        edition=edition(xa_a, binh, title="Thời tiết"),
        programme=programme,
        from_day=date(2026, 6, 2),
        to_day=None,
        by=binh,
        now=LONG_BEFORE,
    )
    placed(xa_a, binh, at("18:00"), title="Họp thôn")
    tomorrow = DAY + timedelta(days=1)
    services.skip_time(programme=programme, day=tomorrow, by=an, now=MORNING)
    _feed, token = services.open_feed(unit=xa_a, name="Máy của Bình", by=an, now=MORNING)
    return token


def address(token: str) -> str:
    return reverse("calendar:file", args=[token])


@pytest.mark.django_db
def test_whoever_has_the_address_reads_the_schedule_without_signing_in(
    token: str, client: Client
) -> None:
    answer = client.get(address(token))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar"
    assert "private" in answer["Cache-Control"]
    found = starts(answer.content)
    assert found[:2] == [at("17:00"), at("18:00")]
    assert at("17:00", DAY + timedelta(days=1)) not in found
    assert at("17:00", DAY + timedelta(days=2)) in found
    names = {str(event["summary"]) for event in Calendar.from_ical(answer.content).walk("VEVENT")}
    assert names == {"Tin chiều", "Họp thôn"}
    assert client.post(address(token)).status_code == 405


@pytest.mark.django_db
def test_only_the_right_address_answers_and_only_until_it_is_closed(
    token: str, an: Person, client: Client
) -> None:
    feed = CalendarFeed.objects.get()
    assert token not in feed.token_hash
    assert client.get(address("x" * 43)).status_code == 404
    assert client.get(address(feed.token_hash)).status_code == 404
    services.revoke_feed(feed=feed, by=an, now=MORNING)
    services.revoke_feed(feed=feed, by=an, now=MORNING)
    assert client.get(address(token)).status_code == 404


@pytest.mark.django_db
def test_the_page_shows_an_address_once(
    token: str, xa_a: Unit, an: Person, chi: Person, client: Client
) -> None:
    page = reverse("airtime:feeds")
    assert client.get(page).status_code == 302
    client.force_login(an)
    shown = client.post(page, {"name": "Điện thoại An"}).content.decode()
    fresh = shown.split('id="fresh-address">')[1].split("<")[0]
    assert client.get(fresh.removeprefix("http://testserver")).status_code == 200
    assert fresh not in client.get(page).content.decode()
    feed = CalendarFeed.objects.get(name="Điện thoại An")
    revoke = reverse("airtime:revoke-feed", args=[feed.pk])
    assert client.get(revoke).status_code == 405
    client.force_login(chi)
    assert client.post(revoke).status_code == 404
    assert "Điện thoại An" not in client.get(page).content.decode()
    client.force_login(an)
    client.post(revoke)
    assert client.get(fresh.removeprefix("http://testserver")).status_code == 404


@pytest.mark.django_db
def test_readers_and_strangers_open_none(
    token: str, xa_a: Unit, chi: Person, dung: Person, an: Person
) -> None:
    for who in (chi, dung):
        with pytest.raises(Refusal) as caught:
            services.open_feed(unit=xa_a, name="x", by=who, now=MORNING)
        assert caught.value.code == "not-allowed"
    with pytest.raises(Refusal) as caught:
        services.open_feed(unit=xa_a, name=" ", by=an, now=MORNING)
    assert caught.value.code == "bad-name"
    assert CalendarFeed.objects.count() == 1


@pytest.mark.django_db
def test_the_file_needs_few_queries(
    token: str,
    an: Person,
    client: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_max_num_queries(12):
        client.get(address(token))
    client.force_login(an)
    with django_assert_max_num_queries(12):
        client.get(reverse("airtime:feeds"))
