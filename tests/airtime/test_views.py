"""Pages of the air: what each shows, and whom each refuses."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.airtime.factories import cluster, edition
from vang.airtime.models import Placement, Programme, SlotPolicy, StoppedOccurrence
from vang.airtime.queries import policy_of
from vang.airtime.services import create_programme, place_once
from vang.base.clock import ManualClock, SystemClock, use_clock
from vang.orgs.models import Unit
from vang.people.models import Person

MORNING = datetime(2026, 6, 9, 22, 30, tzinfo=UTC)  # 05:30 on Wednesday 10/06/2026 in Vietnam
FIVE_FIFTY = datetime(2026, 6, 9, 22, 50, tzinfo=UTC)
BUDGET = 26


@pytest.fixture(autouse=True)
def _at_half_past_five() -> object:
    use_clock(ManualClock(MORNING))
    yield
    use_clock(SystemClock())


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def placed(xa_a: Unit, an: Person, binh: Person) -> Placement:
    """An's notice of five minutes at 05:50 on two clusters."""
    cluster(xa_a, 1, "20662.01")
    cluster(xa_a, 2, "20662.02")
    return place_once(edition=edition(xa_a, an), start=FIVE_FIFTY, by=binh, now=MORNING)


def morning_programme(unit: Unit, by: Person) -> Programme:
    """Every day at 05:30 from today."""
    return create_programme(
        unit=unit,
        name="Bản tin sáng",
        starts_at=time(5, 30),
        weekdays="1111111",
        valid_from=datetime(2026, 6, 10, tzinfo=UTC).date(),
        valid_to=None,
        by=by,
        now=MORNING,
    )


def test_day_shows_what_is_placed_where(placed: Placement, an: Person) -> None:
    page = browser(an).get(reverse("airtime:day"))
    text = page.content.decode()
    assert "Lịch cắt điện" in text
    assert "05:50" in text
    assert "Dừng tất cả" in text


def test_other_day_is_empty_and_teaches(placed: Placement, an: Person) -> None:
    page = browser(an).get(reverse("airtime:day"), {"day": "2026-06-11"})
    assert "chưa có lịch phát" in page.content.decode()


def test_day_shows_nothing_of_another_commune(placed: Placement, chi: Person) -> None:
    assert "Lịch cắt điện" not in browser(chi).get(reverse("airtime:day")).content.decode()


def test_stopping_one_item_strikes_it(placed: Placement, an: Person, chi: Person) -> None:
    address = reverse("airtime:stop", args=[placed.unit_id])
    assert browser(chi).post(address, {"item": f"o{placed.pk}"}).status_code == 404
    assert not StoppedOccurrence.objects.exists()
    answer = browser(an).post(address, {"item": f"o{placed.pk}"}, follow=True)
    assert "Đã dừng: Lịch cắt điện" in answer.content.decode()
    assert StoppedOccurrence.objects.get().item == f"o{placed.pk}"


def test_unknown_item_is_said_and_stops_nothing(placed: Placement, an: Person) -> None:
    address = reverse("airtime:stop", args=[placed.unit_id])
    answer = browser(an).post(address, {"item": "o999"}, follow=True)
    assert "Không có mục này" in answer.content.decode()
    assert not StoppedOccurrence.objects.exists()


def test_stop_everything_says_what_it_stopped(placed: Placement, tech: Person) -> None:
    answer = browser(tech).post(reverse("airtime:stop-all", args=[placed.unit_id]), follow=True)
    text = answer.content.decode()
    assert "Đã dừng 1 mục" in text
    assert "06:30 10/06/2026" in text
    assert StoppedOccurrence.objects.count() == 1


def test_reader_of_the_district_may_look_but_not_stop(placed: Placement, dung: Person) -> None:
    client = browser(dung)
    assert client.get(reverse("airtime:day")).status_code == 200
    client.post(reverse("airtime:stop-all", args=[placed.unit_id]))
    assert not StoppedOccurrence.objects.exists()


def test_placement_is_taken_off_for_good(placed: Placement, an: Person, chi: Person) -> None:
    address = reverse("airtime:take-off", args=[placed.pk])
    assert browser(chi).post(address).status_code == 404
    browser(an).post(address)
    placed.refresh_from_db()
    assert placed.stopped_by == an


def test_programme_is_opened_changed_and_ended(xa_a: Unit, binh: Person) -> None:
    client = browser(binh)
    fields = {
        "name": "Bản tin sáng",
        "starts_at": "05:30",
        "weekdays": ["0", "2", "4"],
        "valid_from": "2026-06-10",
        "on_holidays": "PLAY",
        "valid_to": "",
    }
    client.post(reverse("airtime:new-programme"), fields)
    programme = Programme.objects.get()
    assert (programme.starts_at, programme.weekdays) == (time(5, 30), "1010100")
    assert "Bản tin sáng" in client.get(reverse("airtime:programmes")).content.decode()
    client.post(
        reverse("airtime:edit-programme", args=[programme.pk]), {**fields, "name": "Bản tin sớm"}
    )
    programme.refresh_from_db()
    assert programme.name == "Bản tin sớm"
    client.post(reverse("airtime:end-programme", args=[programme.pk]))
    programme.refresh_from_db()
    assert programme.valid_to is not None


def test_programme_without_a_day_is_refused_beside_the_field(xa_a: Unit, binh: Person) -> None:
    answer = browser(binh).post(
        reverse("airtime:new-programme"),
        {"name": "Bản tin", "starts_at": "05:30", "valid_from": "2026-06-10"},
    )
    assert answer.status_code == 200
    assert not Programme.objects.exists()


def test_hours_change_only_after_the_difference_was_confirmed(
    placed: Placement, quan: Person
) -> None:
    client, address = browser(quan), reverse("airtime:policy")
    wanted = {
        "hours": "16:30-18:00",
        "longest_session_min": "30",
        "sessions_a_day": "2",
        "weekend": "on",
    }
    shown = client.post(address, wanted)
    assert "“Lịch cắt điện” lúc 05:50 10/06/2026 không còn chỗ" in shown.content.decode()
    assert not SlotPolicy.objects.exists()
    fingerprint = shown.context["fingerprint"]
    client.post(address, {**wanted, "confirm": "1", "expected": fingerprint})
    assert policy_of(placed.unit).hours == (("16:30", "18:00"),)


def test_hours_changed_by_another_meanwhile_are_shown_again(xa_a: Unit, quan: Person) -> None:
    client, address = browser(quan), reverse("airtime:policy")
    wanted = {"hours": "16:30-18:00", "longest_session_min": "30", "sessions_a_day": "2"}
    answer = client.post(address, {**wanted, "confirm": "1", "expected": "another"})
    assert "Vừa có người khác đổi khung giờ" in answer.content.decode()
    assert not SlotPolicy.objects.exists()


@pytest.mark.parametrize("hours", ["22:00-04:00", "5 giờ sáng", "", "05:00-06:00\n05:30-07:00"])
def test_impossible_hours_are_said_beside_the_field(xa_a: Unit, quan: Person, hours: str) -> None:
    wanted = {"hours": hours, "longest_session_min": "30", "sessions_a_day": "2"}
    answer = browser(quan).post(reverse("airtime:policy"), wanted)
    assert answer.context["form"].errors["hours"]
    assert not SlotPolicy.objects.exists()


def test_writer_sees_the_hours_but_does_not_change_them(xa_a: Unit, an: Person) -> None:
    client, address = browser(an), reverse("airtime:policy")
    assert "05:00–06:30" in client.get(address).content.decode()
    wanted = {"hours": "16:30-18:00", "longest_session_min": "30", "sessions_a_day": "2"}
    assert client.post(address, wanted).status_code == 403


PAGES = ["airtime:day", "airtime:programmes", "airtime:new-programme", "airtime:policy"]


@pytest.mark.parametrize("name", PAGES)
def test_signed_out_people_are_led_to_the_sign_in_page(db: None, name: str) -> None:
    assert "/account/sign-in" in Client().get(reverse(name)).headers["Location"]


@pytest.mark.parametrize("name", ["airtime:stop", "airtime:stop-all"])
def test_acts_are_not_done_by_looking(placed: Placement, an: Person, name: str) -> None:
    assert browser(an).get(reverse(name, args=[placed.unit_id])).status_code == 405


@pytest.mark.parametrize("name", PAGES)
def test_pages_need_few_queries_however_many_items(
    name: str,
    xa_a: Unit,
    an: Person,
    binh: Person,
    quan: Person,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    for number in (1, 2, 3):
        cluster(xa_a, number, f"20662.0{number}")
    for number in range(6):
        one = edition(xa_a, an, title=f"Tin {number}", minutes=2)
        start = FIVE_FIFTY + timedelta(minutes=4 * number)
        place_once(edition=one, start=start, by=binh, now=MORNING)
        create_programme(
            unit=xa_a,
            name=f"Chương trình {number}",
            starts_at=time(17, number),
            weekdays="1111111",
            valid_from=datetime(2026, 6, 10, tzinfo=UTC).date(),
            valid_to=None,
            by=binh,
            now=MORNING,
        )
    client = browser(binh)
    with django_assert_max_num_queries(BUDGET):  # type: ignore[attr-defined]
        assert client.get(reverse(name)).status_code == 200


def test_a_stop_leads_back_to_the_day_of_the_item(placed: Placement, an: Person) -> None:
    address = reverse("airtime:stop", args=[placed.unit_id])
    answer = browser(an).post(address, {"item": f"o{placed.pk}"})
    assert answer.headers["Location"] == f"{reverse('airtime:day')}?day=2026-06-10"


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "10/06/2026", "x"])
def test_a_day_that_cannot_be_shown_is_today(placed: Placement, an: Person, day: str) -> None:
    page = browser(an).get(reverse("airtime:day"), {"day": day})
    assert "10/06/2026" in page.content.decode()


def test_free_times_that_have_passed_are_not_named(placed: Placement, an: Person) -> None:
    policy = SlotPolicy.objects.create(
        unit=placed.unit, hours=[["05:00", "05:45"]], changed_at=MORNING
    )
    page = browser(an).get(reverse("airtime:day")).content.decode()
    assert "Giờ trống gần nhất: 05:00 11/06/2026" in page
    policy.delete()
    assert "Giờ trống gần nhất" not in browser(an).get(reverse("airtime:day")).content.decode()


def test_stop_all_says_until_when_and_is_reached_from_every_page(
    placed: Placement, an: Person, dung: Person
) -> None:
    page = browser(an).get(reverse("airtime:day")).content.decode()
    assert "sắp phát đến 06:30 10/06/2026" in page
    link = f"{reverse('airtime:day')}#stop-everything"
    assert link in browser(an).get(reverse("airtime:programmes")).content.decode()
    assert link not in browser(dung).get(reverse("airtime:programmes")).content.decode()


def test_programme_that_was_replaced_is_no_longer_changed(xa_a: Unit, binh: Person) -> None:
    programme = morning_programme(xa_a, binh)
    client = browser(binh)
    client.post(reverse("airtime:end-programme", args=[programme.pk]))
    page = client.get(reverse("airtime:programmes")).content.decode()
    assert "Ngày phát cuối: 10/06/2026" in page
    assert reverse("airtime:edit-programme", args=[programme.pk]) not in page


@pytest.mark.parametrize("name", ["airtime:edit-programme", "airtime:end-programme"])
def test_strangers_find_no_programme(xa_a: Unit, binh: Person, chi: Person, name: str) -> None:
    programme = morning_programme(xa_a, binh)
    assert browser(chi).post(reverse(name, args=[programme.pk])).status_code == 404
    programme.refresh_from_db()
    assert programme.valid_to is None


def test_what_found_no_place_is_given_the_next_free_time(
    xa_a: Unit, an: Person, binh: Person
) -> None:
    """Bình takes her earlier notice's time: the later one is offered another, one press away."""
    cluster(xa_a, 1, "20662.01")
    first = edition(xa_a, an, minutes=40)
    place_once(edition=first, start=FIVE_FIFTY, by=binh, now=MORNING)
    lost = Placement.objects.create(
        unit=xa_a,
        edition=edition(xa_a, an, title="Họp thôn", minutes=10),
        kind="ONCE",
        start=FIVE_FIFTY,
        placed_by=binh,
        placed_at=MORNING,
    )
    page = browser(an).get(reverse("airtime:day")).content.decode()
    url = reverse("airtime:move", args=[f"o{lost.pk}"])
    asked = re.search(rf'href="({url}[^"]*)"[^>]*>[^L]*<use[^>]*></use></svg>Lấy giờ này', page)
    assert asked is not None
    form = browser(an).get(asked[1].replace("&amp;", "&")).content.decode()
    assert 'value="10:30"' in form
