"""A copied device: noticed, told, stopped when a person says so, and trusted again."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import SignedIn
from tests.dispatch.radio import Device, cluster_in, device_on, error_of, node_state
from tests.refusals import refused
from vang.evidence.faults import note_fault
from vang.notices.models import Mail, Notice
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.stations.contacts import Report, record_states
from vang.stations.enrolment import retire_node_on
from vang.stations.models import Cluster, Node
from vang.stations.suspending import suspend, trust_again
from vang_protocol.journals import Head, line_hash
from vang_protocol.records import Boot

BOOT = Boot("vang-node 0.1", "wav", 0)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("office_hours", "data")]


@pytest.fixture
def data(settings: object, tmp_path: Path) -> Path:
    settings.DATA = tmp_path  # type: ignore[attr-defined]
    return tmp_path


@pytest.fixture
def cluster(xa_a: Unit, tech: Person, quan: Person, now: datetime) -> Cluster:
    return cluster_in(xa_a, tech, now)


@pytest.fixture
def device(cluster: Cluster, tech: Person, now: datetime) -> Device:
    return device_on(cluster, tech, now)


def node() -> Node:
    return Node.objects.get()


def seen(device: Device, now: datetime, *boots: str) -> None:
    for second, boot in enumerate(boots):
        at = now + timedelta(seconds=second)
        record_states([Report(device.id, at, node_state(device.id, boot=boot))], now=at)


def test_a3_a_journal_that_forks_is_told_to_those_who_can_act(
    device: Device, cluster: Cluster, tech: Person, quan: Person, binh: Person, now: datetime
) -> None:
    """The card was copied after the first line; the copy writes its own second."""
    device.write(BOOT, now)
    copied = (list(device.lines), device.head)
    device.write(BOOT, now + timedelta(minutes=1))
    assert device.upload().status_code == 200
    assert node().doubted_at is None
    device.lines, device.head = copied[0], Head(1, line_hash(copied[0][0]))
    device.write(BOOT, now + timedelta(minutes=2))
    assert (device.upload().status_code, node().doubted_at) == (409, now)
    notices = Notice.objects.order_by("person__username")
    assert [one.person for one in notices] == [quan, tech]
    assert {one.title for one in notices} == {"Một thiết bị ở hai nơi: Cụm Thuận 1"}
    assert {one.url for one in notices} == {f"/stations/{cluster.pk}"}
    device.upload()
    assert Notice.objects.count() == 2


@pytest.mark.parametrize(
    ("boots", "doubted"),
    [
        (("a", "a", "b", "b"), False),
        (("a", "b", "c", "d"), False),
        (("a", "b", "a"), True),
        (("a", "b", "c", "b"), True),
    ],
)
def test_a3_a_start_that_comes_back_betrays_a_second_program(
    device: Device, now: datetime, boots: tuple[str, ...], *, doubted: bool
) -> None:
    seen(device, now, *boots)
    assert (node().doubted_at is not None) is doubted


def test_a_suspended_device_is_refused_everywhere_until_somebody_trusts_it(
    device: Device, cluster: Cluster, tech: Person, now: datetime
) -> None:
    device.sign_in()
    suspend(cluster, by=tech, now=now)
    for answer in (
        device.get("plan"),
        device.get("commands"),
        device.get("pinned"),
        device.post("beacon", {"nonce": "q1"}),
        device.post("journal", device.batch([])),
        device.post("receipts", {"receipts": []}),
    ):
        assert (answer.status_code, error_of(answer)) == (403, "node-suspended")
    at = now + timedelta(seconds=5)
    report = Report(device.id, at, node_state(device.id))
    assert record_states([report], now=at) == {device.id}
    with refused("node-suspended"):
        suspend(cluster, by=tech, now=now)
    trust_again(cluster, by=tech, now=now)
    assert device.get("commands").status_code == 200
    with refused("node-trusted"):
        trust_again(cluster, by=tech, now=now)


def test_trusting_it_again_settles_the_notices_and_begins_the_watch_anew(
    device: Device, cluster: Cluster, tech: Person, now: datetime
) -> None:
    seen(device, now, "a", "b", "a")
    trust_again(cluster, by=tech, now=now)
    assert not Notice.objects.filter(read_at=None).exists()
    seen(device, now + timedelta(minutes=1), "a", "b")
    assert node().doubted_at is None
    seen(device, now + timedelta(minutes=2), "a")
    assert node().doubted_at is not None


def test_taking_it_out_of_service_settles_the_notices(
    device: Device, cluster: Cluster, tech: Person, now: datetime
) -> None:
    note_fault(Node.objects.select_related("cluster__unit").get(), 2, "fork", "", now=now)
    retire_node_on(cluster, by=tech, now=now)
    assert not Notice.objects.filter(read_at=None).exists()


def test_the_page_says_what_happened_and_lets_its_keepers_decide(
    device: Device, cluster: Cluster, tech: Person, binh: Person, chi: Person,
    signed_in: SignedIn, now: datetime,
) -> None:  # fmt: skip
    seen(device, now, "a", "b", "a")
    page, url = f"/stations/{cluster.pk}", f"/stations/{cluster.pk}/suspend"
    client = signed_in(tech)
    assert "Một thiết bị ở hai nơi" in client.get(page).content.decode()
    assert "Tạm ngừng thiết bị" not in signed_in(binh).get(page).content.decode()
    assert signed_in(binh).post(url).status_code == 403
    assert signed_in(chi).post(url).status_code == 404
    assert client.get(url).status_code == 405
    shown = client.post(url, follow=True).content.decode()
    assert "Hồ Văn Tú đã tạm ngừng" in shown
    assert node().suspended_by == tech
    back = client.post(f"/stations/{cluster.pk}/trust-again", follow=True).content.decode()
    assert "Thiết bị đã được tin cậy trở lại." in back
    assert signed_in(chi).post(f"/stations/{cluster.pk}/trust-again").status_code == 404


def test_it_is_mailed_at_once() -> None:
    from vang.stations.notices import DOUBTED, KINDS

    assert {one.mail for one in KINDS if one.name == DOUBTED} == {Mail.AT_ONCE}
