"""The page on which an approved bulletin goes on the air."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.airtime.factories import cluster, daily, edition, placed
from tests.airtime.wanting import DAY, at, starts
from tests.bulletins.newsroom import allow_trial_voice, approved, draft, submitted
from vang.airtime.models import Placement, Programme
from vang.airtime.queries import cluster_names, day_timeline
from vang.airtime.services import place_once
from vang.base.clock import ManualClock, SystemClock, use_clock
from vang.bulletins.models import Bulletin, Edition
from vang.dispatch.queries import orders
from vang.dispatch.services import publish_plan
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.stations.models import Cluster

HALF_PAST_FOUR = at("16:32")
BUDGET = 30


@pytest.fixture(autouse=True)
def _at_half_past_four() -> Iterator[None]:
    use_clock(ManualClock(HALF_PAST_FOUR))
    yield
    use_clock(SystemClock())


@pytest.fixture
def bulletin(xa_a: Unit, an: Person, binh: Person) -> Bulletin:
    """An's notice of five seconds to the whole commune, approved by Bình; two of three villages
    have a cluster."""
    cluster(xa_a, 1, "20662.01")
    cluster(xa_a, 2, "20662.02")
    allow_trial_voice(xa_a, HALF_PAST_FOUR)
    made = submitted(xa_a, an, HALF_PAST_FOUR - timedelta(hours=2))
    approved(made, binh, HALF_PAST_FOUR - timedelta(hours=1))
    return made


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def address(bulletin: Bulletin, when: str = "") -> str:
    page = reverse("airtime:place", args=[bulletin.pk])
    return f"{page}?when={when}" if when else page


def test_the_page_shows_who_will_hear_it(bulletin: Bulletin, an: Person) -> None:
    page = browser(an).get(address(bulletin)).content.decode()
    assert "Cụm 1, Cụm 2" in page
    assert "Thôn Thuận 3" in page.partition("Chưa có loa")[2]
    assert "16:32:08 10/06/2026" in page


def test_now_releases_and_places_at_once(bulletin: Bulletin, an: Person) -> None:
    answer = browser(an).post(address(bulletin), {"when": "now", "place": "1"}, follow=True)
    placement = Placement.objects.get()
    assert placement.start == at("16:32:08")
    assert Edition.objects.get().bulletin == bulletin
    assert "16:32:08 10/06/2026" in answer.content.decode()


def test_a_look_changes_nothing(bulletin: Bulletin, an: Person) -> None:
    page = browser(an).post(address(bulletin), {"when": "now", "preview": "1"})
    assert page.status_code == 200
    assert not Placement.objects.exists()
    assert not Edition.objects.exists()


def test_now_outside_the_hours_is_refused_and_the_bulletin_stays_approved(
    bulletin: Bulletin, an: Person
) -> None:
    use_clock(ManualClock(at("21:00")))
    page = browser(an).post(address(bulletin), {"when": "now", "place": "1"})
    assert "05:00 11/06/2026" in page.content.decode()
    assert not Edition.objects.exists()
    bulletin.refresh_from_db()
    assert bulletin.state == Bulletin.State.APPROVED


def test_what_waits_for_others_is_shown_before_it_is_done(
    bulletin: Bulletin, xa_a: Unit, an: Person
) -> None:
    placed(xa_a, an, at("16:31"), minutes=10)
    client, fields = browser(an), {"when": "now", "place": "1"}
    page = client.post(address(bulletin), fields)
    assert not Edition.objects.filter(bulletin=bulletin).exists()
    fingerprint = page.context["preview"].fingerprint
    assert fingerprint
    client.post(address(bulletin), {**fields, "confirmed": "something else"})
    assert not Edition.objects.filter(bulletin=bulletin).exists()
    client.post(address(bulletin), {**fields, "confirmed": fingerprint})
    assert Placement.objects.get(edition__bulletin=bulletin).start == at("16:41:02")


def test_a_free_time_of_today_is_chosen(bulletin: Bulletin, an: Person) -> None:
    client = browser(an)
    offered = client.get(address(bulletin, "slot")).context["form"].fields["slot"].choices
    assert [label for _value, label in offered][:2] == ["17:00", "17:30"]
    client.post(address(bulletin), {"when": "slot", "slot": offered[1][0], "place": "1"})
    assert Placement.objects.get().start == at("17:30")


def test_a_time_that_was_not_offered_is_refused(bulletin: Bulletin, an: Person) -> None:
    wrong = {"when": "slot", "slot": at("03:15").isoformat(), "place": "1"}
    page = browser(an).post(address(bulletin), wrong)
    assert page.context["form"].errors["slot"]
    assert not Placement.objects.exists()


def test_once_at_another_time(bulletin: Bulletin, an: Person, xa_a: Unit) -> None:
    fields = {"when": "once", "day": "11/06/2026", "hour": "05:30", "place": "1"}
    browser(an).post(address(bulletin), fields)
    assert list(starts(day_timeline(xa_a, DAY + timedelta(days=1))).values()) == ["05:30"]


def test_only_the_fields_of_the_chosen_kind_are_asked_for(bulletin: Bulletin, an: Person) -> None:
    page = browser(an).post(address(bulletin), {"when": "once", "place": "1"})
    assert set(page.context["form"].errors) == {"day", "hour"}
    page = browser(an).post(address(bulletin), {"when": "programme", "place": "1"})
    assert set(page.context["form"].errors) == {"programme", "from_day"}


def test_in_a_programme(bulletin: Bulletin, xa_a: Unit, an: Person, binh: Person) -> None:
    programme = daily(xa_a, binh)
    fields = {"when": "programme", "programme": programme.pk, "from_day": "10/06/2026"}
    browser(an).post(address(bulletin), {**fields, "to_day": "12/06/2026", "place": "1"})
    placement = Placement.objects.get()
    assert (placement.programme, placement.to_day) == (programme, DAY + timedelta(days=2))


def test_an_approver_opens_a_programme_on_the_way(bulletin: Bulletin, binh: Person) -> None:
    fields = {
        "when": "new",
        "name": "Tin điện lực",
        "starts_at": "17:00",
        "weekdays": ["0", "2"],
        "from_day": "10/06/2026",
        "to_day": "30/06/2026",
    }
    browser(binh).post(address(bulletin), {**fields, "place": "1"})
    assert Programme.objects.get().weekdays == "1010000"
    assert Placement.objects.get().programme == Programme.objects.get()


def test_a_writer_is_not_offered_a_new_programme(bulletin: Bulletin, an: Person) -> None:
    client = browser(an)
    kinds = [tab["url"] for tab in client.get(address(bulletin)).context["tabs"]]
    assert kinds == ["?when=now", "?when=slot", "?when=once", "?when=programme"]
    client.post(address(bulletin), {"when": "new", "name": "Tin", "place": "1"})
    assert not Placement.objects.exists()
    assert not Programme.objects.exists()


def test_what_was_heard_may_be_heard_again(bulletin: Bulletin, an: Person) -> None:
    client = browser(an)
    client.post(address(bulletin), {"when": "now", "place": "1"})
    fields = {"when": "once", "day": "11/06/2026", "hour": "05:30", "place": "1"}
    client.post(address(bulletin), fields)
    assert Placement.objects.count() == 2
    assert Edition.objects.count() == 1


def test_a_draft_is_led_back(xa_a: Unit, an: Person) -> None:
    made = draft(xa_a, an, HALF_PAST_FOUR)
    answer = browser(an).post(address(made), {"when": "now", "place": "1"})
    assert answer.headers["Location"] == reverse("bulletins:detail", args=[made.pk])
    assert not Edition.objects.exists()


@pytest.mark.parametrize(("who", "status"), [("chi", 404), ("tech", 403), ("dung", 403)])
def test_strangers_and_others_are_kept_out(
    bulletin: Bulletin, who: str, status: int, request: pytest.FixtureRequest
) -> None:
    client = browser(request.getfixturevalue(who))
    assert client.get(address(bulletin)).status_code == status
    assert client.post(address(bulletin), {"when": "now", "place": "1"}).status_code == status
    assert not Edition.objects.exists()


def test_signed_out_people_are_led_to_the_sign_in_page(bulletin: Bulletin) -> None:
    assert "/account/sign-in" in Client().get(address(bulletin)).headers["Location"]


def test_other_methods_are_refused(bulletin: Bulletin, an: Person) -> None:
    assert browser(an).delete(address(bulletin)).status_code == 405


@pytest.mark.parametrize("when", ["now", "slot", "once", "programme"])
def test_the_page_needs_few_queries_however_full_the_day(
    bulletin: Bulletin,
    xa_a: Unit,
    an: Person,
    when: str,
    django_assert_max_num_queries: Callable[[int], object],
) -> None:
    for number in range(8):
        placed(xa_a, an, at(f"17:{3 * number:02}"), minutes=2, title=f"Tin {number}")
    client = browser(an)
    with django_assert_max_num_queries(BUDGET):  # type: ignore[attr-defined]
        assert client.get(address(bulletin, when)).status_code == 200


def test_each_cluster_may_hear_something_else_at_the_same_time(
    bulletin: Bulletin, an: Person, binh: Person, xa_a: Unit
) -> None:
    there = Cluster.objects.get(code=f"c{xa_a.code}-2")
    asked = {"when": "once", "day": "2026-06-11", "hour": "17:00", "place": "1"}
    chosen = {**asked, "only": [there.code], "resume": "resume"}
    assert browser(an).post(address(bulletin), chosen).status_code == 302
    placement = Placement.objects.get()
    assert (placement.only, placement.resume) == ([there.code], "resume")
    beside = edition(xa_a, an, title="Họp tổ")
    here = next(code for code in cluster_names(xa_a) if code != there.code)
    start = placement.start
    assert start is not None
    place_once(edition=beside, start=start, by=binh, now=at("16:30"), only=[here])
    items = day_timeline(xa_a, date(2026, 6, 11)).items
    assert [(item.title, item.clusters, item.start == start) for item in items] == [
        ("Lịch cắt điện", (there.code,), True),
        ("Họp tổ", (here,), True),
    ]
    plan = orders(publish_plan(xa_a, now=at("16:31")))
    assert [item.resume.value for item in plan.items] == ["resume", "drop"]
