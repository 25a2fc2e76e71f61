"""The nodes page, one cluster, its code."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.dispatch.radio import cluster_in, node_state, on_air
from vang.base.clock import ManualClock
from vang.base.virtual_nodes import SUPERVISED, take_wanted
from vang.dispatch.services import publish_plan
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.stations.contacts import Report, record_states
from vang.stations.enrolment import enrol_node, issue_enrolment_code
from vang.stations.models import Cluster, EnrolmentCode, Node
from vang_protocol.envelopes import SigningKey
from vang_protocol.states import ItemState

pytestmark = pytest.mark.django_db


@pytest.fixture
def cluster(xa_a: Unit, tech: Person, now: datetime) -> Cluster:
    return cluster_in(xa_a, tech, now)


def enrolled(cluster: Cluster, by: Person, now: datetime) -> Node:
    code = issue_enrolment_code(cluster, by=by, now=now).code
    key = SigningKey.generate().public
    return enrol_node(code=code, public_key=key, name="Loa 1", software="1", now=now)


def login(client: Client, who: Person) -> Client:
    client.force_login(who)
    return client


def page(client: Client, who: Person, name: str, *given: object) -> str:
    client.force_login(who)
    answer = client.get(reverse(name, args=given))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_tells_what_each_node_last_said(
    client: Client,
    an: Person,
    binh: Person,
    tech: Person,
    cluster: Cluster,
    xa_a: Unit,
    now: datetime,
) -> None:
    node = enrolled(cluster, tech, now)
    placed = on_air(xa_a, an, binh, now)
    publish_plan(xa_a, now=now)
    state = node_state(
        node.pk,
        plan_version=1,
        playing=f"o{placed.pk}",
        volume_db=-7,
        items={f"o{placed.pk}": ItemState.PLAYING},
    )
    record_states([Report(node.pk, now, state)], now=now)
    shown = page(client, an, "stations:list")
    for words in ("Đang kết nối", "Lịch cắt điện", "1, mới nhất", "-7 dB", "sai số tối đa 2 ms"):
        assert words in shown
    assert 'hx-trigger="every 5s"' in shown


def test_a_node_that_is_behind_or_gone_shows(
    client: Client,
    an: Person,
    binh: Person,
    tech: Person,
    cluster: Cluster,
    xa_a: Unit,
    now: datetime,
    manual: ManualClock,
) -> None:
    node = enrolled(cluster, tech, now)
    record_states([Report(node.pk, now, node_state(node.pk, plan_version=1))], now=now)
    publish_plan(xa_a, now=now)
    on_air(xa_a, an, binh, now)
    publish_plan(xa_a, now=now)
    assert "1, mới nhất là 2" in page(client, an, "stations:live")
    later = now + timedelta(seconds=40)
    for at in (now + timedelta(seconds=20), later):
        record_states([], now=at)  # the server listened all the time
    manual.set(later)
    shown = page(client, an, "stations:live")
    assert "wifi-off" in shown
    assert "Đang kết nối" not in shown


def test_the_live_part_is_the_table_alone(client: Client, an: Person, cluster: Cluster) -> None:
    part = page(client, an, "stations:live")
    assert "<html" not in part
    assert cluster.name in part
    assert cluster.name in page(client, an, "stations:list")


def test_an_empty_list_teaches_and_offers_the_button_to_keepers_only(
    client: Client, an: Person, tech: Person
) -> None:
    assert "Chưa có cụm loa" in page(client, an, "stations:list")
    assert reverse("stations:new") not in page(client, an, "stations:list")
    assert reverse("stations:new") in page(client, tech, "stations:list")


def test_a_technician_adds_a_cluster(client: Client, tech: Person, xa_a: Unit) -> None:
    client.force_login(tech)
    heard = Unit.objects.get(code="20662.02")
    given = {
        "name": "Cụm chợ",
        "place": "Chợ",
        "villages": [heard.pk],
        "language": "ktv",
        "volume_ceiling_db": -6,
        "delay_ms": 120,
    }
    answer = client.post(reverse("stations:new"), given)
    made = Cluster.objects.get()
    assert answer.headers["Location"] == reverse("stations:detail", args=[made.pk])
    assert "tiếng Cơ Tu" in client.get(answer.headers["Location"]).content.decode()
    assert (made.language, made.name, list(made.villages.all())) == ("ktv", "Cụm chợ", [heard])
    assert (made.volume_ceiling_db, made.delay_ms) == (-6, 120)
    too_late = client.post(reverse("stations:new"), {**given, "delay_ms": 501})
    assert too_late.status_code == 200
    again = client.post(reverse("stations:new"), {**given, "volume_ceiling_db": 3})
    assert again.status_code == 200
    assert Cluster.objects.count() == 1


def test_a_technician_changes_a_cluster(client: Client, tech: Person, cluster: Cluster) -> None:
    client.force_login(tech)
    address = reverse("stations:change", args=[cluster.pk])
    assert cluster.name in client.get(address).content.decode()
    Cluster.objects.filter(pk=cluster.pk).update(delay_ms=90)
    assert 'value="90"' in client.get(address).content.decode()
    client.post(address, {"name": "Cụm mới", "language": "vi", "volume_ceiling_db": 0})
    cluster.refresh_from_db()
    assert (cluster.name, cluster.active, cluster.delay_ms) == ("Cụm mới", False, 0)


def test_a_code_is_shown_once_and_works(
    client: Client, tech: Person, cluster: Cluster, now: datetime
) -> None:
    client.force_login(tech)
    answer = client.post(reverse("stations:code", args=[cluster.pk]))
    code = answer.context["code"]
    assert code in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    assert code not in client.get(reverse("stations:detail", args=[cluster.pk])).content.decode()
    key = SigningKey.generate().public
    assert enrol_node(code=code, public_key=key, name="", software="", now=now)


def test_a_virtual_device_takes_the_place_of_a_virtual_one_alone(
    client: Client, tech: Person, chi: Person, cluster: Cluster, now: datetime, tmp_path: Path,
    settings: Settings, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    settings.DATA, address = tmp_path, reverse("stations:virtual", args=[cluster.pk])
    code = reverse("stations:code", args=[cluster.pk])
    node = enrolled(cluster, tech, now)
    assert client.post(address).status_code == 302, "signed out"
    assert login(client, chi).post(address).status_code == 404
    login(client, tech)
    assert client.get(address).status_code == 405
    assert address not in client.post(code).content.decode(), "nobody is there to start one"
    monkeypatch.setenv(SUPERVISED, "1")
    assert address not in client.post(code).content.decode(), "a real one is not given up for it"
    client.post(address)
    assert list(take_wanted(tmp_path)) == []
    Node.objects.filter(pk=node.pk).update(virtual=True)
    assert address in client.post(code).content.decode()
    answer = client.post(address, follow=True)
    assert "Loa ảo đang khởi động" in answer.content.decode()
    (wanted,) = take_wanted(tmp_path)
    key = SigningKey.generate().public
    fresh = enrol_node(code=wanted.code, public_key=key, name="", software="", now=now)
    node.refresh_from_db()
    assert (fresh.virtual, node.retired_at) == (True, now)


def test_the_page_with_the_code_tells_when_the_device_has_come(
    client: Client, tech: Person, chi: Person, cluster: Cluster, office_hours: None, now: datetime
) -> None:
    client.force_login(tech)
    first = client.post(reverse("stations:code", args=[cluster.pk]))
    assert "Đang chờ thiết bị" in first.content.decode()
    lost = EnrolmentCode.objects.get()
    second = client.post(reverse("stations:code", args=[cluster.pk]))
    row = EnrolmentCode.objects.exclude(pk=lost.pk).get()
    assert "Mã đã hết hiệu lực" in page(client, tech, "stations:arrival", cluster.pk, lost.pk)
    waiting = page(client, tech, "stations:arrival", cluster.pk, row.pk)
    assert 'hx-trigger="every 4s"' in waiting
    key = SigningKey.generate().public
    node = enrol_node(
        code=second.context["code"], public_key=key, name="", software="", now=now
    )  # fmt: skip
    there = page(client, tech, "stations:arrival", cluster.pk, row.pk)
    assert "Chưa kết nối" in there
    record_states([Report(node.pk, now, node_state(node.pk))], now=now)
    online = page(client, tech, "stations:arrival", cluster.pk, row.pk)
    assert "đã đăng ký và đang kết nối" in online
    assert "hx-get" not in online
    address = reverse("stations:arrival", args=[cluster.pk, row.pk])
    assert client.post(address).status_code == 405
    assert client.get(reverse("stations:arrival", args=[cluster.pk, 0])).status_code == 404
    client.force_login(chi)
    assert client.get(address).status_code == 404
    client.logout()
    assert client.get(address).status_code == 302


def test_a_technician_retires_a_device(
    client: Client, tech: Person, cluster: Cluster, now: datetime
) -> None:
    node = enrolled(cluster, tech, now)
    client.force_login(tech)
    address = reverse("stations:retire", args=[cluster.pk])
    client.post(address)
    node.refresh_from_db()
    assert node.retired_at == now
    shown = client.post(address, follow=True).content.decode()
    assert "Cụm loa chưa có thiết bị." in shown


@pytest.mark.parametrize("name", ["stations:code", "stations:retire"])
def test_what_changes_something_is_posted(
    name: str, client: Client, tech: Person, cluster: Cluster
) -> None:
    client.force_login(tech)
    assert client.get(reverse(name, args=[cluster.pk])).status_code == 405
    assert not EnrolmentCode.objects.exists()


@pytest.mark.parametrize("name", ["stations:list", "stations:live", "stations:detail"])
def test_pages_to_read_take_no_post(
    name: str, client: Client, tech: Person, cluster: Cluster
) -> None:
    client.force_login(tech)
    given = [cluster.pk] if name == "stations:detail" else []
    assert client.post(reverse(name, args=given)).status_code == 405


ALL = [
    ("stations:list", False),
    ("stations:live", False),
    ("stations:new", False),
    ("stations:detail", True),
    ("stations:change", True),
    ("stations:code", True),
    ("stations:retire", True),
]


@pytest.mark.parametrize(("name", "of_one"), ALL)
def test_signed_out_people_are_led_to_the_door(
    name: str, *, of_one: bool, client: Client, cluster: Cluster
) -> None:
    address = reverse(name, args=[cluster.pk] if of_one else [])
    send = client.post if name in {"stations:code", "stations:retire"} else client.get
    answer = send(address)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("people:sign-in"))


@pytest.mark.parametrize("name", [name for name, of_one in ALL if of_one])
def test_chi_of_another_commune_finds_nothing(
    name: str, client: Client, chi: Person, tech: Person, cluster: Cluster
) -> None:
    address = reverse(name, args=[cluster.pk])
    client.force_login(chi)
    send = client.post if name in {"stations:code", "stations:retire"} else client.get
    assert send(address).status_code == 404
    client.force_login(tech)
    assert send(address).status_code in {200, 302}


def test_chi_sees_none_of_it_in_her_list(client: Client, chi: Person, cluster: Cluster) -> None:
    assert cluster.name not in page(client, chi, "stations:list")


@pytest.mark.parametrize("name", ["stations:change", "stations:code", "stations:retire"])
def test_a_writer_may_look_but_not_touch(
    name: str, client: Client, an: Person, cluster: Cluster
) -> None:
    assert cluster.name in page(client, an, "stations:detail", cluster.pk)
    address = reverse(name, args=[cluster.pk])
    assert client.post(address).status_code == 403
    assert not EnrolmentCode.objects.exists()


def test_ten_clusters_need_no_more_queries_than_one(
    client: Client,
    an: Person,
    tech: Person,
    xa_a: Unit,
    now: datetime,
    django_assert_max_num_queries: object,
) -> None:
    for number in range(10):
        node = enrolled(cluster_in(xa_a, tech, now, f"Cụm {number}"), tech, now)
        record_states([Report(node.pk, now, node_state(node.pk, playing="o1"))], now=now)
    client.force_login(an)
    client.get(reverse("stations:live"))
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        client.get(reverse("stations:live"))
    with django_assert_max_num_queries(24):  # type: ignore[operator]
        client.get(reverse("stations:list"))
