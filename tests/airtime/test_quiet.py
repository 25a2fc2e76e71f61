"""Ready rules, quiet zones and loudness: what they change, and what they keep off."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from tests.airtime.factories import placed, three_clusters
from tests.airtime.wanting import DAY, at
from vang.airtime import services
from vang.airtime.models import QuietZone, SlotPolicy
from vang.airtime.policies import DEFAULT_POLICY
from vang.airtime.queries import day_timeline, policy_of
from vang.airtime.quiet import NEVER, allowed_hours, is_quiet
from vang.airtime.ready_sets import READY_SETS
from vang.base.clock import ManualClock, SystemClock, use_clock
from vang.base.refusals import Refusal
from vang.dispatch.queries import orders
from vang.dispatch.services import publish_plan
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.stations.models import Cluster
from vang_protocol.volumes import ClusterOrders

BUDGET = 16
CLOCKS = st.integers(0, 95).map(lambda n: f"{n // 4:02}:{n % 4 * 15:02}")
PAIRS = st.lists(st.tuples(CLOCKS, CLOCKS).filter(lambda p: p[0] < p[1]), max_size=4)


@pytest.fixture(autouse=True)
def _noon(settings: object, tmp_path: Path) -> Iterator[None]:
    settings.DATA = tmp_path  # type: ignore[attr-defined]
    use_clock(ManualClock(at("12:00")))
    yield
    use_clock(SystemClock())


@given(PAIRS, PAIRS, CLOCKS)
def test_what_is_left_is_allowed_and_not_quiet(
    hours: list[tuple[str, str]], quiet: list[tuple[str, str]], clock: str
) -> None:
    left = allowed_hours(tuple(hours), tuple(quiet))
    inside = any(a <= clock < b for a, b in hours) and not any(a <= clock < b for a, b in quiet)
    if left == NEVER:
        assert not inside
    else:
        assert any(a <= clock < b for a, b in left) == inside


def test_touching_the_quiet_hours_is_enough() -> None:
    quiet = (("11:30", "13:30"),)
    zone = DEFAULT_POLICY.zone
    assert not is_quiet(quiet, at("11:25"), at("11:30"), zone)
    assert is_quiet(quiet, at("11:25"), at("11:30:01"), zone)
    assert not is_quiet(quiet, at("13:30"), at("13:35"), zone)


def test_ready_rules_fill_in_their_maxima_and_know_what_exceeds_them() -> None:
    ward = READY_SETS["ha-noi-phuong"]
    kept = ward.applied(DEFAULT_POLICY)
    assert (kept.longest_session_s, kept.sessions_a_day, kept.weekend) == (900, 2, False)
    assert kept.hours == DEFAULT_POLICY.hours
    assert ward.exceeded_by(kept) == []
    assert len(ward.exceeded_by(DEFAULT_POLICY)) == 3
    assert READY_SETS["vinh-phuc"].exceeded_by(DEFAULT_POLICY) == []


@pytest.fixture
def clusters(xa_a: Unit) -> list[Cluster]:
    return three_clusters(xa_a)


def zone(cluster: Cluster, by: Person, *quiet: tuple[str, str], **given: object) -> QuietZone:
    told = {"volume": (), "because": "cạnh trường học", "now": at("12:00"), **given}
    return services.change_quiet_zone(cluster=cluster, quiet=quiet, by=by, **told)  # type: ignore[arg-type]


def test_a_quiet_cluster_is_left_out_and_the_node_is_told(
    clusters: list[Cluster], xa_a: Unit, binh: Person
) -> None:
    placed(xa_a, binh, at("17:00"))
    zone(clusters[0], binh, ("17:00", "17:30"), volume=(("18:00", "19:00", -6),))
    (item,) = day_timeline(xa_a, DAY).items
    assert item.quiet == (clusters[0].code,)
    assert item.clusters == tuple(sorted(one.code for one in clusters[1:]))
    plan = orders(publish_plan(xa_a, now=at("12:00")))
    assert plan.items[0].clusters == item.clusters
    assert plan.orders == (
        ClusterOrders(
            clusters[0].code,
            hours=(("05:00", "06:30"), ("10:30", "12:00"), ("16:30", "17:00"), ("17:30", "20:30")),
            volume=(("18:00", "19:00", -6),),
        ),
    )
    again = publish_plan(xa_a, now=at("12:01"))
    assert orders(again).version == plan.version
    services.change_quiet_zone(
        cluster=clusters[0], quiet=(), volume=(), because="", by=binh, now=at("12:02")
    )
    assert orders(publish_plan(xa_a, now=at("12:02"))).orders == ()


def test_loudness_of_the_commune_and_of_a_cluster_reach_the_plan(
    clusters: list[Cluster], xa_a: Unit, binh: Person
) -> None:
    Cluster.objects.filter(pk=clusters[1].pk).update(volume_ceiling_db=-3)
    policy = policy_of(xa_a)
    services.change_slot_policy(
        unit=xa_a,
        hours=policy.hours,
        longest_session_s=policy.longest_session_s,
        sessions_a_day=policy.sessions_a_day,
        weekend=policy.weekend,
        volume=(("05:00", "06:00", -10),),
        by=binh,
        now=at("12:00"),
    )
    plan = orders(publish_plan(xa_a, now=at("12:00")))
    early = (("05:00", "06:00", -10),)
    assert [(one.ceiling_db, one.volume) for one in plan.orders] == [
        (0, early),
        (-3, early),
        (0, early),
    ]


def test_the_delay_of_a_cluster_reaches_the_plan_and_none_leaves_it_as_it_was(
    clusters: list[Cluster], xa_a: Unit
) -> None:
    before = orders(publish_plan(xa_a, now=at("12:00")))
    assert before.orders == ()
    Cluster.objects.filter(pk=clusters[1].pk).update(delay_ms=120)
    plan = orders(publish_plan(xa_a, now=at("12:01")))
    assert plan.orders == (ClusterOrders(clusters[1].code, delay_ms=120),)
    assert plan.version == before.version + 1


def test_what_every_cluster_keeps_off_is_told_with_the_next_free_time(
    clusters: list[Cluster], xa_a: Unit, binh: Person
) -> None:
    placed(xa_a, binh, at("17:00"), audience=[f"{xa_a.code}.01"])
    zone(clusters[0], binh, ("16:45", "17:45"))
    day = day_timeline(xa_a, DAY, at("12:00"))
    assert day.items == ()
    (lost,) = day.unplaced
    assert lost.reason.value == "quiet-zone"
    assert lost.next_free == at("17:45")


@pytest.mark.parametrize(
    ("quiet", "because", "code"),
    [
        ((("04:00", "24:00"),), "chùa", "always-quiet"),
        ((("17:00", "18:00"),), " ", "say-why"),
        ((("18:00", "17:00"),), "chùa", "crosses-midnight"),
    ],
)
def test_a_quiet_zone_that_cannot_be_is_refused(
    clusters: list[Cluster], binh: Person, quiet: tuple, because: str, code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        zone(clusters[0], binh, *quiet, because=because)
    assert refused.value.code == code
    assert not QuietZone.objects.exists()


def test_going_beyond_a_rule_needs_its_ground(xa_a: Unit, binh: Person) -> None:
    def change(note: str) -> SlotPolicy:
        return services.change_slot_policy(
            unit=xa_a,
            hours=DEFAULT_POLICY.hours,
            longest_session_s=1800,
            sessions_a_day=2,
            weekend=False,
            based_on="ha-noi-phuong",
            note=note,
            by=binh,
            now=at("12:00"),
        )

    with pytest.raises(Refusal) as refused:
        change("")
    assert refused.value.code == "say-why"
    assert change("Công văn 12/UBND").note == "Công văn 12/UBND"


def test_the_pages_show_before_they_change(
    clusters: list[Cluster],
    xa_a: Unit,
    an: Person,
    binh: Person,
    chi: Person,
    client: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    placed(xa_a, binh, at("17:00", DAY + timedelta(days=3)), title="Họp thôn")  # a Saturday
    policy, one = reverse("airtime:policy"), reverse("airtime:quiet-zone", args=[clusters[0].pk])
    client.force_login(binh)
    with django_assert_max_num_queries(BUDGET):
        filled = client.get(policy, {"set": "ha-noi-phuong"}).content.decode()
    assert "Đã điền, chưa lưu" in filled
    typed = {
        "based_on": "ha-noi-phuong",
        "hours": "16:30-18:00",
        "longest_session_min": 20,
        "sessions_a_day": 2,
        "volume": "16:30-17:00 -6",
    }
    shown = client.post(policy, typed).content.decode()
    assert "“Họp thôn” lúc 17:00" in shown
    assert "Vượt quy định đã chọn" in shown
    assert not SlotPolicy.objects.exists()
    wrong = client.post(policy, {**typed, "volume": "16:30-17:00 to"}).content.decode()
    assert "Hãy ghi khung giờ và mức giảm" in wrong
    quiet = {"quiet": "17:00-17:30", "because": "trạm y tế"}
    asked = client.post(one, quiet).content.decode()
    assert "“Họp thôn” lúc 17:00" in asked
    assert not QuietZone.objects.exists()
    client.post(one, {**quiet, "confirm": "1"})
    assert QuietZone.objects.get().quiet == [["17:00", "17:30"]]
    assert "trạm y tế" in client.get(policy).content.decode()
    client.force_login(an)
    assert client.get(one).status_code == 403
    client.force_login(chi)
    assert client.get(one).status_code == 404
    client.logout()
    assert client.get(one).status_code == 302
