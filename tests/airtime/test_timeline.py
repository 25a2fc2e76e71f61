"""Examples of a day; the rules over all days are in test_timeline_rules."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from tests.airtime.wanting import (
    DAY,
    EVENING,
    SATURDAY,
    air,
    at,
    lay,
    once,
    programme,
    reasons,
    starts,
)
from vang.airtime.policies import Policy
from vang.airtime.reasons import Reason
from vang.airtime.timeline import timeline
from vang.airtime.wishes import Kind
from vang_protocol.plans import Priority


def test_an_empty_day_is_empty() -> None:
    day = lay()
    assert (day.unit, day.day) == ("20662", DAY)
    assert (day.items, day.unplaced, day.stopped) == ((), (), ())


def test_an_item_keeps_the_time_it_wishes() -> None:
    day = lay(once(12, "16:45"))
    assert starts(day) == {"o12": "16:45"}
    assert day.items[0].ends == at("16:50")
    assert day.items[0].clusters == ("c1", "c2", "c3")
    assert not day.items[0].shifted


def test_timeline_is_the_same_as_its_schedule() -> None:
    wishes = [once(1, "16:45"), once(2, "16:45")]
    air_of = air(*wishes).air
    one = timeline(
        "20662",
        DAY,
        policy=EVENING,
        wishes=wishes,
        stopped={},
        clusters=air_of.clusters,
    )
    assert one == lay(*wishes)


def test_the_second_follows_the_first_after_a_breath() -> None:
    day = lay(once(1, "16:45"), once(2, "16:45"))
    assert starts(day) == {"o1": "16:45", "o2": "16:50:02"}
    assert day.items[1].shifted


def test_different_villages_hear_different_things_at_once() -> None:
    day = lay(once(1, "16:45", audience=["v1"]), once(2, "16:45", audience=["v2"]))
    assert starts(day) == {"o1": "16:45", "o2": "16:45"}
    assert [item.clusters for item in day.items] == [("c1",), ("c2",)]


def test_priority_goes_before_what_was_placed_earlier() -> None:
    day = lay(once(1, "16:45"), once(2, "16:45", priority=Priority.PRIORITY))
    assert starts(day) == {"o2": "16:45", "o1": "16:50:02"}


def test_a_programme_plays_its_bulletins_one_after_another() -> None:
    day = lay(programme(3, "17:00"), programme(4, "17:00", priority=Priority.PRIORITY))
    assert starts(day) == {"p4-20260610": "17:00", "p3-20260610": "17:05:02"}


def test_a_programme_keeps_its_weekdays_and_its_days() -> None:
    wish = programme(3, "17:00", weekdays="0010000", first=DAY, last=date(2026, 6, 17))
    played = [
        DAY + timedelta(days=n) for n in range(-7, 22) if lay(wish, day=DAY + timedelta(n)).items
    ]
    assert played == [DAY, date(2026, 6, 17)]


def test_what_was_put_into_a_programme_after_its_hour_begins_the_next_day() -> None:
    wish = programme(3, "17:00", first=DAY, placed=at("17:10"))
    assert starts(lay(wish)) == {}
    assert starts(lay(wish, day=DAY + timedelta(days=1))) == {"p3-20260611": "17:00"}


def test_outside_the_hours_nothing_sounds_but_an_emergency() -> None:
    day = lay(once(1, "03:15"), once(2, "03:15", priority=Priority.EMERGENCY))
    assert starts(day) == {"o2": "03:15"}
    assert reasons(day) == {"o1": "outside-hours"}
    assert day.unplaced[0].next_free == at("16:30")


def test_an_item_that_would_end_outside_the_hours_is_refused() -> None:
    day = lay(once(1, "17:58"))
    assert reasons(day) == {"o1": "ends-outside-hours"}
    assert day.unplaced[0].next_free == at("16:30", DAY + timedelta(days=1))


def test_a_quiet_weekend_offers_monday() -> None:
    quiet = Policy(EVENING.hours, EVENING.longest_session_s, 3, weekend=False)
    day = lay(once(1, "16:45", day=SATURDAY), policy=quiet, day=SATURDAY)
    assert reasons(day) == {"o1": "weekend"}
    assert day.unplaced[0].next_free == at("16:30", SATURDAY + timedelta(days=2))


def test_longer_than_a_session_never_fits() -> None:
    day = lay(once(1, "16:30", minutes=46))
    assert reasons(day) == {"o1": "longer-than-session"}
    assert day.unplaced[0].next_free is None


def test_what_makes_the_session_too_long_begins_another_one() -> None:
    day = lay(once(1, "16:30", minutes=40), once(2, "17:12", minutes=10))
    assert starts(day) == {"o1": "16:30", "o2": "17:15"}


def test_sessions_are_counted_in_the_whole_commune() -> None:
    one = Policy(EVENING.hours, 45 * 60, sessions_a_day=1, weekend=True)
    apart = [once(1, "16:45", audience=["v1"]), once(2, "17:30", audience=["v2"])]
    day = lay(*apart, policy=one)
    assert reasons(day) == {"o2": "sessions-used"}
    assert starts(lay(*apart)) == {"o1": "16:45", "o2": "17:30"}


def test_one_session_more_may_lean_on_the_front_of_the_next() -> None:
    one = Policy(EVENING.hours, 45 * 60, sessions_a_day=1, weekend=True)
    day = lay(once(1, "17:00"), once(2, "16:40"), policy=one)
    assert starts(day) == {"o2": "16:54:58", "o1": "17:00"}


def test_an_audience_without_a_cluster_is_told() -> None:
    day = lay(once(1, "16:45", audience=["v9"]))
    assert reasons(day) == {"o1": "no-clusters"}
    assert day.unplaced[0].next_free is None


def test_a_full_window_refuses_and_names_tomorrow() -> None:
    short = Policy((("16:30", "16:40"),), 45 * 60, 3, weekend=True)
    day = lay(once(1, "16:30", minutes=8), once(2, "16:30", minutes=8), policy=short)
    assert starts(day) == {"o1": "16:30"}
    assert reasons(day) == {"o2": "no-room"}
    assert day.unplaced[0].next_free == at("16:30", DAY + timedelta(days=1))


def test_a_programme_follows_its_own_zone_through_a_clock_change() -> None:
    """Paris springs forward on 29/03/2026: 07:00 there is 13:00, then 12:00 in Vietnam."""
    noon = Policy((("11:00", "14:00"),), 45 * 60, 3, weekend=True)
    wish = programme(
        1,
        "07:00",
        zone="Europe/Paris",
        first=date(2026, 3, 1),
        placed=at("08:00", date(2026, 2, 1)),
    )
    before, after = (lay(wish, policy=noon, day=date(2026, 3, d)) for d in (28, 29))
    assert starts(before) == {"p1-20260328": "13:00"}
    assert starts(after) == {"p1-20260329": "12:00"}


def test_a_wall_time_that_a_clock_change_skips_is_read_as_before_it() -> None:
    night = Policy((("00:00", "24:00"),), 45 * 60, 3, weekend=True, zone="Europe/Paris")
    early = at("08:00", date(2026, 2, 1))
    wish = programme(1, "02:30", zone="Europe/Paris", first=date(2026, 3, 1), placed=early)
    spring = lay(wish, policy=night, day=date(2026, 3, 29))
    autumn = lay(wish, policy=night, day=date(2026, 10, 25))
    assert [item.start for item in spring.items] == [datetime(2026, 3, 29, 1, 30, tzinfo=UTC)]
    assert [item.start for item in autumn.items] == [datetime(2026, 10, 25, 0, 30, tzinfo=UTC)]


def test_a_programme_of_another_zone_bears_its_own_date() -> None:
    early = Policy((("05:00", "06:30"),), 45 * 60, 3, weekend=True)
    wish = programme(
        1, "22:30", zone="UTC", weekdays="0100000", placed=at("08:00", date(2026, 6, 1))
    )
    assert starts(lay(wish, policy=early)) == {"p1-20260609": "05:30"}


# What happens during the day


def test_what_has_begun_keeps_its_time_when_priority_comes() -> None:
    late = once(2, "16:46", priority=Priority.PRIORITY, placed=at("16:45:30"))
    assert starts(lay(once(1, "16:45"), late)) == {"o1": "16:45", "o2": "16:50:02"}


def test_what_has_not_begun_gives_way_to_priority() -> None:
    late = once(2, "16:46", priority=Priority.PRIORITY, placed=at("16:40"))
    assert starts(lay(once(1, "16:45"), late)) == {"o2": "16:46", "o1": "16:51:02"}


def test_an_item_on_now_is_not_moved_by_priority() -> None:
    waiting = once(1, "16:45", kind=Kind.NOW, placed=at("16:40"))
    late = once(2, "16:45", priority=Priority.PRIORITY, placed=at("16:41"))
    assert starts(lay(waiting, late)) == {"o1": "16:45", "o2": "16:50:02"}


def test_an_item_on_now_that_lost_its_hour_is_listed_not_moved() -> None:
    wish = once(1, "17:59", kind=Kind.NOW, placed=at("17:58:52"))
    assert reasons(lay(wish)) == {"o1": "ends-outside-hours"}


def test_a_stop_frees_the_air_and_moves_nothing_else() -> None:
    day = lay(once(1, "16:45"), once(2, "16:45"), stopped={"o1": at("16:46")})
    assert starts(day) == {"o2": "16:50:02"}
    assert [(item.id, item.ends) for item in day.stopped] == [("o1", at("16:46"))]


def test_after_a_stop_something_else_may_sound_at_once() -> None:
    wrong, follows = once(1, "16:45", minutes=20), once(2, "16:45")
    correction = once(3, "16:47:08", kind=Kind.NOW, placed=at("16:47"))
    day = lay(wrong, follows, correction, stopped={"o1": at("16:46")})
    assert starts(day) == {"o3": "16:47:08", "o2": "17:05:02"}


def test_a_stop_before_the_day_leaves_the_place_to_others() -> None:
    day = lay(once(1, "16:45"), once(2, "16:45"), stopped={"o1": at("08:00", date(2026, 6, 9))})
    assert starts(day) == {"o2": "16:45"}
    assert [item.id for item in day.stopped] == ["o1"]


def test_a_stop_after_the_end_changes_nothing() -> None:
    day = lay(once(1, "16:45"), stopped={"o1": at("17:00")})
    assert starts(day) == {"o1": "16:45"}
    assert not day.stopped


def test_a_placement_stopped_as_a_whole_is_silent_from_then_on() -> None:
    day = lay(once(1, "16:45", stopped=at("16:46")))
    assert not day.items
    assert day.stopped[0].ends == at("16:46")


def test_a_stop_in_the_middle_does_not_make_two_sessions() -> None:
    one = Policy(EVENING.hours, 45 * 60, sessions_a_day=1, weekend=True)
    three = [once(n, "16:45") for n in (1, 2, 3)]
    late = once(4, "16:57", placed=at("16:48"))
    day = lay(*three, late, policy=one, stopped={"o2": at("16:47")})
    assert starts(day) == {"o1": "16:45", "o3": "16:55:04", "o4": "17:00:06"}
    assert not day.unplaced


def test_an_emergency_cuts_in_and_the_rest_waits() -> None:
    alarm = once(3, "16:47", priority=Priority.EMERGENCY, minutes=2, placed=at("16:47"))
    day = lay(once(1, "16:45"), once(2, "16:45"), alarm)
    assert starts(day) == {"o1": "16:45", "o3": "16:47", "o2": "16:50:02"}
    assert day.items[0].ends == at("16:47")


def test_an_emergency_moves_what_would_sound_over_it() -> None:
    alarm = once(3, "16:47", priority=Priority.EMERGENCY, minutes=10, placed=at("16:47"))
    day = lay(once(1, "16:45"), once(2, "16:45"), alarm)
    assert starts(day) == {"o1": "16:45", "o3": "16:47", "o2": "16:57:02"}


def test_an_emergency_over_midnight_keeps_the_next_day_waiting() -> None:
    always = Policy((("00:00", "24:00"),), 45 * 60, 3, weekend=True)
    alarm = once(1, "23:58", priority=Priority.EMERGENCY, minutes=4)
    morning = once(2, "00:00", day=DAY + timedelta(days=1))
    assert starts(lay(alarm, morning, policy=always)) == {"o1": "23:58"}
    next_day = lay(alarm, morning, policy=always, day=DAY + timedelta(days=1))
    assert starts(next_day) == {"o2": "00:02:02"}


# Looking for room


def test_now_is_as_soon_as_the_nodes_can_be_ready() -> None:
    found = air().earliest(at("16:40"), duration_ms=60_000, audience=(), priority=Priority.NORMAL)
    assert found == at("16:40:08")


def test_now_waits_for_its_equals_and_passes_those_below() -> None:
    busy = air(once(1, "16:39", minutes=3), once(2, "16:43", minutes=3))

    def soonest(priority: Priority) -> datetime | Reason:
        return busy.earliest(at("16:40"), priority=priority, duration_ms=120_000, audience=())

    normal, urgent = soonest(Priority.NORMAL), soonest(Priority.PRIORITY)
    assert (normal, urgent) == (at("16:46:02"), at("16:42:02"))


def test_now_outside_the_hours_is_refused_with_the_reason() -> None:
    def soonest(clock: str, *audience: str) -> datetime | Reason:
        return air().earliest(
            at(clock), audience=audience, duration_ms=60_000, priority=Priority.NORMAL
        )

    assert soonest("12:00") is Reason.OUTSIDE_HOURS
    assert soonest("16:40", "v9") is Reason.NO_CLUSTERS
    assert soonest("16:40", "v1") == at("16:40:08")


def test_free_slots_are_half_hours_and_the_minute_after_an_item() -> None:
    free = air(once(1, "17:00")).free_slots(
        DAY, after=at("16:40"), duration_ms=10 * 60_000, audience=()
    )
    assert free == [at("17:06"), at("17:30")]


def test_free_slots_depend_on_who_shall_hear() -> None:
    busy = air(once(1, "17:00", audience=["v1"]))
    free = busy.free_slots(DAY, after=at("16:40"), duration_ms=600_000, audience=["v2"])
    assert free[0] == at("17:00")


def test_what_is_only_considered_comes_after_all_others() -> None:
    one = Policy(EVENING.hours, 45 * 60, sessions_a_day=1, weekend=True)
    there = once(7, "16:45", placed=at("12:00"))
    considered = replace(once(0, "17:30"), placed_at=at("12:00"))
    assert reasons(lay(there, considered, policy=one)) == {"o0": "sessions-used"}


def test_short_pauses_belong_to_one_session() -> None:
    one = Policy(EVENING.hours, 45 * 60, sessions_a_day=1, weekend=True)
    near, far = once(2, "16:54"), once(2, "16:55")
    assert not lay(once(1, "16:45"), near, policy=one).unplaced
    assert reasons(lay(once(1, "16:45"), far, policy=one)) == {"o2": "sessions-used"}


def test_a_stop_at_the_instant_of_placing_holds() -> None:
    wish = once(1, "16:45", placed=at("16:40"))
    assert not lay(wish, stopped={"o1": at("16:40")}).items


def test_items_keep_their_ids_when_others_come() -> None:
    alone = lay(once(7, "16:45"))
    crowded = lay(once(1, "16:45"), once(7, "16:45"), once(9, "16:45", priority=Priority.PRIORITY))
    assert {item.id for item in alone.items} <= {item.id for item in crowded.items}


def test_the_day_begins_at_midnight_of_the_policy() -> None:
    always = Policy((("00:00", "24:00"),), 45 * 60, 3, weekend=True)
    wish = once(1, "00:00")
    assert starts(lay(wish, policy=always)) == {"o1": "00:00"}
    assert not lay(wish, policy=always, day=DAY - timedelta(days=1)).items
    assert time(0) == wish.when.time()  # type: ignore[union-attr]
