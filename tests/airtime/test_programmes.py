"""Programmes: opened, changed from tomorrow on, ended."""

from dataclasses import dataclass
from datetime import date, time, timedelta

import pytest

from tests.airtime.factories import EVERY_DAY, daily, edition, three_clusters
from tests.airtime.wanting import DAY, at, starts
from vang.airtime import services
from vang.airtime.choosing import open_programmes, programmes_to_choose
from vang.airtime.models import Placement, Programme
from vang.airtime.queries import day_timeline
from vang.base.refusals import Refusal
from vang.orgs.models import Unit
from vang.people.models import Person

NOON = at("12:00")
TOMORROW = DAY + timedelta(days=1)


@dataclass
class Playing:
    """A daily programme at 17:00 with one bulletin in it, without end."""

    unit: Unit
    programme: Programme
    placement: Placement
    by: Person

    def change(
        self, clock: str, *, weekdays: str = EVERY_DAY, name: str = "Tin chiều"
    ) -> Programme:
        return services.change_programme(
            programme=self.programme,
            name=name,
            starts_at=time.fromisoformat(clock),
            weekdays=weekdays,
            valid_to=None,
            by=self.by,
            now=NOON,
        )

    def heard(self, ahead: int) -> list[str]:
        return list(starts(day_timeline(self.unit, DAY + timedelta(days=ahead))).values())


@pytest.fixture
def playing(xa_a: Unit, an: Person, binh: Person) -> Playing:
    three_clusters(xa_a)
    programme = daily(xa_a, binh)
    placement = services.place_in_programme(
        edition=edition(xa_a, an),
        programme=programme,
        from_day=date(2026, 6, 2),
        to_day=None,
        by=an,
        now=at("12:00", date(2026, 6, 2)),
    )
    return Playing(xa_a, programme, placement, binh)


def test_another_hour_holds_from_tomorrow(playing: Playing) -> None:
    changed = playing.change("17:30")
    assert changed.pk != playing.programme.pk
    assert [playing.heard(n) for n in (-1, 0, 1, 2)] == [["17:00"], ["17:00"], ["17:30"], ["17:30"]]


def test_other_days_hold_from_tomorrow(playing: Playing) -> None:
    playing.change("17:00", weekdays="0000100")  # Fridays; today is Wednesday
    assert [playing.heard(n) for n in (0, 1, 2, 3)] == [["17:00"], [], ["17:00"], []]


def test_another_name_keeps_the_row(playing: Playing) -> None:
    changed = playing.change("17:00", name="  Tin   buổi chiều ")
    assert (changed.pk, changed.name) == (playing.programme.pk, "Tin buổi chiều")


def test_what_was_struck_stays_struck_after_a_change(playing: Playing) -> None:
    friday = f"p{playing.placement.pk}-20260612"
    services.stop_item(unit=playing.unit, item=friday, by=playing.by, now=NOON)
    playing.change("17:30")
    assert [playing.heard(n) for n in (1, 2, 3)] == [["17:30"], [], ["17:30"]]


def test_a_bulletin_that_begins_later_moves_over_with_the_rule(
    playing: Playing, an: Person
) -> None:
    later = services.place_in_programme(
        edition=edition(playing.unit, an, title="Tiêm chủng"),
        programme=playing.programme,
        from_day=TOMORROW,
        to_day=None,
        by=an,
        now=NOON,
    )
    changed = playing.change("17:30")
    later.refresh_from_db()
    assert later.programme == changed
    assert playing.heard(1) == ["17:30", "17:35:02"]


def test_the_old_rule_is_no_longer_offered(playing: Playing) -> None:
    changed = playing.change("17:30")
    assert list(programmes_to_choose(playing.unit, NOON)) == [changed]
    assert set(open_programmes(playing.unit, NOON)) == {playing.programme, changed}


def test_an_ended_programme_plays_today_for_the_last_time(playing: Playing) -> None:
    services.end_programme(programme=playing.programme, last_day=DAY, by=playing.by, now=NOON)
    assert [playing.heard(n) for n in (0, 1)] == [["17:00"], []]
    with pytest.raises(Refusal) as refusal:
        playing.change("17:30")
    assert refusal.value.code == "programme-ended"


def test_a_programme_does_not_end_in_the_past(playing: Playing) -> None:
    with pytest.raises(Refusal) as refusal:
        services.end_programme(
            programme=playing.programme,
            last_day=DAY - timedelta(days=1),
            by=playing.by,
            now=NOON,
        )
    assert refusal.value.code == "bad-days"
    assert playing.heard(0) == ["17:00"]


def test_a_name_is_used_once_at_a_time(playing: Playing) -> None:
    with pytest.raises(Refusal) as refusal:
        daily(playing.unit, playing.by, "16:30", name="TIN CHIỀU")
    assert refusal.value.code == "name-taken"
    services.end_programme(programme=playing.programme, last_day=DAY, by=playing.by, now=NOON)
    assert daily(playing.unit, playing.by, "16:30", name="Tin chiều")


@pytest.mark.parametrize(
    ("name", "clock", "weekdays", "first", "last", "code"),
    [
        ("", "17:00", EVERY_DAY, DAY, None, "bad-name"),
        ("x" * 121, "17:00", EVERY_DAY, DAY, None, "bad-name"),
        ("Tin", "03:15", EVERY_DAY, DAY, None, "outside-hours"),
        ("Tin", "20:30", EVERY_DAY, DAY, None, "outside-hours"),
        ("Tin", "17:00", "0000000", DAY, None, "no-weekday"),
        ("Tin", "17:00", "111", DAY, None, "no-weekday"),
        ("Tin", "17:00", EVERY_DAY, DAY - timedelta(days=1), None, "bad-days"),
        ("Tin", "17:00", EVERY_DAY, TOMORROW, DAY, "bad-days"),
    ],
)
def test_an_impossible_programme_is_refused(
    xa_a: Unit,
    binh: Person,
    name: str,
    clock: str,
    weekdays: str,
    first: date,
    last: date | None,
    code: str,
) -> None:
    with pytest.raises(Refusal) as refusal:
        services.create_programme(
            unit=xa_a,
            name=name,
            starts_at=time.fromisoformat(clock),
            weekdays=weekdays,
            valid_from=first,
            valid_to=last,
            by=binh,
            now=NOON,
        )
    assert refusal.value.code == code
    assert not Programme.objects.exists()


@pytest.mark.parametrize("who", ["an", "tech", "dung", "chi"])
def test_only_those_who_rule_the_air_open_programmes(
    xa_a: Unit, quan: Person, who: str, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(Refusal) as refusal:
        daily(xa_a, request.getfixturevalue(who))
    assert refusal.value.code == "not-allowed"
    assert daily(xa_a, quan)
