"""Units merge and nobody climbs to a loudspeaker: each goes on by the code that it knows."""

import base64
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client

from tests.dispatch.radio import Device, cluster_in, device_on, on_air
from vang.alerts.areas import as_devices_know, clusters_of
from vang.dispatch.commands import audience_nodes, next_number
from vang.dispatch.copies import homes_in
from vang.dispatch.keys import pinned_keys
from vang.dispatch.models import PlanCopy, PlannedItem
from vang.dispatch.queries import newest_plan
from vang.dispatch.services import publish_plan
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.stations.queries import codes_known
from vang.stations.services import hand_over_cluster
from vang_protocol.acceptance import accept_plan
from vang_protocol.commands import Audience

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("manual", "data")]


@pytest.fixture
def device(xa_a: Unit, an: Person, binh: Person, tech: Person, now: datetime) -> Device:
    """In Quế Thuận, with a plan of its commune."""
    device = device_on(cluster_in(xa_a, tech, now), tech, now)
    publish_plan(xa_a, now=now)
    publish_plan(xa_a, now=now + timedelta(days=3))
    return device


@pytest.fixture
def merged(xa_a: Unit, xa_b: Unit, device: Device, tech: Person, now: datetime) -> Unit:
    """Quế Phong stands for what comes after; the cluster belongs there now."""
    hand_over_cluster(device.row.cluster, to=xa_b, villages=[], by=tech, now=now)
    return xa_b


def read(envelope: bytes) -> dict[str, object]:
    told: dict[str, object] = json.loads(base64.b64decode(json.loads(envelope)["payload"]))
    return told


def test_the_new_communes_plan_comes_under_the_old_code(
    device: Device, merged: Unit, xa_a: Unit, tech: Person, now: datetime
) -> None:
    known = newest_plan(xa_a)
    assert known is not None
    row = publish_plan(merged, now=now)
    answer = device.get("plan")
    assert answer.status_code == 200
    plan = accept_plan(
        answer.content,
        unit=device.answer["unit"],
        routine_keys=pinned_keys(xa_a),
        current=(known.version, known.sha256),
        now=now,
    ).plan
    assert (plan.unit, plan.version) == ("20662", row.version)
    assert row.version > known.version
    same = device.get("plan", **{"If-None-Match": answer["ETag"]})
    assert same.status_code == 304


def test_what_it_plays_now_belongs_to_the_new_commune(
    device: Device, merged: Unit, xa_a: Unit, chi: Person, tech: Person, now: datetime
) -> None:
    from tests.conftest import person

    approver = person("duc", "Lê Văn Đức", merged, "APPROVER")
    on_air(merged, chi, approver, now)
    publish_plan(merged, now=now)
    (item,) = PlannedItem.objects.all()
    assert (item.unit, item.clusters) == (merged, [device.row.cluster.code])
    assert read(device.get("plan").content)["unit"] == "20662"


def test_a_plan_that_still_holds_is_copied_for_who_comes_later(
    xa_a: Unit, xa_b: Unit, device: Device, chi: Person, tech: Person, now: datetime
) -> None:
    own = cluster_in(xa_b, chi, now, name="Cụm Phong 1")
    first = publish_plan(xa_b, now=now)
    hand_over_cluster(device.row.cluster, to=xa_b, villages=[], by=tech, now=now)
    second = publish_plan(xa_b, now=now)
    assert second.version > first.version
    assert [copy.home for copy in PlanCopy.objects.filter(plan=second)] == [xa_a]
    assert publish_plan(xa_b, now=now).pk == second.pk
    assert own.unit == xa_b


def test_orders_reach_it_under_the_code_that_it_knows(
    device: Device, merged: Unit, xa_a: Unit, chi: Person, now: datetime
) -> None:
    own = device_on(cluster_in(merged, chi, now, name="Cụm Phong 1"), chi, now)
    audience = as_devices_know(Audience((merged.code,), ()))
    assert audience.units == ("20662", "20683")
    assert {node.pk for node in audience_nodes(audience)} == {device.id, own.id}
    assert set(clusters_of(audience)) == {device.row.cluster, own.row.cluster}
    single = as_devices_know(Audience((), ((merged.code, device.row.cluster.code),)))
    assert single == Audience((), (("20662", device.row.cluster.code),))
    assert [node.pk for node in audience_nodes(single)] == [device.id]
    assert codes_known() == {merged.pk: frozenset({"20662"})}


def test_of_a_divided_commune_each_device_is_named(
    xa_a: Unit, xa_b: Unit, device: Device, tech: Person, chi: Person, now: datetime
) -> None:
    other = device_on(cluster_in(xa_a, tech, now, name="Cụm Thuận 2"), tech, now)
    third = Unit.objects.create(
        code="20680", valid_from=xa_a.valid_from, level="COMMUNE", kind="XA", name="Quế Châu"
    )
    hand_over_cluster(device.row.cluster, to=xa_b, villages=[], by=tech, now=now)
    hand_over_cluster(other.row.cluster, to=third, villages=[], by=tech, now=now)
    audience = as_devices_know(Audience((xa_b.code,), ()))
    assert audience == Audience((xa_b.code,), (("20662", device.row.cluster.code),))
    assert [node.pk for node in audience_nodes(audience)] == [device.id]


def test_numbers_of_a_code_go_on(xa_a: Unit, xa_b: Unit, now: datetime) -> None:
    assert [next_number(xa_a), next_number(xa_a)] == [(1, 1), (1, 2)]
    Unit.objects.filter(pk=xa_a.pk).update(valid_to=now.date())
    again = Unit.objects.create(
        code=xa_a.code, valid_from=now.date(), level="COMMUNE", kind="XA", name="Quế Sơn Trung"
    )
    assert next_number(again) == (1, 3)
    assert next_number(xa_b) == (1, 1)


def test_a_new_device_knows_the_new_commune(
    device: Device, merged: Unit, chi: Person, data: Path, client: Client, now: datetime
) -> None:
    publish_plan(merged, now=now)
    newer = device_on(device.row.cluster, chi, now)
    assert newer.answer["unit"] == merged.code
    assert not homes_in(merged)
    publish_plan(merged, now=now)
    assert read(newer.get("plan").content)["unit"] == merged.code
