"""A changed cluster or a replaced device: what will differ is shown, and waits for somebody."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.bulletins.newsroom import released
from tests.dispatch.radio import cluster_in, device_on, node_state, place
from vang.base.refusals import Refusal
from vang.journal.models import Entry
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.stations.after_maintenance import check_of, confirm_device, unconfirmed
from vang.stations.contacts import Report, record_states
from vang.stations.models import Cluster, Node
from vang.stations.rows import row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("manual")]


@pytest.fixture
def cluster(xa_a: Unit, an: Person, binh: Person, tech: Person, now: datetime) -> Cluster:
    """With a notice of Bình's tomorrow at 17:00."""
    made = cluster_in(xa_a, tech, now)
    place(released(xa_a, an, binh, now), binh, now, now + timedelta(days=1, hours=5))
    return made


def form(cluster: Cluster, **changed: object) -> dict[str, object]:
    villages = [village.pk for village in cluster.villages.all()]
    plain = {"name": cluster.name, "place": "", "language": "vi", "volume_ceiling_db": 0}
    return {**plain, "villages": villages, "active": "on", **changed}


def test_a_change_that_silences_something_waits_for_confirmation(
    cluster: Cluster, tech: Person, client: Client
) -> None:
    client.force_login(tech)
    address = reverse("stations:change", args=[cluster.pk])
    asked = client.post(address, form(cluster, active=""))
    text = asked.content.decode()
    assert "“Lịch cắt điện” lúc 17:00 11/06/2026 sẽ không còn phát." in text
    cluster.refresh_from_db()
    assert cluster.active
    assert not Entry.objects.filter(action="cluster.changed").exists()
    client.post(address, form(cluster, active="", confirm="1"))
    cluster.refresh_from_db()
    assert not cluster.active


def test_a_change_that_nobody_hears_is_made_at_once(
    cluster: Cluster, tech: Person, client: Client
) -> None:
    client.force_login(tech)
    address = reverse("stations:change", args=[cluster.pk])
    assert client.post(address, form(cluster, name="Cụm nhà văn hóa")).status_code == 302
    cluster.refresh_from_db()
    assert cluster.name == "Cụm nhà văn hóa"
    refused = client.post(address, form(cluster, name=" "))
    assert refused.status_code == 200


def replaced(cluster: Cluster, by: Person, now: datetime) -> Node:
    device_on(cluster, by, now)
    Node.objects.update(software="vang-node 0.0", state={"volume_db": -6})
    return device_on(cluster, by, now + timedelta(minutes=1)).row


def test_the_first_device_of_a_place_replaces_none(
    cluster: Cluster, tech: Person, now: datetime
) -> None:
    device_on(cluster, tech, now)
    assert check_of(row(cluster, now=now), now) is None
    assert list(unconfirmed(cluster.unit)) == []


def test_what_a_replaced_device_changes_is_told_until_it_is_confirmed(
    cluster: Cluster, tech: Person, chi: Person, binh: Person, now: datetime, client: Client
) -> None:
    node = replaced(cluster, tech, now)
    client.force_login(tech)
    page = reverse("stations:detail", args=[cluster.pk])
    text = client.get(page).content.decode()
    assert "Thiết bị mới chưa báo về" in text
    assert "17:00 Lịch cắt điện" in text
    assert "Ở đây vừa thay thiết bị mới." in client.get("/").content.decode()
    record_states([Report(node.pk, now, node_state(node.pk, volume_db=0))], now=now)
    check = check_of(row(cluster, now=now), now)
    assert check is not None
    assert list(check.differences) == [
        "Phần mềm: trước là vang-node 0.0, nay là vang-node 0.1.",
        "Âm lượng lớn nhất: trước là -6 dB, nay là 0 dB.",
        "Chưa có trên thiết bị: Lịch cắt điện.",
    ]
    confirm = reverse("stations:confirm", args=[cluster.pk])
    assert client.get(confirm).status_code == 405
    client.force_login(chi)
    assert client.post(confirm, {"node": node.pk}).status_code == 404
    client.force_login(binh)
    assert client.post(confirm, {"node": node.pk}).status_code == 403
    client.force_login(tech)
    client.post(confirm, {"node": node.pk})
    node.refresh_from_db()
    assert node.confirmed_by == tech
    assert check_of(row(cluster, now=now), now) is None
    assert Entry.objects.filter(action="node.confirmed").count() == 1


def test_only_the_device_that_was_shown_is_confirmed(
    cluster: Cluster, tech: Person, now: datetime
) -> None:
    first = replaced(cluster, tech, now)
    second = device_on(cluster, tech, now + timedelta(minutes=2)).row
    with pytest.raises(Refusal) as refused:
        confirm_device(cluster, node=first.pk, by=tech, now=now)
    assert refused.value.code == "other-device"
    assert confirm_device(cluster, node=second.pk, by=tech, now=now).confirmed_at == now
