"""Single times of a programme: left out, moved, restored; public holidays; moving and copying."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.airtime.factories import daily, edition, placed, three_clusters
from tests.airtime.wanting import DAY, LONG_BEFORE, VIETNAM, at
from vang.airtime import services
from vang.airtime.holidays import OwnDay, days_off
from vang.airtime.models import DayOff, Placement, Programme, ProgrammeTime
from vang.airtime.queries import day_timeline
from vang.airtime.rules import rule_of_programme
from vang.airtime.subjects import Single, subject_of
from vang.airtime.times import coming_times
from vang.base.clock import ManualClock, SystemClock, use_clock
from vang.base.refusals import Refusal
from vang.journal.models import Entry
from vang.orgs.models import Unit
from vang.people.models import Person

pytestmark = pytest.mark.django_db

MORNING = at("08:00")
TOMORROW = DAY + timedelta(days=1)
LIBERATION = date(2027, 4, 30)


@pytest.fixture
def evening(xa_a: Unit, binh: Person) -> Programme:
    """A daily programme at 17:00 in which one bulletin of five minutes plays."""
    three_clusters(xa_a)
    programme = daily(xa_a, binh)
    services.place_in_programme(
        edition=edition(xa_a, binh),
        programme=programme,
        from_day=date(2026, 6, 2),
        to_day=None,
        by=binh,
        now=LONG_BEFORE,
    )
    return programme


@pytest.fixture
def hand() -> Iterator[ManualClock]:
    clock = ManualClock(MORNING)
    use_clock(clock)
    yield clock
    use_clock(SystemClock())


def heard(unit: Unit, day: date) -> list[str]:
    """17:00 of what is heard, in order."""
    return [f"{i.start.astimezone(VIETNAM):%H:%M}" for i in day_timeline(unit, day).items]


@contextmanager
def refused(code: str) -> Iterator[None]:
    with pytest.raises(Refusal) as caught:
        yield
    assert caught.value.code == code


def test_the_lunar_new_year_and_the_days_exchanged_for_it_are_known() -> None:
    year = days_off(date(2026, 1, 1), date(2026, 12, 31))
    assert year[date(2026, 2, 17)] == "Tết Nguyên Đán"
    assert "thay cho" in year[date(2026, 8, 31)]
    assert date(2026, 9, 2) in year


def test_a_commune_adds_days_of_its_own_and_works_on_others() -> None:
    first, last = date(2026, 9, 1), date(2026, 9, 10)
    own = [OwnDay(date(2026, 9, 2), "Làm bù", off=False), OwnDay(last, "Lễ hội làng", off=True)]
    assert days_off(first, last, own) == {first: "Quốc khánh", last: "Lễ hội làng"}


def test_a_time_that_is_left_out_is_silent_and_the_others_are_not(
    evening: Programme, xa_a: Unit, an: Person
) -> None:
    services.skip_time(programme=evening, day=DAY, note="Đại hội", by=an, now=MORNING)
    assert heard(xa_a, DAY) == []
    assert heard(xa_a, TOMORROW) == ["17:00"]
    (item,) = day_timeline(xa_a, DAY).stopped
    assert item.why == "skipped"
    entry = Entry.objects.get(action="skip-programme-time")
    assert (entry.by_id, entry.detail["note"]) == (an.pk, "Đại hội")


def test_a_time_is_moved_once_with_all_that_plays_in_it(
    evening: Programme, xa_a: Unit, an: Person
) -> None:
    services.move_time(
        programme=evening, day=DAY, to_day=TOMORROW, to_at=time(11), by=an, now=MORNING
    )
    assert heard(xa_a, DAY) == []
    assert heard(xa_a, TOMORROW) == ["11:00", "17:00"]
    assert len({item.id for item in day_timeline(xa_a, TOMORROW).items}) == 2


def test_moving_by_less_than_its_length_does_not_stand_in_its_own_way(
    evening: Programme, xa_a: Unit, an: Person
) -> None:
    services.move_time(
        programme=evening, day=DAY, to_day=DAY, to_at=time(17, 2), by=an, now=MORNING
    )
    assert heard(xa_a, DAY) == ["17:02"]


def test_it_may_be_moved_again_and_restored(evening: Programme, xa_a: Unit, an: Person) -> None:
    for clock in (time(18), time(19)):
        services.move_time(programme=evening, day=DAY, to_day=DAY, to_at=clock, by=an, now=MORNING)
    assert heard(xa_a, DAY) == ["19:00"]
    services.restore_time(programme=evening, day=DAY, by=an, now=MORNING + timedelta(hours=1))
    assert heard(xa_a, DAY) == ["17:00"]
    assert ProgrammeTime.objects.filter(undone_at=None).count() == 0


def test_what_makes_no_sense_is_refused(evening: Programme, an: Person, chi: Person) -> None:
    def moved(
        day: date, to_day: date, clock: time, now: datetime = MORNING, by: Person = an
    ) -> None:
        services.move_time(programme=evening, day=day, to_day=to_day, to_at=clock, by=by, now=now)

    with refused("too-far"):
        moved(DAY, DAY + timedelta(days=8), time(17))
    with refused("outside-hours"):
        moved(DAY, DAY, time(15, 15))
    with refused("too-soon"):
        moved(DAY, DAY, time(7))
    with refused("too-soon"):
        moved(DAY, TOMORROW, time(11), now=at("17:00"))
    with refused("no-such-time"):
        services.skip_time(programme=evening, day=date(2026, 5, 1), by=an, now=MORNING)
    with refused("not-changed"):
        services.restore_time(programme=evening, day=DAY, by=an, now=MORNING)
    with refused("not-allowed"):
        moved(DAY, DAY, time(18), by=chi)
    assert not ProgrammeTime.objects.exists()
    moved(DAY, DAY, time(18))
    assert ProgrammeTime.objects.count() == 1


def test_the_database_holds_one_decision_a_time(evening: Programme, an: Person) -> None:
    services.skip_time(programme=evening, day=DAY, by=an, now=MORNING)
    row = ProgrammeTime.objects.get()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_a_changed_programme_keeps_what_was_decided_for_later_days(
    evening: Programme, xa_a: Unit, binh: Person
) -> None:
    later = TOMORROW + timedelta(days=1)
    services.skip_time(programme=evening, day=later, by=binh, now=MORNING)
    services.change_programme(
        programme=evening,
        name=evening.name,
        starts_at=time(18),
        weekdays="1111111",
        valid_to=None,
        by=binh,
        now=MORNING,
    )
    assert heard(xa_a, DAY) == ["17:00"]
    assert heard(xa_a, TOMORROW) == ["18:00"]
    assert heard(xa_a, later) == []


def test_a_programme_rests_on_holidays_where_it_was_told_to(
    evening: Programme, xa_a: Unit, binh: Person
) -> None:
    now = datetime.combine(LIBERATION, time(8), VIETNAM) - timedelta(days=2)
    assert heard(xa_a, LIBERATION) == ["17:00"]
    services.change_programme(
        programme=evening,
        name=evening.name,
        starts_at=time(17),
        weekdays="1111111",
        valid_to=None,
        on_holidays="SKIP",
        by=binh,
        now=now,
    )
    assert heard(xa_a, LIBERATION) == []
    assert heard(xa_a, LIBERATION - timedelta(days=1)) == ["17:00"]
    services.add_day_off(unit=xa_a, day=LIBERATION, name="Làm bù", off=False, by=binh, now=now)
    assert heard(xa_a, LIBERATION) == ["17:00"]
    services.remove_day_off(day_off=DayOff.objects.get(), by=binh, now=now)
    assert heard(xa_a, LIBERATION) == []


def test_todays_day_off_comes_too_late(xa_a: Unit, binh: Person, an: Person) -> None:
    with refused("too-soon"):
        services.add_day_off(unit=xa_a, day=DAY, name="x", off=True, by=binh, now=MORNING)
    with refused("not-allowed"):
        services.add_day_off(unit=xa_a, day=TOMORROW, name="x", off=True, by=an, now=MORNING)
    with refused("bad-name"):
        services.add_day_off(unit=xa_a, day=TOMORROW, name=" ", off=True, by=binh, now=MORNING)
    assert services.add_day_off(
        unit=xa_a, day=TOMORROW, name="Lễ hội", off=True, by=binh, now=MORNING
    )


def test_the_list_tells_every_coming_time(evening: Programme, an: Person) -> None:
    services.skip_time(programme=evening, day=DAY, by=an, now=MORNING)
    services.move_time(
        programme=evening, day=TOMORROW, to_day=TOMORROW, to_at=time(18), by=an, now=MORNING
    )
    rule = rule_of_programme(evening, DAY, DAY + timedelta(days=60))
    first, second, third = coming_times(rule, {}, MORNING)[:3]
    assert (first.state, first.plays_at) == ("skipped", None)
    assert second.plays_at == at("18:00", TOMORROW)
    assert third.plays_at == at("17:00", TOMORROW + timedelta(days=1))
    assert coming_times(rule, {}, at("17:30"))[0].day == TOMORROW


def test_a_single_broadcast_moves_and_keeps_its_history(xa_a: Unit, an: Person) -> None:
    three_clusters(xa_a)
    old = placed(xa_a, an, at("17:00"))
    services.move_placement(placement=old, start=at("18:00"), by=an, now=MORNING)
    assert heard(xa_a, DAY) == ["18:00"]
    assert Placement.objects.get(pk=old.pk).stopped_at == MORNING
    with refused("not-single"):
        services.move_placement(placement=old, start=at("19:00"), by=an, now=MORNING)


def test_what_has_begun_is_not_moved(xa_a: Unit, an: Person) -> None:
    three_clusters(xa_a)
    old = placed(xa_a, an, at("17:00"))
    with refused("begun"):
        services.move_placement(placement=old, start=at("18:00"), by=an, now=at("17:01"))
    assert heard(xa_a, DAY) == ["17:00"]


def test_a_move_that_finds_no_room_changes_nothing(xa_a: Unit, an: Person) -> None:
    three_clusters(xa_a)
    old = placed(xa_a, an, at("17:00"))
    with refused("outside-hours"):
        services.move_placement(placement=old, start=at("15:15"), by=an, now=MORNING)
    assert heard(xa_a, DAY) == ["17:00"]


def test_a_copy_stays_where_it_was_and_plays_again(
    evening: Programme, xa_a: Unit, an: Person
) -> None:
    single = Single(placed(xa_a, an, at("11:00")))
    services.copy(subject=single, start=at("18:00"), by=an, now=MORNING)
    session = subject_of(f"s{evening.pk}-20260610", an, DAY)
    services.copy(subject=session, start=at("18:05"), by=an, now=MORNING)
    assert heard(xa_a, DAY) == ["11:00", "17:00", "18:00", "18:05"]


def ask(client: Client, key: str, **fields: str) -> str:
    answer = client.post(reverse("airtime:move", args=[key]), fields, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_moving_shows_what_it_disturbs_before_it_is_done(
    xa_a: Unit, an: Person, client: Client, hand: ManualClock
) -> None:
    three_clusters(xa_a)
    low = placed(xa_a, an, at("17:00"), title="Tin thường")
    high = placed(xa_a, an, at("18:00"), title="Tin gấp", priority="PRIORITY")
    client.force_login(an)
    there = {"how": "move", "day": "2026-06-10", "hour": "17:00"}
    page = ask(client, f"o{high.pk}", **there)
    assert "“Tin thường” chuyển từ 17:00 sang 17:05" in page
    assert heard(xa_a, DAY) == ["17:00", "18:00"]
    mark = page.split('name="confirmed" value="')[1].split('"')[0]
    assert "đã dời sang 17:00" in ask(client, f"o{high.pk}", **there, confirmed=mark)
    assert heard(xa_a, DAY) == ["17:00", "17:05"]
    assert Placement.objects.get(pk=low.pk).stopped_at is None


def test_a_move_to_a_free_time_is_done_at_once(
    evening: Programme, xa_a: Unit, an: Person, client: Client, hand: ManualClock
) -> None:
    client.force_login(an)
    key = f"s{evening.pk}-20260610"
    ask(client, key, how="move", day="2026-06-10", hour="18:00")
    assert heard(xa_a, DAY) == ["18:00"]
    ask(client, key, how="copy", day="2026-06-10", hour="11:00")
    assert heard(xa_a, DAY) == ["11:00", "18:00"]
    assert "nằm ngoài khung giờ phát" in ask(
        client, key, how="move", day="2026-06-10", hour="15:15"
    )


def test_the_part_of_the_page_comes_alone_when_the_calendar_asks(
    evening: Programme, an: Person, client: Client, hand: ManualClock
) -> None:
    client.force_login(an)
    address = reverse("airtime:move", args=[f"s{evening.pk}-20260610"])
    part = client.get(address, {"part": "1", "start": "2026-06-10T18:15:00"}).content.decode()
    assert "<html" not in part
    assert 'value="18:15"' in part
    whole = client.get(address, {"start": "rubbish"}).content.decode()
    assert "<html" in whole
    assert 'value="17:00"' in whole


def test_times_are_left_out_and_restored_on_the_page(
    evening: Programme, xa_a: Unit, an: Person, client: Client, hand: ManualClock
) -> None:
    client.force_login(an)
    address = reverse("airtime:times", args=[evening.pk])
    assert "10/06/2026" in client.get(address).content.decode()
    skip, restore = (reverse(f"airtime:{v}-time", args=[evening.pk]) for v in ("skip", "restore"))
    client.post(skip, {"day": "2026-06-10"})
    assert heard(xa_a, DAY) == []
    assert "Đã trừ" in client.get(address).content.decode()
    client.post(restore, {"day": "2026-06-10"})
    assert heard(xa_a, DAY) == ["17:00"]
    assert "Hãy chọn ngày" in client.post(skip, {"day": "x"}, follow=True).content.decode()


def test_days_off_are_noted_on_the_page(
    xa_a: Unit, binh: Person, an: Person, client: Client, hand: ManualClock
) -> None:
    client.force_login(binh)
    address = reverse("airtime:days-off")
    assert "Quốc khánh" in client.get(address).content.decode()
    client.post(address, {"day": "2026-07-01", "name": "Lễ hội làng", "kind": "off"})
    assert "Lễ hội làng" in client.get(address).content.decode()
    client.post(reverse("airtime:remove-day-off", args=[DayOff.objects.get().pk]))
    assert not DayOff.objects.exists()
    client.force_login(an)
    assert client.post(address, {"day": "2026-07-01", "name": "x"}).status_code == 403


def test_strangers_and_wrong_methods(
    evening: Programme, xa_a: Unit, an: Person, binh: Person, chi: Person, client: Client
) -> None:
    key = f"s{evening.pk}-20260610"
    row = services.add_day_off(
        unit=xa_a, day=date(2027, 1, 2), name="x", off=True, by=binh, now=MORNING
    )
    reads = [
        reverse("airtime:times", args=[evening.pk]),
        reverse("airtime:move", args=[key]),
        reverse("airtime:days-off"),
    ]
    writes = [
        reverse("airtime:skip-time", args=[evening.pk]),
        reverse("airtime:restore-time", args=[evening.pk]),
        reverse("airtime:remove-day-off", args=[row.pk]),
    ]
    assert all(client.get(address).status_code == 302 for address in reads)
    client.force_login(chi)
    assert [client.get(address).status_code for address in reads[:2]] == [404, 404]
    assert all(client.post(address, {"day": "2026-06-10"}).status_code == 404 for address in writes)
    assert DayOff.objects.exists()
    client.force_login(an)
    assert all(client.get(address).status_code == 200 for address in reads)
    assert all(client.get(address).status_code == 405 for address in writes)
    for bad in ("o99999", "s1-20269999", "p1", f"s{evening.pk}-2026061"):
        assert client.get(reverse("airtime:move", args=[bad])).status_code == 404


def test_the_pages_need_few_queries(
    evening: Programme,
    an: Person,
    client: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client.force_login(an)
    for name, args in [
        ("times", [evening.pk]),
        ("move", [f"s{evening.pk}-20260610"]),
        ("days-off", []),
    ]:
        with django_assert_max_num_queries(12):
            assert client.get(reverse(f"airtime:{name}", args=args)).status_code == 200
