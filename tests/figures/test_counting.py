"""The sums of a day: what counts as heard, silent, unknown; and that they are always exact."""

import random
from collections import Counter
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.airtime.test_programme_parts import sound
from tests.conftest import person
from tests.dispatch.radio import cluster_in, device_on, plan_of
from tests.figures.conftest import TODAY, Air
from tests.pool.sharing import aired, offered, office, taken
from vang.airtime.services import add_sound_part, create_programme
from vang.base.clock import VIETNAM, local_date
from vang.bulletins import services as bulletins
from vang.bulletins.models import Delivery
from vang.dispatch.queries import orders
from vang.dispatch.services import publish_plan
from vang.evidence.models import AsRun
from vang.figures.counting import Fate, by_channel, fate_of
from vang.figures.models import AirDay, ChannelDay, ClusterDay, Mark, OrderDay
from vang.figures.services import rebuild, recount_day, recount_due
from vang.orgs.models import Unit
from vang.people.models import Person

pytestmark = pytest.mark.django_db
YESTERDAY = TODAY - timedelta(days=1)


@pytest.mark.parametrize(
    ("state", "reason", "played_ms", "fate"),
    [
        ("DONE", "", 60_000, Fate.HEARD),
        ("PARTIAL", "pre-empted", 20_000, Fate.HEARD),
        ("STOPPED", "stopped", 20_000, Fate.HEARD),
        ("DONE", "silence", 60_000, Fate.SILENT),
        ("PARTIAL", "wrong-audio", 20_000, Fate.SILENT),
        ("MISSED", "no-node", 0, Fate.SILENT),
        ("UNKNOWN", "no-word", 0, Fate.UNKNOWN),
        ("PLANNED", "", 0, Fate.OPEN),
        ("PLAYING", "", 0, Fate.OPEN),
    ],
)
def test_only_evidence_makes_a_play_heard_or_silent(
    state: str, reason: str, played_ms: int, fate: Fate
) -> None:
    assert fate_of(state, reason, played_ms) == fate


def test_a_broadcast_counts_once_however_many_clusters_played_it(air: Air) -> None:
    air.heard(cluster=0, ms=60_000)
    air.heard(cluster=1, ms=30_000, late_s=-30)
    air.play(at=time(17), state="UNKNOWN", reason="no-word")
    air.counted()
    day = AirDay.objects.get(unit=air.unit, day=TODAY)
    assert (day.heard, day.unknown, day.silent, day.sounded_ms) == (1, 1, 0, 60_000)
    assert (day.plays_heard, day.plays_unknown, day.prompt, day.soon) == (2, 1, 1, 1)
    assert not day.relayed
    first = ClusterDay.objects.get(cluster=air.clusters[0], day=TODAY)
    assert (first.heard, first.unknown, first.sounded_ms) == (1, 1, 60_000)


def test_what_was_taken_over_unchanged_counts_as_relayed(
    air: Air, district: Unit, an: Person, binh: Person
) -> None:
    station = office(district)
    ha = person("ha", "Cao Thị Hà", station, "WRITER")
    lam = person("lam", "Đặng Văn Lâm", station, "APPROVER")
    taking = taken(offered(station, ha, lam, air.now), air.unit, an, air.now)
    air.edition = aired(taking.bulletin, binh, air.now)
    air.heard()
    air.counted()
    assert AirDay.objects.get(unit=air.unit, day=TODAY).relayed


def test_the_days_of_a_sound_of_the_station_are_counted_too(
    xa_a: Unit, an: Person, binh: Person, tech: Person, now: datetime, settings: Any, tmp_path: Path
) -> None:
    settings.DATA = tmp_path
    cluster = cluster_in(xa_a, tech, now)
    programme = create_programme(
        unit=xa_a, name="Chiều", starts_at=time(17), weekdays="1111111",
        valid_from=TODAY, valid_to=TODAY, by=binh, now=now,
    )  # fmt: skip
    relay = sound(xa_a, an, binh, now, "Thời sự tỉnh", "RELAY", 60_000, "Đài tỉnh")
    add_sound_part(programme=programme, sound=relay, before=True, by=binh, now=now)
    device = device_on(cluster, tech, now)
    publish_plan(xa_a, now=now)
    recount_due(now=now)
    waiting = AirDay.objects.get(unit=xa_a)
    assert (waiting.category, waiting.relayed, waiting.plays_open) == ("RELAY", True, 1)
    (item,) = orders(plan_of(xa_a)).items
    device.play(item, plan=plan_of(xa_a).version)
    device.upload()
    recount_due(now=now)
    heard = AirDay.objects.get(unit=xa_a)
    assert (heard.plays_open, heard.plays_heard) == (0, 1)
    assert heard.sounded_ms > 58_000


def test_what_was_withdrawn_before_it_began_is_not_counted(air: Air) -> None:
    air.play(state="WITHDRAWN")
    air.counted()
    assert not AirDay.objects.exists()


def test_an_order_now_is_timed_from_the_order_to_the_first_sound(air: Air) -> None:
    ordered = air.now - timedelta(minutes=3)
    air.heard(kind="NOW", at=time(11, 58), placed_at=ordered)
    air.heard(kind="NOW", at=time(11, 58), placed_at=ordered, cluster=1, late_s=9)
    air.play(kind="NOW", at=time(11, 50), placed_at=ordered, state="UNKNOWN")
    air.heard(at=time(11))  # had its time
    air.counted()
    (row,) = OrderDay.objects.filter(unit=air.unit)
    assert (row.priority, row.minute, row.unknown, row.five) == ("NORMAL", 1, 1, 0)


def test_days_to_come_wait_until_they_have_come(air: Air) -> None:
    tomorrow, later = TODAY + timedelta(days=1), TODAY + timedelta(days=3)
    air.play(day=tomorrow)
    air.play(day=later)
    air.told()
    air.counted()
    assert not AirDay.objects.exists()
    assert Mark.objects.filter(day=later).count() == 1
    air.now += timedelta(days=1)
    air.counted()
    assert AirDay.objects.get(unit=air.unit).plays_open == 1


def test_a_release_and_its_deliveries_are_counted_by_channel(air: Air) -> None:
    air.counted()
    (row,) = ChannelDay.objects.filter(unit=air.unit, channel="portal")
    assert (row.day, row.waiting, row.delivered) == (YESTERDAY, 1, 0)
    bulletins.withdraw_bulletin(
        bulletin=air.edition.bulletin, reason="Nhầm ngày.", by=air.edition.approved_by, now=air.now
    )
    assert Mark.objects.filter(day=YESTERDAY).exists()


def test_channels_tell_what_went_out_what_failed_and_what_waits() -> None:
    states = Delivery.State
    told = by_channel(
        [
            ("portal", states.DONE, True),
            ("portal", states.FAILED, False),
            ("portal", states.QUEUED, False),
            ("portal", states.DROPPED, False),
            ("feed", states.FAILED, True),
        ]
    )
    assert told["portal"] == {"delivered": 1, "failed": 1, "waiting": 1}
    assert told["feed"] == {"delivered": 1, "failed": 0, "waiting": 0}


def test_sums_that_do_not_add_up_are_refused(air: Air) -> None:
    air.heard()
    air.counted()
    with pytest.raises(IntegrityError), transaction.atomic():
        AirDay.objects.update(prompt=7)


def test_a_mark_that_comes_while_a_day_is_counted_stays(air: Air) -> None:
    air.heard()
    recount_day(air.unit.pk, TODAY)
    mine = Mark.objects.filter(unit=air.unit, day=TODAY)
    assert not mine.exists()
    assert Mark.objects.filter(unit=air.unit.parent, day=TODAY).exists()  # its sum is due now
    air.told()
    assert mine.exists()


def test_a_district_sums_its_communes_also_those_that_were_merged(
    air: Air, xa_b: Unit, now: datetime
) -> None:
    air.heard()
    air.counted()
    row = AirDay.objects.get(unit=air.unit, day=TODAY)
    row.pk, row.unit = None, xa_b
    row.save()
    OrderDay.objects.create(
        unit=xa_b, day=TODAY, priority="NORMAL", minute=1, five=0, quarter=0, later=2, silent=0,
        unknown=0,
    )  # fmt: skip
    assert air.unit.parent is not None
    Unit.objects.filter(pk=xa_b.pk).update(valid_to=TODAY)
    Mark.objects.create(unit=air.unit.parent, day=TODAY)
    air.counted()
    both = AirDay.objects.get(unit=air.unit.parent, day=TODAY)
    assert both.sounded_ms == 2 * row.sounded_ms
    assert (both.heard, both.plays_heard, both.prompt) == (2, 2, 2)
    orders = OrderDay.objects.get(unit=air.unit.parent)
    assert (orders.priority, orders.minute, orders.later) == ("NORMAL", 1, 2)
    air.told()
    air.counted()
    assert AirDay.objects.get(unit=air.unit.parent, day=TODAY).heard == 2


# ---- the sums against a plain recount of the whole log

STATES = ["PLANNED", "PLAYING", "DONE", "STOPPED", "PARTIAL", "MISSED", "UNKNOWN", "WITHDRAWN"]
REASONS = ["", "silence", "wrong-audio", "no-word", "pre-empted"]


def plainly() -> tuple[Counter[Any], Counter[Any]]:
    """(by unit, day, category; by cluster, day) counted row by row, in the plainest way."""
    kinds: Counter[Any] = Counter()
    clusters: Counter[Any] = Counter()
    longest: dict[Any, int] = {}
    for row in (
        AsRun.objects.exclude(state="WITHDRAWN").select_related("planned__edition").order_by("pk")
    ):
        day = local_date(row.planned_start)
        bad = row.reason in {"silence", "wrong-audio"}
        if row.state == "DONE":
            fate = "silent" if row.reason else "heard"
        elif row.state in {"PARTIAL", "STOPPED"}:
            fate = "heard" if row.played_ms and not bad else "silent"
        else:
            words = {"PLANNED": "open", "PLAYING": "open", "UNKNOWN": "unknown"}
            fate = words.get(row.state, "silent")
        key = (day, row.planned.edition.category)
        kinds[*key, fate] += 1
        clusters[row.cluster_id, day, fate] += 1
        if fate == "heard":
            one = (*key, row.planned.placement_id, row.planned_start)
            longest[one] = max(longest.get(one, 0), row.played_ms)
            clusters[row.cluster_id, day, "ms"] += row.played_ms
    for (day, category, _placement, _start), ms in longest.items():
        kinds[day, category, "ms"] += ms
        kinds[day, category, "broadcasts"] += 1
    return +kinds, +clusters


def kept(unit: Unit) -> tuple[Counter[Any], Counter[Any]]:
    kinds: Counter[Any] = Counter()
    clusters: Counter[Any] = Counter()
    for day in AirDay.objects.filter(unit=unit):
        for fate in ("heard", "silent", "unknown", "open"):
            kinds[day.day, day.category, fate] += getattr(day, f"plays_{fate}")
        kinds[day.day, day.category, "ms"] += day.sounded_ms
        kinds[day.day, day.category, "broadcasts"] += day.heard
    for row in ClusterDay.objects.all():
        for fate in ("heard", "silent", "unknown", "open"):
            clusters[row.cluster_id, row.day, fate] += getattr(row, fate)
        clusters[row.cluster_id, row.day, "ms"] += row.sounded_ms
    return +kinds, +clusters


def some_row(air: Air, chance: random.Random) -> None:
    """Another row, or another fate or day for one that is there."""
    told = {
        "state": chance.choice(STATES),
        "reason": chance.choice(REASONS),
        "played_ms": chance.choice([0, 20_000, 60_000]),
        "error_us": chance.choice([None, 400, 5_000_000, -90_000_000]),
    }
    day = TODAY - timedelta(days=chance.randrange(3))
    at = chance.choice([time(0, 10), time(5), time(23, 50)])
    rows = list(AsRun.objects.order_by("pk"))
    if rows and chance.random() < 0.5:
        AsRun.objects.filter(pk=chance.choice(rows).pk).update(**told)
        air.told()
        return
    cluster = chance.randrange(2)
    there = AsRun.objects.filter(cluster=air.clusters[cluster])
    if not any(_same(row, day, at) for row in there):
        air.play(day=day, at=at, cluster=cluster, **told)


def _same(row: AsRun, day: date, at: time) -> bool:
    local = row.planned_start.astimezone(VIETNAM)
    return (local.date(), local.time()) == (day, at)


def _under_a_province(commune: Unit) -> list[Unit]:
    """The commune's district and a province over it: with one commune their sums are its own."""
    province = Unit.objects.create(
        code="49", valid_from=date(2017, 1, 1), level="PROVINCE", kind="TINH", name="Quảng Nam"
    )
    Unit.objects.filter(pk=commune.parent_id).update(parent=province)
    return [Unit.objects.get(pk=commune.parent_id), province]


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 2**32))
def test_the_kept_sums_are_those_of_a_plain_recount(air: Air, seed: int) -> None:
    chance = random.Random(seed)
    with transaction.atomic():
        above = _under_a_province(air.unit)
        for _number in range(12):
            some_row(air, chance)
            if chance.random() < 0.3:
                air.counted()
        while air.counted():
            pass
        for unit in (air.unit, *above):
            assert kept(unit) == plainly()
        AirDay.objects.all().delete()
        ClusterDay.objects.update(heard=99)
        rebuild(now=air.now)
        for unit in (air.unit, *above):
            assert kept(unit) == plainly()
        transaction.set_rollback(True)
