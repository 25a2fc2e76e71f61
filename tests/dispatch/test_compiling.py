"""From what is ordered to what is signed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from vang.dispatch.compiling import Week, compile_plan, content_hash, sendable, still_holds
from vang_protocol.plans import Audio, PlanItem, Priority, Resume
from vang_protocol.reasons import Reason

NOW = datetime(2026, 6, 10, 5, 0, 0, 123456, tzinfo=UTC)
ITEM = PlanItem(
    id="o1",
    edition="e1",
    title="Lịch cắt điện",
    start=datetime(2026, 6, 10, 10, 0, tzinfo=UTC),
    duration_ms=60_000,
    priority=Priority.NORMAL,
    audio=Audio("ab" * 32, 1000, "opus", 60_000),
    clusters=("20662-01",),
    max_play_ms=61_000,
    volume_db=0,
    resume=Resume.DROP,
)


def week(*items: PlanItem, stopped: tuple[str, ...] = ()) -> Week:
    hours = (("05:00", "06:30"), ("16:30", "20:30"))
    return Week("Asia/Ho_Chi_Minh", hours, items, stopped, {item.id: 1 for item in items})


def test_an_emergency_is_left_out_of_a_routine_plan_and_the_rest_goes_out() -> None:
    alarm = replace(ITEM, id="o2", priority=Priority.EMERGENCY)
    plan, refused = sendable(compile_plan("20662", 1, week(ITEM, alarm), now=NOW))
    assert [item.id for item in plan.items] == ["o1"]
    assert refused == {"o2": Reason.EMERGENCY_NOT_ALLOWED}


def test_an_item_outside_the_hours_is_left_out_and_the_rest_goes_out() -> None:
    night = replace(ITEM, id="o2", start=datetime(2026, 6, 10, 20, 15, tzinfo=UTC))  # 03:15
    plan, refused = sendable(compile_plan("20662", 1, week(ITEM, night), now=NOW))
    assert [item.id for item in plan.items] == ["o1"]
    assert refused == {"o2": Reason.OUTSIDE_HOURS}


def test_a_plan_is_issued_to_the_millisecond_and_covers_more_than_a_week() -> None:
    plan = compile_plan("20662", 1, week(ITEM), now=NOW)
    assert plan.issued == NOW.replace(microsecond=123000)
    assert plan.expires - NOW > timedelta(days=7)


@pytest.mark.parametrize(
    ("changed", "holds"),
    [
        (week(ITEM), True),
        (week(replace(ITEM, start=ITEM.start + timedelta(minutes=1))), False),
        (week(replace(ITEM, clusters=("20662-01", "20662-02"))), False),
        (week(), False),
        (week(ITEM, replace(ITEM, id="o2")), False),
        (week(ITEM, stopped=("o9",)), False),
        (replace(week(ITEM), hours=(("05:00", "20:30"),)), False),
        # Beyond what the plan covers: the next plan will bring it.
        (week(ITEM, replace(ITEM, id="o3", start=NOW + timedelta(days=9))), True),
    ],
)
def test_a_plan_holds_until_something_else_is_ordered(changed: Week, *, holds: bool) -> None:
    plan = compile_plan("20662", 1, week(ITEM), now=NOW)
    later = NOW + timedelta(minutes=5)
    wanted = compile_plan("20662", 2, changed, now=later)
    assert still_holds(plan, wanted, now=later) is holds


def test_a_plan_holds_for_two_days_and_while_items_end() -> None:
    plan = compile_plan("20662", 1, week(ITEM), now=NOW)
    for days, holds in ((1.99, True), (2.01, False)):
        later = NOW + timedelta(days=days)
        assert still_holds(plan, compile_plan("20662", 2, week(), now=later), now=later) is holds


def test_the_content_hash_is_of_orders_not_of_times() -> None:
    first = compile_plan("20662", 1, week(ITEM), now=NOW)
    second = compile_plan("20662", 2, week(ITEM), now=NOW + timedelta(hours=1))
    other = compile_plan("20662", 2, week(ITEM, stopped=("o9",)), now=NOW)
    assert content_hash(first) == content_hash(second) != content_hash(other)
