"""Publishing the signed week."""

import json
import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest
from django.db import connection

from tests.bulletins.newsroom import released
from tests.dispatch.radio import cluster_in, on_air, plan_of
from vang.airtime.models import SlotPolicy, StoppedOccurrence
from vang.base.refusals import Refusal
from vang.dispatch.keys import key_path, pinned_keys, routine_key
from vang.dispatch.models import PlannedItem, PlanVersion, RoutineKey
from vang.dispatch.queries import orders
from vang.dispatch.services import publish_after_change, publish_plan, renew_plans_due
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.stations.services import change_cluster
from vang_protocol.acceptance import accept_plan
from vang_protocol.envelopes import SigningKey
from vang_protocol.reasons import Reason, Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data", "manual")]


def accepted(plan: PlanVersion, now: datetime, keys: tuple = ()) -> object:
    return accept_plan(
        bytes(plan.envelope),
        unit=plan.unit.code,
        routine_keys=keys or pinned_keys(plan.unit),
        current=None,
        now=now,
    )


def test_a_plan_covers_a_week_and_is_what_nodes_accept(
    xa_a: Unit, an: Person, binh: Person, tech: Person, now: datetime
) -> None:
    cluster = cluster_in(xa_a, tech, now)
    placed = on_air(xa_a, an, binh, now)
    plan = publish_plan(xa_a, now=now)
    read = accepted(plan, now)
    assert read.refused_items == {}
    assert plan.expires_at - now >= timedelta(days=7)
    (item,) = read.plan.items
    assert (item.id, item.clusters) == (f"o{placed.pk}", (cluster.code,))
    assert item.audio.sha256 == placed.edition.audio_sha256
    assert read.plan.hours == (("05:00", "06:30"), ("10:30", "12:00"), ("16:30", "20:30"))
    row = PlannedItem.objects.get()
    assert (row.placement, row.start, row.clusters) == (placed, item.start, [cluster.code])


def test_one_flipped_bit_makes_it_worthless(xa_a: Unit, tech: Person, now: datetime) -> None:
    cluster_in(xa_a, tech, now)
    plan = publish_plan(xa_a, now=now)
    envelope = bytearray(plan.envelope)
    envelope[len(envelope) // 2] ^= 1
    plan.envelope = bytes(envelope)
    with pytest.raises(Refused):
        accepted(plan, now)
    assert accepted(plan_of(xa_a), now)


def test_another_communes_key_signs_nothing_here(xa_a: Unit, xa_b: Unit, now: datetime) -> None:
    plan = publish_plan(xa_a, now=now)
    publish_plan(xa_b, now=now)
    with pytest.raises(Refused) as refused:
        accepted(plan, now, pinned_keys(xa_b))
    assert refused.value.reason is Reason.UNKNOWN_KEY


def test_nothing_new_makes_no_new_version(
    xa_a: Unit, an: Person, binh: Person, tech: Person, now: datetime
) -> None:
    cluster_in(xa_a, tech, now)
    on_air(xa_a, an, binh, now)
    first = publish_plan(xa_a, now=now)
    # The item is over by then, and still nothing new is ordered.
    same = publish_plan(xa_a, now=now + timedelta(days=1, hours=23))
    assert (same.pk, same.version) == (first.pk, 1)
    later = publish_plan(xa_a, now=now + timedelta(days=2, minutes=1))
    assert later.version == 2
    assert later.expires_at - now >= timedelta(days=9)


def test_a_change_makes_a_version_and_keeps_the_ids(
    xa_a: Unit, an: Person, binh: Person, tech: Person, now: datetime
) -> None:
    cluster = cluster_in(xa_a, tech, now)
    on_air(xa_a, an, binh, now)
    first = publish_plan(xa_a, now=now)
    change_cluster(
        cluster,
        name="Cụm Thuận 1",
        place="Nhà văn hóa",
        villages=cluster.villages.all(),
        volume_ceiling_db=-6,
        active=True,
        by=tech,
        now=now,
    )
    quieter = publish_plan(xa_a, now=now)  # how loud a cluster may be travels with the plan
    assert quieter.version == 2
    assert orders(quieter).items == orders(first).items
    on_air(xa_a, an, binh, now, now + timedelta(hours=6))
    second = publish_plan(xa_a, now=now + timedelta(minutes=1))
    assert second.version == 3
    before = [item.id for item in orders(first).items]
    assert [item.id for item in orders(second).items][: len(before)] == before


def test_what_is_stopped_is_named_and_gone(
    xa_a: Unit, an: Person, binh: Person, tech: Person, now: datetime
) -> None:
    cluster_in(xa_a, tech, now)
    placed = on_air(xa_a, an, binh, now)
    publish_plan(xa_a, now=now)
    item = f"o{placed.pk}"
    StoppedOccurrence.objects.create(
        unit=xa_a, item=item, start=placed.start, stopped_at=now, stopped_by=binh
    )
    plan = orders(publish_plan(xa_a, now=now))
    assert (plan.version, plan.items, plan.stopped) == (2, (), (item,))
    assert PlannedItem.objects.get().withdrawn_at == now


def test_the_item_that_sounds_stays_in_the_plan(
    xa_a: Unit, an: Person, binh: Person, tech: Person, now: datetime
) -> None:
    cluster_in(xa_a, tech, now)
    placed = on_air(xa_a, an, binh, now)
    sounding = placed.start + timedelta(seconds=2)
    on_air(xa_a, an, binh, now, placed.start + timedelta(hours=1))
    ids = {item.id for item in orders(publish_plan(xa_a, now=sounding)).items}
    assert f"o{placed.pk}" in ids
    assert not PlannedItem.objects.filter(withdrawn_at__isnull=False).exists()


def test_a_plan_that_nodes_would_refuse_is_not_published(
    xa_a: Unit, xa_b: Unit, tech: Person, now: datetime
) -> None:
    cluster_in(xa_a, tech, now)
    assert publish_plan(xa_a, now=now).version == 1
    Unit.objects.filter(pk=xa_b.pk).update(code="không hợp lệ")
    with pytest.raises(Refusal) as refusal:
        publish_plan(xa_b, now=now)
    assert refusal.value.code == "plan-bad-fields"
    assert list(PlanVersion.objects.values_list("unit", flat=True)) == [xa_a.pk]
    Unit.objects.filter(pk=xa_b.pk).update(code="20683")
    assert publish_plan(xa_b, now=now).version == 1


def test_the_key_is_made_once_and_is_the_servers_alone(
    xa_a: Unit, xa_b: Unit, now: datetime
) -> None:
    key = routine_key(xa_a, now=now)
    assert routine_key(xa_a, now=now).public == key.public
    assert routine_key(xa_b, now=now).public != key.public
    assert key_path(xa_a).stat().st_mode & 0o777 == 0o600
    assert RoutineKey.objects.filter(unit=xa_a).count() == 1


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_key_that_others_could_read_signs_nothing(mode: int, xa_a: Unit, now: datetime) -> None:
    publish_plan(xa_a, now=now)
    key_path(xa_a).chmod(mode)
    with pytest.raises(Refusal) as refusal:
        routine_key(xa_a, now=now)
    assert refusal.value.code == "key-exposed"
    key_path(xa_a).chmod(0o600)
    assert routine_key(xa_a, now=now)


def test_a_lost_damaged_or_foreign_key_is_told_apart(xa_a: Unit, xa_b: Unit, now: datetime) -> None:
    routine_key(xa_a, now=now)
    path = key_path(xa_a)
    good = path.read_bytes()

    def code() -> str:
        with pytest.raises(Refusal) as refusal:
            routine_key(xa_a, now=now)
        return refusal.value.code

    path.write_bytes(b"-----BEGIN")
    damaged = code()
    path.write_bytes(SigningKey.generate().to_pem())
    unknown = code()
    path.unlink()
    missing = code()
    assert (damaged, unknown, missing) == ("key-damaged", "key-unknown", "key-missing")
    path.write_bytes(good)
    path.chmod(0o600)
    assert routine_key(xa_a, now=now)


def test_a_failed_publication_is_tried_again_by_the_next_tick(
    xa_a: Unit, an: Person, binh: Person, tech: Person, now: datetime
) -> None:
    cluster_in(xa_a, tech, now)
    publish_plan(xa_a, now=now)
    on_air(xa_a, an, binh, now)
    key_path(xa_a).chmod(0o644)
    assert publish_after_change(xa_a.pk, now=now) is None
    key_path(xa_a).chmod(0o600)
    assert renew_plans_due(now=now + timedelta(seconds=30)) == 1
    assert len(orders(plan_of(xa_a)).items) == 1
    assert renew_plans_due(now=now + timedelta(seconds=60)) == 0


def test_renewal_looks_after_communes_with_clusters_only(
    xa_a: Unit, xa_b: Unit, tech: Person, now: datetime
) -> None:
    cluster_in(xa_a, tech, now)
    assert renew_plans_due(now=now) == 1
    assert renew_plans_due(now=now) == 0
    assert renew_plans_due(now=now + timedelta(days=2, minutes=1)) == 1
    assert set(PlanVersion.objects.values_list("unit__code", flat=True)) == {"20662"}


def test_hours_that_no_longer_allow_an_item_leave_the_rest_standing(
    xa_a: Unit, an: Person, binh: Person, tech: Person, now: datetime
) -> None:
    cluster_in(xa_a, tech, now)
    on_air(xa_a, an, binh, now)
    SlotPolicy.objects.create(unit=xa_a, hours=[["05:00", "06:00"]], changed_at=now)
    plan = publish_plan(xa_a, now=now)
    assert accepted(plan, now).plan.items == ()


@pytest.mark.django_db(transaction=True)
def test_the_same_publication_at_once_makes_one_version(
    xa_a: Unit, an: Person, binh: Person, tech: Person, now: datetime
) -> None:
    cluster_in(xa_a, tech, now)
    on_air(xa_a, an, binh, now)
    start = Barrier(4)

    def publish(_index: int) -> int:
        try:
            start.wait(timeout=30)
            return publish_plan(xa_a, now=now).version
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        versions = list(pool.map(publish, range(4)))
    # One for the new cluster, one for what was placed, and no more.
    assert versions == [2, 2, 2, 2]
    assert PlanVersion.objects.count() == 2
    assert RoutineKey.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_changes_published_at_once_rise_strictly(
    xa_a: Unit, an: Person, binh: Person, tech: Person, now: datetime
) -> None:
    cluster_in(xa_a, tech, now)
    edition = released(xa_a, an, binh, now)
    start = Barrier(4)

    def change(index: int) -> None:
        try:
            start.wait(timeout=30)
            StoppedOccurrence.objects.create(
                unit=xa_a,
                item=f"o9{index}",
                start=now + timedelta(hours=index),
                stopped_at=now,
                stopped_by=binh,
            )
            publish_plan(xa_a, now=now)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(change, range(4)))
    versions = list(PlanVersion.objects.order_by("version").values_list("version", flat=True))
    assert versions == list(range(1, len(versions) + 1))
    assert set(orders(plan_of(xa_a)).stopped) == {"o90", "o91", "o92", "o93"}
    assert edition.unit == xa_a


@pytest.mark.django_db(transaction=True)
def test_a_link_that_is_down_does_not_hold_up_a_plan(
    xa_a: Unit, tech: Person, now: datetime, settings: object, caplog: object
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    settings.ENVIRONMENT = replace(  # type: ignore[attr-defined]
        settings.ENVIRONMENT,  # type: ignore[attr-defined]
        link_internal_url=f"http://127.0.0.1:{port}",
    )
    cluster_in(xa_a, tech, now)
    assert plan_of(xa_a).version == 1  # by the change of clusters, on commit
    assert "not delivered" in caplog.text  # type: ignore[attr-defined]


def test_the_envelope_is_stored_byte_for_byte(xa_a: Unit, now: datetime) -> None:
    plan = publish_plan(xa_a, now=now)
    envelope = bytes(PlanVersion.objects.get().envelope)
    assert json.loads(envelope)["payloadType"] == "application/vnd.vang.plan.v1+json"
    assert envelope == bytes(plan.envelope)


def test_the_key_folder_is_closed_to_others(xa_a: Unit, now: datetime, data: Path) -> None:
    routine_key(xa_a, now=now)
    assert (data / "keys").stat().st_mode & 0o077 == 0
