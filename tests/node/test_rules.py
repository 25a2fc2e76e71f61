"""What a plan says for one cluster: when it may sound, how loud, how late, and whom it relays."""

from dataclasses import replace
from datetime import timedelta

from tests.node.test_schedule import NOW, accepted, an_item, seconds
from vang_node.rules import Rules
from vang_protocol.plans import Priority
from vang_protocol.reasons import Reason
from vang_protocol.relays import Relay
from vang_protocol.volumes import ClusterOrders

HOUR = timedelta(hours=1)
RELAY = Relay("r1", "VOV1", NOW, 60_000, ("c1",), 0, "77" * 8, "ab" * 32, 1_000)


def rules(*orders: ClusterOrders, **changed: object) -> Rules:
    return Rules.of(accepted(an_item("a", NOW), orders=orders, **changed), "c1")


def test_without_a_plan_nothing_may_sound_but_what_is_loud_enough_is_known() -> None:
    none = Rules("c1")
    assert none.closed(NOW, 1_000) is Reason.NO_PLAN
    assert (none.delay_us, none.relays()) == (0, [])
    assert none.level_db(an_item("a", NOW, volume_db=-3), NOW, -6) == -6


def test_the_hour_lowers_the_level_and_an_emergency_ignores_it() -> None:
    item = an_item("a", NOW)
    evening = rules(ClusterOrders("c1", volume=(("16:00", "17:00", -12),)))
    assert evening.level_db(item, NOW, -6) == -18
    assert evening.level_db(item, NOW + HOUR, -6) == -6
    alarm = replace(item, priority=Priority.EMERGENCY)
    assert evening.level_db(alarm, NOW, -6) == -6


def test_the_plans_hours_and_the_clusters_own_are_both_kept() -> None:
    quiet = rules(ClusterOrders("c1", hours=(("15:00", "16:01"),)), hours=(("05:00", "21:00"),))
    assert quiet.closed(NOW, 60_000) is None
    assert quiet.closed(NOW, 61_000) is Reason.QUIET_HOURS
    assert quiet.closed(NOW + 6 * HOUR, 1_000) is Reason.OUTSIDE_HOURS
    assert quiet.allow(NOW, 60_000)
    assert not quiet.allow(NOW, 61_000)


def test_nothing_is_allowed_once_the_plan_has_run_out() -> None:
    short = rules(expires=NOW + HOUR)
    assert short.allow(NOW + HOUR - seconds(1), 1_000)
    assert not short.allow(NOW + HOUR, 1_000)
    assert short.forbids(an_item("a", NOW + HOUR)) is Reason.PLAN_EXPIRED
    assert short.forbids(an_item("a", NOW)) is None


def test_the_delay_is_the_clusters_own() -> None:
    assert rules(ClusterOrders("c1", delay_ms=120)).delay_us == 120_000
    assert rules(ClusterOrders("c2", delay_ms=120)).delay_us == 0


def test_a_relay_is_heard_where_it_is_meant_and_not_stopped() -> None:
    assert rules(relays=(RELAY,)).relays() == [RELAY]
    assert rules(relays=(replace(RELAY, clusters=("c2",)),)).relays() == []
    assert rules(relays=(RELAY,), stopped=("r1",)).relays() == []
    assert rules(relays=(RELAY,), expires=NOW).relays() == []
