"""What nodes ask about trust: the province's files, and where they stand."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.dispatch.radio import Device, cluster_in, device_on, error_of
from tests.trust.conftest import keyed
from tests.trust.province import Ceremony
from vang.dispatch import trust
from vang.dispatch.models import CommandCounter
from vang.dispatch.push import NoPush
from vang.dispatch.requests import refusal
from vang.dispatch.trust import epochs_now
from vang.journal.chain import head, seal
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.trust.folder import root_text
from vang_node.policy import PolicyStore
from vang_protocol.beacons import open_beacon
from vang_protocol.envelopes import PublicKey, SigningKey
from vang_protocol.links import POLICY_CHANGED
from vang_protocol.reasons import Reason, Refused
from vang_protocol.sessions import sign_session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("manual")]


@pytest.fixture
def province(
    data: Path, xa_a: Unit, binh: Person, hanh: Person, quan: Person, now: datetime
) -> Ceremony:
    for someone in (binh, hanh):
        keyed(someone, xa_a, quan, now)
    found = Ceremony(data / "holders")
    found.begin(now)
    found.publish(now)
    return found


@pytest.fixture
def device(province: Ceremony, xa_a: Unit, tech: Person, now: datetime) -> Device:
    return device_on(cluster_in(xa_a, tech, now), tech, now)


def fetched(device: Device, path: str) -> bytes | None:
    answer = device.get(f"trust/{path}")
    return answer.content if answer.status_code == 200 else None


def test_a_device_pins_the_root_and_follows_it_to_the_policy(
    device: Device, tmp_path: Path, now: datetime
) -> None:
    assert device.answer["trust_root"] == root_text() != ""
    node = PolicyStore(tmp_path / "node", device.answer["trust_root"].encode())
    assert node.refresh(lambda path: fetched(device, path), now=now)
    assert node.policy is not None
    assert node.policy.version == 1


def test_without_a_root_nothing_is_pinned(
    data: Path, xa_a: Unit, tech: Person, now: datetime
) -> None:
    assert device_on(cluster_in(xa_a, tech, now), tech, now).answer["trust_root"] == ""


@pytest.mark.parametrize(
    "path", ["metadata/2.root.json", "metadata/root.json", "x", "metadata/%2e%2e/x", "holders/a"]
)
def test_what_is_not_there_is_not_found(device: Device, path: str) -> None:
    answer = device.get(f"trust/{path}")
    assert (answer.status_code, error_of(answer)) == (404, "file-not-found")


def test_only_for_nodes(device: Device) -> None:
    device.token = "nobody"
    for answer in (
        device.get("trust/metadata/timestamp.json"),
        device.post("beacon", b'{"nonce":"n-1"}'),
    ):
        assert (answer.status_code, error_of(answer)) == (401, "session-expired")


def test_a_beacon_tells_time_policy_numbers_and_the_journal(
    device: Device, xa_a: Unit, xa_b: Unit, now: datetime
) -> None:
    CommandCounter.objects.create(issuer=xa_a, epoch=2, seq=17)
    CommandCounter.objects.create(issuer=xa_b, epoch=1, seq=99)
    seal()
    answer = device.post("beacon", b'{"nonce":"n-1"}')
    keys = tuple(PublicKey(one["public"]) for one in device.answer["routine_keys"])
    told = open_beacon(answer.content, node=device.answer["node"], nonce="n-1", keys=keys)
    assert (told.time, told.policy) == (now, 1)
    assert told.counters == (("20662", 2, 17),)
    assert told.log == head()
    assert told.log[0] > 0
    assert epochs_now() == {"20662": 2, "20683": 1}
    assert device.row.tested_at == now


def test_every_commune_with_a_device_hears_of_a_new_policy(
    device: Device, province: Ceremony, now: datetime, monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    heard: list[tuple[str, int]] = []

    class Heard(NoPush):
        def hint(self, unit: str, version: int) -> bool:
            heard.append((unit, version))
            return True

    monkeypatch.setattr(trust, "transport", Heard)
    with django_capture_on_commit_callbacks(execute=True):
        province.publish(now)
    assert heard == [("20662", POLICY_CHANGED)]


@pytest.mark.parametrize(
    ("body", "status"), [(b"{}", 400), (b'{"nonce":""}', 400), (b"[", 400), (b" " * 20_000, 413)]
)
def test_a_malformed_question_is_refused(device: Device, body: bytes, status: int) -> None:
    assert device.post("beacon", body).status_code == status


def test_the_wrong_method(device: Device) -> None:
    assert device.get("beacon").status_code == 405
    assert device.post("trust/metadata/timestamp.json", b"").status_code == 405


def test_a_node_that_never_was_gets_no_session(client: Client) -> None:
    key = SigningKey.generate()
    nonce = client.get("/api/node/v1/challenge").json()["nonce"]
    body = {"node": "nobody", "nonce": nonce, "signature": sign_session(key, "nobody", nonce)}
    answer = client.post("/api/node/v1/session", body, content_type="application/json")
    assert answer.status_code == 401
    assert answer.json()["error"] == Reason.NODE_UNKNOWN.value


def test_what_the_server_itself_cannot_do_is_said_to_be_its_fault() -> None:
    answer = refusal(Refused(Reason.SERVER_ERROR, "no key"))
    assert answer.status_code == 503
    assert json.loads(answer.content)["error"] == "server-error"
