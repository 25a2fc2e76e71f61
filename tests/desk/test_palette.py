"""The keyboard palette's answers, and what was opened lately."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.airtime.factories import cluster
from tests.bulletins import newsroom
from vang.base import clock
from vang.bulletins.content import Content
from vang.bulletins.models import Bulletin
from vang.desk.models import Opened
from vang.desk.opened import thing_at
from vang.orgs.models import Unit
from vang.people.models import Membership, Person
from vang.search.services import refresh


@pytest.fixture(autouse=True)
def hand(now: datetime) -> Iterator[clock.ManualClock]:
    manual = clock.ManualClock(now)
    clock.use_clock(manual)
    yield manual
    clock.use_clock(clock.SystemClock())


def browser(someone: Person) -> Client:
    client = Client()
    client.force_login(someone, backend="django.contrib.auth.backends.ModelBackend")
    return client


def asked(client: Client, typed: str = "") -> str:
    return client.get("/palette", {"q": typed}).content.decode()


def write(unit: Unit, by: Person, now: datetime, title: str) -> Bulletin:
    return newsroom.draft(unit, by, now, Content(title=title, text="Nội dung."))


@pytest.mark.parametrize("typed", ["soan", "soạn bản", "Ban tin", "tin moi"])
def test_a_verb_is_found_by_the_beginnings_of_its_words(an: Person, typed: str) -> None:
    assert 'data-url="/bulletins/new"' in asked(browser(an), typed)


def test_only_what_one_may_do_is_offered(an: Person, tech: Person, dung: Person) -> None:
    assert 'data-url="/stations/new"' in asked(browser(tech), "them cum loa")
    assert 'data-url="/stations/new"' not in asked(browser(an), "them cum loa")
    assert "/bulletins/new" not in asked(browser(dung))


def test_places_lead_where_the_navigation_does(an: Person) -> None:
    assert 'data-url="/airtime/"' in asked(browser(an), "lich")


def test_things_are_found_beside_the_places(xa_a: Unit, an: Person, now: datetime) -> None:
    bulletin = write(xa_a, an, now, "Lịch <b>cắt</b> điện")
    page = asked(browser(an), "lich cat")
    assert f'data-url="/bulletins/{bulletin.pk}"' in page
    assert "<b>" not in page
    assert "/search?q=lich%20cat" in page


def test_nothing_found_is_said_in_words(an: Person) -> None:
    page = asked(browser(an), "<i>xyz")
    assert "Không tìm thấy" in page
    assert "<i>" not in page


def opened(client: Client, path: str) -> None:
    assert client.post("/opened", {"path": path}).status_code == 204


def test_what_was_opened_lately_comes_first(
    xa_a: Unit, an: Person, now: datetime, hand: clock.ManualClock
) -> None:
    first, second = (write(xa_a, an, now, title) for title in ("Một", "Hai"))
    client = browser(an)
    for bulletin in (first, second, first):
        hand.set(hand.now() + timedelta(minutes=1))
        opened(client, f"/bulletins/{bulletin.pk}")
    page = asked(client)
    assert "Mở gần đây" in page
    assert page.index("Một") < page.index("Hai")
    assert Opened.objects.count() == 2
    assert "Mở gần đây" not in asked(client, "mot")


def test_a_page_tells_that_it_is_the_page_of_a_thing(xa_a: Unit, an: Person, now: datetime) -> None:
    bulletin = write(xa_a, an, now, "Một")
    client = browser(an)
    assert 'data-opened="/opened"' in client.get(f"/bulletins/{bulletin.pk}").content.decode()
    assert "data-opened" not in client.get("/bulletins/").content.decode()


def test_what_one_may_not_see_is_neither_kept_nor_shown(
    xa_a: Unit, an: Person, chi: Person, now: datetime
) -> None:
    bulletin = write(xa_a, an, now, "Của xã A")
    opened(browser(chi), f"/bulletins/{bulletin.pk}")
    assert not Opened.objects.exists()
    client = browser(an)
    opened(client, f"/bulletins/{bulletin.pk}")
    assert "Của xã A" in asked(client)
    Membership.objects.filter(person=an).update(unit=chi.memberships.get(role="WRITER").unit)
    assert "Của xã A" not in asked(client)


def test_pages_of_no_thing_leave_no_trace(an: Person) -> None:
    for path in ("/", "/bulletins/", "/nowhere", "https://example.org/bulletins/1", "//[", ""):
        opened(browser(an), path)
    assert not Opened.objects.exists()


def test_a_thing_is_known_by_its_address() -> None:
    assert thing_at("/bulletins/12") == ("bulletin", "12")
    assert thing_at("/stations/7?x=1") == ("cluster", "7")
    assert thing_at("/bulletins/12/edit") is None


def test_the_thirty_newest_are_kept(
    xa_a: Unit, tech: Person, now: datetime, hand: clock.ManualClock
) -> None:
    client = browser(tech)
    for number in range(1, 34):
        made = cluster(xa_a, number)
        refresh(f"cluster:{made.pk}")
        hand.set(now + timedelta(minutes=number))
        opened(client, f"/stations/{made.pk}")
    assert Opened.objects.count() == 30
    assert not Opened.objects.filter(at__lte=now + timedelta(minutes=3)).exists()


def test_palette_and_notes_are_for_people_with_an_account(client: Client, an: Person) -> None:
    assert client.get("/palette").headers["Location"].startswith("/account/sign-in")
    assert client.post("/opened", {"path": "/"}).headers["Location"].startswith("/account/")
    assert browser(an).post("/palette").status_code == 405
    assert browser(an).get("/opened").status_code == 405


def test_the_palette_costs_few_queries(
    xa_a: Unit, an: Person, now: datetime, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    bulletin = write(xa_a, an, now, "Lịch cắt điện")
    client = browser(an)
    opened(client, f"/bulletins/{bulletin.pk}")
    for typed in ("", "lich"):
        with django_assert_max_num_queries(9):
            asked(client, typed)
