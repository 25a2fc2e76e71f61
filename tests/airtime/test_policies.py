"""The allowed hours as a value, and changing them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.airtime.factories import placed, three_clusters
from tests.airtime.wanting import DAY, SATURDAY, at, starts
from tests.conftest import person
from vang.airtime import services
from vang.airtime.models import SlotPolicy
from vang.airtime.moments import from_ms
from vang.airtime.policies import (
    DEFAULT_POLICY,
    BadPolicy,
    Hours,
    Policy,
    checked,
    night_hours,
    windows_ms,
)
from vang.airtime.proposals import policy_changes
from vang.airtime.queries import airtime_of, day_timeline, joined_policy, policy_of
from vang.airtime.reasons import Reason
from vang.base.refusals import Refusal
from vang.journal.models import Entry
from vang.orgs.models import Unit
from vang.people.models import Person

NOON = at("12:00")


def with_hours(*hours: tuple[str, str]) -> Policy:
    return replace(DEFAULT_POLICY, hours=hours)


def change(
    unit: Unit, by: Person, *, hours: Hours = (("16:30", "18:00"),), **given: object
) -> SlotPolicy:
    fields: dict[str, object] = {"longest_session_s": 900, "sessions_a_day": 2, "weekend": False}
    return services.change_slot_policy(
        unit=unit,
        hours=hours,
        by=by,
        now=NOON,
        **{**fields, **given},  # type: ignore[arg-type]
    )


def test_the_default_policy_is_good_and_lets_nobody_be_woken() -> None:
    assert checked(DEFAULT_POLICY) == DEFAULT_POLICY
    assert night_hours(DEFAULT_POLICY) == (("05:00", "06:00"),)


def test_hours_are_sorted_and_touching_ones_joined() -> None:
    mixed = with_hours(("17:00", "18:00"), ("05:00", "06:00"), ("06:00", "06:30"))
    assert checked(mixed).hours == (("05:00", "06:30"), ("17:00", "18:00"))


def test_the_day_may_be_open_to_its_end() -> None:
    whole = checked(with_hours(("00:00", "24:00")))
    ((opens, closes),) = windows_ms(whole, DAY)
    assert (from_ms(opens), from_ms(closes)) == (at("00:00"), at("00:00", DAY + timedelta(days=1)))


@pytest.mark.parametrize(
    ("hours", "fault"),
    [
        ((), "no-hours"),
        ((("5:00", "06:00"),), "not-a-time"),
        ((("05:00", "25:00"),), "not-a-time"),
        ((("24:00", "24:00"),), "not-a-time"),
        ((("05:00", "06:60"),), "not-a-time"),
        ((("5 giờ", "6 giờ"),), "not-a-time"),
        ((("22:00", "04:00"),), "crosses-midnight"),
        ((("05:00", "05:00"),), "crosses-midnight"),
        ((("05:00", "06:30"), ("06:00", "07:00")), "overlap"),
        (
            tuple(
                (f"{n // 60:02}:{n % 60:02}", f"{n // 60:02}:{n % 60 + 1:02}")
                for n in range(0, 100, 4)
            ),
            "too-many-windows",
        ),
    ],
)
def test_bad_hours_are_refused_by_name(hours: Hours, fault: str) -> None:
    with pytest.raises(BadPolicy) as error:
        checked(with_hours(*hours))
    assert error.value.fault.value == fault


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"longest_session_s": 59}, "session-length"),
        ({"longest_session_s": 6 * 3600 + 1}, "session-length"),
        ({"sessions_a_day": 0}, "sessions-a-day"),
        ({"sessions_a_day": 25}, "sessions-a-day"),
        ({"zone": "Asia/Que_Son"}, "unknown-zone"),
        ({"zone": "../etc/passwd"}, "unknown-zone"),
    ],
)
def test_bad_figures_are_refused_by_name(given: dict[str, object], fault: str) -> None:
    with pytest.raises(BadPolicy) as error:
        checked(replace(DEFAULT_POLICY, **given))  # type: ignore[arg-type]
    assert error.value.fault.value == fault


def test_a_clock_change_may_swallow_a_window() -> None:
    spring = replace(with_hours(("02:00", "03:00"), ("02:30", "04:00")), zone="Europe/Paris")
    windows = windows_ms(spring, date(2026, 3, 29))
    assert [(from_ms(a), from_ms(b)) for a, b in windows] == [
        (datetime(2026, 3, 29, 1, 30, tzinfo=UTC), datetime(2026, 3, 29, 2, 0, tzinfo=UTC))
    ]


def test_a_commune_without_a_policy_has_the_default(xa_a: Unit) -> None:
    assert policy_of(xa_a) == DEFAULT_POLICY


def test_a_policy_read_with_its_commune_is_the_same(xa_a: Unit, xa_b: Unit, binh: Person) -> None:
    change(xa_a, binh)
    joined = {unit.pk: unit for unit in Unit.objects.select_related("slot_policy")}
    assert joined_policy(joined[xa_a.pk]) == policy_of(xa_a) != DEFAULT_POLICY
    assert joined_policy(joined[xa_b.pk]) == DEFAULT_POLICY


def test_a_change_is_stored_sorted_and_written_down(xa_a: Unit, binh: Person) -> None:
    change(xa_a, binh, hours=(("17:00", "18:00"), ("05:00", "06:00")))
    assert policy_of(xa_a) == Policy(
        (("05:00", "06:00"), ("17:00", "18:00")), 900, 2, weekend=False
    )
    detail = Entry.objects.get(action="change-slot-policy").detail
    assert detail["before"]["hours"][0] == ["05:00", "06:30"]
    assert detail["after"]["hours"][0] == ["05:00", "06:00"]


def test_a_bad_change_is_refused_in_words_and_changes_nothing(xa_a: Unit, binh: Person) -> None:
    with pytest.raises(Refusal) as refusal:
        change(xa_a, binh, hours=(("22:00", "04:00"),))
    assert refusal.value.code == "crosses-midnight"
    assert str(refusal.value).startswith("22:00–04:00: ")
    assert policy_of(xa_a) == DEFAULT_POLICY


def test_what_was_confirmed_must_still_hold(xa_a: Unit, binh: Person, quan: Person) -> None:
    seen = policy_of(xa_a)
    change(xa_a, quan, expected=seen)
    with pytest.raises(Refusal) as refusal:
        change(xa_a, binh, hours=(("05:00", "06:00"),), expected=seen)
    assert refusal.value.code == "policy-changed"
    assert change(xa_a, binh, hours=(("05:00", "06:00"),), expected=policy_of(xa_a))


@pytest.mark.parametrize("who", ["an", "tech", "dung", "chi"])
def test_only_those_who_rule_the_air_change_it(
    xa_a: Unit, quan: Person, who: str, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(Refusal) as refusal:
        change(xa_a, request.getfixturevalue(who))
    assert refusal.value.code == "not-allowed"
    assert change(xa_a, quan)


def test_the_difference_names_what_moves_and_what_falls_out(xa_a: Unit, an: Person) -> None:
    three_clusters(xa_a)
    morning, evening = placed(xa_a, an, at("05:30")), placed(xa_a, an, at("17:00"))
    saturday = placed(xa_a, an, at("17:00", SATURDAY))
    air = airtime_of(xa_a, DAY, SATURDAY)
    wanted = Policy((("16:30", "18:00"),), 900, 2, weekend=False)
    changes = policy_changes(air, wanted, at("04:00"), DAY)
    assert [(c.id, c.reason, c.after) for c in changes] == [
        (f"o{morning.pk}", Reason.OUTSIDE_HOURS, None),
        (f"o{saturday.pk}", Reason.WEEKEND, None),
    ]
    assert policy_changes(air, wanted, at("06:00"), DAY)[0].id == f"o{saturday.pk}"
    change(xa_a, an_approver(xa_a))
    assert starts(day_timeline(xa_a, DAY)) == {f"o{evening.pk}": "17:00"}


def an_approver(unit: Unit) -> Person:

    return person("duyet", "Lê Duyệt", unit, "APPROVER")
