"""The calendar: weeks by commune, cluster and many communes; the entries behind the picture."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.airtime.factories import cluster, daily, edition, placed, three_clusters
from tests.airtime.wanting import LONG_BEFORE, at, lay, once, programme
from vang.airtime import services
from vang.airtime.entries import entries_of
from vang.airtime.models import Programme
from vang.base.clock import ManualClock, SystemClock, use_clock
from vang.orgs.models import Unit
from vang.people.models import Person

pytestmark = pytest.mark.django_db

MORNING = at("08:00")


@pytest.fixture(autouse=True)
def _hand() -> Iterator[None]:
    use_clock(ManualClock(MORNING))
    yield
    use_clock(SystemClock())


@pytest.fixture
def evening(xa_a: Unit, binh: Person) -> Programme:
    """Two bulletins daily at 17:00; one for village 1 alone today at 18:00."""
    three_clusters(xa_a)
    made = daily(xa_a, binh)
    for title in ("Tin trong xã", "Thời tiết"):
        services.place_in_programme(
            edition=edition(xa_a, binh, title=title),
            programme=made,
            from_day=date(2026, 6, 2),
            to_day=None,
            by=binh,
            now=LONG_BEFORE,
        )
    placed(xa_a, binh, at("18:00"), title="Họp thôn", audience=["20662.01"])
    return made


def shown(client: Client, who: Person, name: str, query: str = "") -> str:
    client.force_login(who)
    answer = client.get(reverse(f"airtime:{name}") + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_programmes_time_is_one_entry_and_a_single_broadcast_another() -> None:
    day = lay(
        programme(1, "17:00", of=7),
        programme(2, "17:00", of=7),
        once(3, "17:30"),
    )
    session, single = entries_of(day, {7: "Tin chiều"}, MORNING)
    assert (session.key, session.title, len(session.items)) == ("s7-20260610", "Tin chiều", 2)
    assert session.start == at("17:00")
    assert session.ends == max(item.ends for item in session.items)
    assert (single.key, single.whole, single.movable) == ("o3", False, True)


def test_what_has_begun_is_not_movable_and_what_was_stopped_says_so() -> None:
    day = lay(once(1, "17:00"), once(2, "17:30"), stopped={"o2": at("09:00")})
    begun, stopped = entries_of(day, {}, at("17:02"))
    assert (begun.state, begun.movable) == ("playing", False)
    assert (stopped.state, stopped.movable) == ("stopped", False)
    assert entries_of(day, {}, at("17:10"))[0].state == "ended"


def test_the_week_is_a_list_that_needs_no_script(
    evening: Programme, an: Person, client: Client
) -> None:
    page = shown(client, an, "week", "?day=2026-06-10")
    assert page.count("Tin chiều") >= 5  # Wednesday to Sunday, still to come
    assert "2 mục" in page
    assert reverse("airtime:move", args=[f"s{evening.pk}-20260611"]) in page
    assert "Họp thôn" in page
    assert "08/06/2026 – 14/06/2026" in page
    assert 'data-hours="05:00-06:30,10:30-12:00,16:30-20:30"' in page


def test_holidays_and_what_found_no_room_stand_in_the_week(
    evening: Programme, xa_a: Unit, binh: Person, client: Client
) -> None:
    services.place_once(
        edition=edition(xa_a, binh, title="Quá dài", minutes=40),
        start=at("18:10"),
        by=binh,
        now=LONG_BEFORE,
    )
    services.change_slot_policy(
        unit=xa_a,
        hours=[("16:30", "18:30")],
        longest_session_s=2700,
        sessions_a_day=3,
        weekend=True,
        by=binh,
        now=MORNING,
    )
    page = shown(client, binh, "week")
    assert "Quá dài" in page
    assert "hết giờ phát" in page or "sau giờ phát" in page or "khung giờ" in page
    assert "Quốc khánh" in shown(client, binh, "week", "?day=2026-09-02")


def test_the_script_reads_local_wall_times(evening: Programme, an: Person, client: Client) -> None:
    client.force_login(an)
    query = {"start": "2026-06-10T00:00:00Z", "end": "2026-06-11T00:00:00Z"}
    found = client.get(reverse("airtime:events"), query).json()
    assert [one["start"] for one in found] == ["2026-06-10T17:00:00", "2026-06-10T18:00:00"]
    session, single = found
    assert session["editable"]
    assert "Tin trong xã; Thời tiết" in session["about"]
    assert single["about"] == "Cụm 1"
    rubbish = client.get(reverse("airtime:events"), {"start": "x", "end": "9999-01-01"})
    assert rubbish.status_code == 200


def test_a_reader_may_look_and_not_drag(
    evening: Programme, xa_a: Unit, dung: Person, client: Client
) -> None:
    client.force_login(dung)
    client.post(reverse("people:choose-unit"), {"unit": xa_a.pk})
    found = client.get(reverse("airtime:events"), {"start": "2026-06-10", "end": "2026-06-11"})
    assert [one["editable"] for one in found.json()] == [False, False]
    assert "data-add" not in client.get(reverse("airtime:week")).content.decode()


def test_each_cluster_has_its_own_week(evening: Programme, an: Person, client: Client) -> None:
    page = shown(client, an, "clusters")
    first, second = (page.split(f"Cụm {n}")[1].split("</tr>")[0] for n in (1, 2))
    assert "18:00 Họp thôn" in first
    assert "18:00 Họp thôn" not in second
    assert "17:00 Tin chiều" in second


def test_the_district_sees_its_communes_side_by_side(
    evening: Programme, xa_b: Unit, dung: Person, chi: Person, client: Client
) -> None:
    page = shown(client, dung, "communes")
    assert "Xã Quế Thuận" in page
    assert "Xã Quế Phong" in page
    assert "3 lượt phát, 15 phút" in page
    theirs = shown(client, chi, "communes")
    assert "Quế Thuận" not in theirs


def test_pointing_at_a_time_leads_to_placing_with_that_time(
    evening: Programme, xa_a: Unit, an: Person, binh: Person, client: Client
) -> None:
    page = shown(client, an, "add", "?start=2026-06-11T18:15:00")
    assert "18:15 11/06/2026" in page
    assert "day=2026-06-11&amp;hour=18%3A15" in page
    assert "starts_at=18%3A15" in page
    part = shown(client, an, "add", "?part=1&start=rubbish")
    assert "<html" not in part
    assert "10:30 10/06/2026" in part  # the next allowed time after eight
    form = shown(client, binh, "new-programme", "?starts_at=18:15&weekday=3&valid_from=2026-06-11")
    assert 'value="18:15"' in form


def test_strangers_see_nothing_of_it(
    evening: Programme, chi: Person, an: Person, client: Client
) -> None:
    for name in ("week", "clusters", "communes", "events", "add"):
        address = reverse(f"airtime:{name}")
        client.logout()
        assert client.get(address).status_code == 302
        client.force_login(chi)
        assert "Tin chiều" not in client.get(address).content.decode()
        client.force_login(an)
        assert client.post(address).status_code == 405


@pytest.mark.parametrize("name", ["day", "week", "clusters", "communes", "events", "add"])
def test_the_pages_need_few_queries(
    name: str,
    evening: Programme,
    xa_a: Unit,
    an: Person,
    binh: Person,
    client: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for minute in range(0, 30, 10):
        placed(xa_a, binh, at("18:05") + timedelta(minutes=minute))
    cluster(xa_a, 4, "20662.01", "20662.02")
    client.force_login(an)
    client.get(reverse("airtime:day"))
    with django_assert_max_num_queries(12):
        assert client.get(reverse(f"airtime:{name}")).status_code == 200


def test_a_thousand_communes_need_no_more_queries_than_two(
    evening: Programme,
    district: Unit,
    dung: Person,
    client: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    Unit.objects.bulk_create(
        Unit(
            code=f"9{number:04}",
            valid_from=date(2017, 1, 1),
            level="COMMUNE",
            kind="XA",
            name=f"Xã {number}",
            parent=district,
        )
        for number in range(1000)
    )
    client.force_login(dung)
    client.get(reverse("airtime:communes"))
    with django_assert_max_num_queries(14):
        page = client.get(reverse("airtime:communes") + "?page=2")
    assert page.content.decode().count('scope="row"') == 30


def test_a_wrong_day_is_today(evening: Programme, an: Person, client: Client) -> None:
    for query in ("?day=x", "?day=9999-12-31", "?day="):
        assert "08/06/2026 – 14/06/2026" in shown(client, an, "week", query)
