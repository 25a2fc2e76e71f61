"""A command is sent again until each node has answered, and nothing stays unknown at its end."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.dispatch.radio import API, Device, cluster_in, device_on, error_of
from tests.protocol.province import DAY, PARTY, a_command, a_manifest, a_policy, signed
from vang.base.clock import ManualClock
from vang.base.files import FileStore
from vang.dispatch import commands, push, ready
from vang.dispatch.between import internal_secret
from vang.dispatch.commands import State
from vang.dispatch.models import Command, CommandDelivery, CommandReceipt
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.stations.models import Cluster, Node
from vang_protocol.commands import Audience
from vang_protocol.deciding import Listener, decide
from vang_protocol.manifests import Part, Piece, encode_manifest
from vang_protocol.plans import Audio, audio_table
from vang_protocol.reasons import Reason, Refused
from vang_protocol.receipts import Phase, Receipt, sign_receipt
from vang_protocol.strict_json import digest

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("manual", "data")]
MANIFEST = encode_manifest(a_manifest())


@dataclass
class Sent:
    """What the link was given: (units, nodes) of every push, its turn, and how long it lasts."""

    pushes: list[tuple[list[str], list[str]]] = field(default_factory=list)
    turns: list[tuple[int, int]] = field(default_factory=list)

    def hint(self, unit: str, version: int) -> bool:
        return True

    def order(
        self, command: str, manifest: str, *, units: Any, nodes: Any, lasts_s: int, turn: int = 0
    ) -> bool:
        assert command
        assert manifest
        self.pushes.append((sorted(units), sorted(nodes)))
        self.turns.append((turn, lasts_s))
        return True


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    made = Sent()
    monkeypatch.setattr(commands, "transport", lambda: made)
    return made


@pytest.fixture
def devices(xa_a: Unit, tech: Person, now: datetime) -> list[Device]:
    clusters = [cluster_in(xa_a, tech, now, name=f"Cụm {n}") for n in (1, 2, 3)]
    return [device_on(cluster, by=tech, now=now) for cluster in clusters]


def an_envelope(now: datetime, **changed: Any) -> bytes:
    command = a_command(issued=now, not_before=now, expires=now + timedelta(minutes=10), **changed)
    return signed(command, "binh", "hanh")


def sent_out(xa: Unit, now: datetime, **changed: Any) -> Command:
    return commands.dispatch(an_envelope(now, **changed), MANIFEST, issuer=xa, now=now)


def states(command: Command) -> list[str]:
    rows = CommandDelivery.objects.filter(command=command).order_by("node__cluster__name")
    return list(rows.values_list("state", flat=True))


def receipt(device: Device, sent: Command, phase: Phase, at: datetime, **changed: Any) -> str:
    usual = Receipt(device.id, sent.pk, sent.sha256, phase, at)
    return sign_receipt(replace(usual, **changed), device.key).decode()


def test_every_node_of_the_audience_gets_a_row_and_the_link_the_bytes(
    xa_a: Unit, devices: list[Device], sent: Sent, now: datetime,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        command = sent_out(xa_a, now)
    assert states(command) == [State.SENT] * 3
    assert sent.pushes == [(["20662"], [])]
    assert command.sha256 == digest(base64.b64decode(_payload(command)))


def _payload(command: Command) -> str:
    import json

    return str(json.loads(bytes(command.envelope))["payload"])


def test_single_clusters_are_reached_alone(
    xa_a: Unit, devices: list[Device], sent: Sent, now: datetime
) -> None:
    code = Cluster.objects.get(name="Cụm 2").code
    command = sent_out(xa_a, now, audience=Audience(clusters=(("20662", code),)))
    assert [row.node_id for row in command.deliveries.all()] == [devices[1].id]


def test_it_is_sent_again_after_3_10_30_and_90_seconds_to_whoever_is_silent(
    xa_a: Unit, devices: list[Device], sent: Sent, now: datetime
) -> None:
    command = sent_out(xa_a, now)
    first = devices[0]
    text = receipt(first, command, Phase.ACCEPTED, now)
    assert first.post("receipts", {"receipts": [text]}).json() == {"taken": 1}
    silent = sorted(device.id for device in devices[1:])
    at = [s for s in range(200) if _sends(now + timedelta(seconds=s), sent)]
    assert at == [3, 13, 43, 133]
    assert all(nodes == silent for _units, nodes in sent.pushes)
    # Another path each time, and nobody may keep it beyond its expiry.
    assert sent.turns == [(1, 597), (2, 587), (3, 557), (4, 467)]


def _sends(moment: datetime, sent: Sent) -> bool:
    before = len(sent.pushes)
    commands.send_again(now=moment)
    return len(sent.pushes) > before


def test_at_its_end_nothing_is_unknown(
    xa_a: Unit, devices: list[Device], sent: Sent, now: datetime
) -> None:
    ended: list[str] = []
    commands.on_deliveries_ended(lambda rows, _now: ended.extend(row.state for row in rows))
    command = sent_out(xa_a, now)
    devices[0].post("receipts", {"receipts": [receipt(devices[0], command, Phase.ACCEPTED, now)]})
    told = [
        receipt(devices[1], command, phase, now)
        for phase in (Phase.ACCEPTED, Phase.SOUNDING, Phase.PLAYED)
    ]
    devices[1].post("receipts", {"receipts": told})
    for minute in range(20):
        commands.send_again(now=now + timedelta(minutes=minute))
    assert states(command) == [State.LOST, State.PLAYED, State.UNREACHED]
    assert sorted(ended) == ["LOST", "PLAYED", "UNREACHED"]
    assert not CommandDelivery.objects.filter(next_at__isnull=False).exists()


def test_a_late_answer_is_still_taken(
    xa_a: Unit, devices: list[Device], sent: Sent, now: datetime
) -> None:
    command = sent_out(xa_a, now)
    commands.send_again(now=now + timedelta(minutes=11))
    assert states(command) == [State.UNREACHED] * 3
    text = receipt(devices[0], command, Phase.PLAYED, now + timedelta(minutes=5))
    devices[0].post("receipts", {"receipts": [text]})
    assert states(command)[0] == State.PLAYED


def test_receipts_come_twice_and_in_any_order(
    xa_a: Unit, devices: list[Device], sent: Sent, now: datetime
) -> None:
    command = sent_out(xa_a, now)
    device = devices[0]
    played, sounding, accepted = (
        receipt(device, command, phase, now)
        for phase in (Phase.PLAYED, Phase.SOUNDING, Phase.ACCEPTED)
    )
    assert device.post("receipts", {"receipts": [sounding]}).json() == {"taken": 1}
    assert device.post("receipts", {"receipts": [accepted, sounding]}).json() == {"taken": 0}
    assert states(command)[0] == State.SOUNDING
    device.post("receipts", {"receipts": [played, played]})
    device.post("receipts", {"receipts": [sounding]})
    assert states(command)[0] == State.PLAYED
    assert CommandReceipt.objects.count() == 2


def test_a_refusal_says_why(xa_a: Unit, devices: list[Device], sent: Sent, now: datetime) -> None:
    command = sent_out(xa_a, now)
    text = receipt(devices[0], command, Phase.REFUSED, now, reason=Reason.OVER_LIMIT)
    devices[0].post("receipts", {"receipts": [text]})
    row = CommandDelivery.objects.get(command=command, node=devices[0].id)
    assert (row.state, row.reason) == (State.REFUSED, "over-limit")


def test_p7_what_a_node_refuses_that_has_just_come_back_is_asked_again(
    xa_a: Unit, devices: list[Device], sent: Sent, now: datetime
) -> None:
    """Its policy is older than the one by which the command was found good: soon it is not."""
    command = sent_out(xa_a, now)
    no = receipt(devices[0], command, Phase.REFUSED, now, reason=Reason.UNKNOWN_KEY)
    devices[0].post("receipts", {"receipts": [no]})
    row = CommandDelivery.objects.get(command=command, node=devices[0].id)
    assert (row.state, row.reason) == (State.SENT, "unknown-key")
    sent.pushes.clear()
    commands.send_again(now=now + timedelta(seconds=3))
    assert devices[0].id in sent.pushes[0][1]
    yes = receipt(devices[0], command, Phase.ACCEPTED, now + timedelta(seconds=4))
    devices[0].post("receipts", {"receipts": [yes]})
    row.refresh_from_db()
    assert (row.state, row.reason) == (State.ACCEPTED, "")


def test_p5_what_was_refused_to_the_end_is_refused_and_not_unreached(
    xa_a: Unit, devices: list[Device], sent: Sent, now: datetime
) -> None:
    command = sent_out(xa_a, now)
    no = receipt(devices[0], command, Phase.REFUSED, now, reason=Reason.NOT_GREETED)
    devices[0].post("receipts", {"receipts": [no]})
    commands.send_again(now=now + timedelta(minutes=10))
    assert states(command) == [State.REFUSED, State.UNREACHED, State.UNREACHED]


def test_a_node_answers_for_itself_alone(
    xa_a: Unit, devices: list[Device], sent: Sent, now: datetime
) -> None:
    command = sent_out(xa_a, now)
    thief, other = devices[0], devices[1]
    forged = [
        receipt(other, command, Phase.PLAYED, now),  # a copy of another's own
        sign_receipt(
            Receipt(other.id, command.pk, command.sha256, Phase.PLAYED, now), thief.key
        ).decode(),
        receipt(thief, command, Phase.PLAYED, now, sha256="00" * 32),
        receipt(thief, command, Phase.PLAYED, now, command="no-such"),
        "{}",
        "not json",
    ]
    assert thief.post("receipts", {"receipts": forged}).json() == {"taken": 0}
    assert states(command) == [State.SENT] * 3


def test_over_the_link_they_come_in_batches_with_the_secret(
    xa_a: Unit, devices: list[Device], sent: Sent, now: datetime, client: Client
) -> None:
    command = sent_out(xa_a, now)
    rows = [
        {"node": device.id, "receipt": receipt(device, command, Phase.ACCEPTED, now)}
        for device in devices
    ]
    address, kind = f"{API}internal/receipts", "application/json"
    refused = client.post(address, {"receipts": rows}, content_type=kind)
    assert refused.status_code == 401
    taken = client.post(
        address, {"receipts": rows}, content_type=kind,
        headers={"X-Vang-Internal": internal_secret()},
    )  # fmt: skip
    assert taken.json() == {"taken": 3}
    assert states(command) == [State.ACCEPTED] * 3


def test_a_node_that_asks_finds_what_it_has_not_answered(
    xa_a: Unit, xa_b: Unit, tech: Person, devices: list[Device], sent: Sent,
    manual: ManualClock, now: datetime,
) -> None:  # fmt: skip
    command = sent_out(xa_a, now)
    stranger = device_on(cluster_in(xa_b, tech, now, name="Cụm B"), by=tech, now=now)
    told = devices[0].get("commands").json()["commands"]
    assert told == [{"command": bytes(command.envelope).decode(), "manifest": MANIFEST.decode()}]
    assert stranger.get("commands").json() == {"commands": []}
    text = receipt(devices[0], command, Phase.PLAYED, now)
    devices[0].post("receipts", {"receipts": [text]})
    assert devices[0].get("commands").json() == {"commands": []}
    manual.set(now + timedelta(minutes=10))
    assert devices[1].get("commands").json() == {"commands": []}


def fetched(device: Device, sha256: str) -> int:
    answer = device.get(f"files/{sha256}")
    if answer.streaming:
        list(answer.streaming_content)
    return int(answer.status_code)


def test_the_sounds_of_a_command_and_those_kept_ready_may_be_fetched(
    xa_a: Unit, xa_b: Unit, tech: Person, devices: list[Device], sent: Sent, data: Path,
    now: datetime, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(ready, "_providers", [])
    store = FileStore(data / "files")
    speech, kept = store.put(b"speech"), store.put(b"kept")
    audio = Audio(speech, 6, "opus", 1_000)
    sound = encode_manifest(a_manifest(pieces=(Piece(Part.SPEECH, 1_000, audio),)))
    stranger = device_on(cluster_in(xa_b, tech, now, name="Cụm B"), by=tech, now=now)
    assert fetched(devices[0], speech) == 404
    envelope = an_envelope(now, manifest=digest(sound))
    commands.dispatch(envelope, sound, issuer=xa_a, now=now)
    assert fetched(devices[0], speech) == 200
    assert fetched(stranger, speech) == 404
    here = Audio(kept, 4, "opus", 500)
    ready.on_ready_audio(lambda unit: [here, here] if unit == xa_a else [])
    assert devices[0].get("pinned").json() == {"audio": [audio_table(here)]}
    assert stranger.get("pinned").json() == {"audio": []}
    assert fetched(devices[0], kept) == 200
    assert fetched(stranger, kept) == 404


def test_too_many_or_too_large_receipts_are_not_read(devices: list[Device]) -> None:
    many = devices[0].post("receipts", {"receipts": ["x"] * 65})
    assert (many.status_code, error_of(many)) == (400, "bad-fields")
    large = devices[0].post("receipts", {"receipts": ["x" * 300_000]})
    assert large.status_code == 413


def test_numbers_rise_and_none_is_given_twice(xa_a: Unit) -> None:
    assert [commands.next_number(xa_a) for _ in range(3)] == [(1, 1), (1, 2), (1, 3)]


def given_the_root() -> None:
    """As if the province had had its keys when they were enrolled."""
    Node.objects.update(rooted=True)


def test_beforehand_it_is_shown_what_each_node_will_answer(
    xa_a: Unit, devices: list[Device], now: datetime
) -> None:
    policy = a_policy(issued=now - DAY, expires=now + 90 * DAY)
    keys = tuple(
        replace(one, since=now - 9 * DAY, counts_from=now - 8 * DAY) for one in policy.keys
    )
    policy = replace(policy, keys=keys)
    given_the_root()
    good = commands.foresee(an_envelope(now), policy=policy, now=now)
    assert [node.pk for node in good.accepted] == [device.id for device in devices]
    assert good.refused == []
    alone = a_command(issued=now, not_before=now, expires=now + timedelta(minutes=10))
    bad = commands.foresee(signed(alone, "binh"), policy=policy, now=now)
    assert {reason for _node, reason in bad.refused} == {Reason.TOO_FEW_PEOPLE}
    assert policy.party == PARTY
    Node.objects.filter(pk=devices[0].id).update(rooted=False)
    rootless = commands.foresee(an_envelope(now), policy=policy, now=now)
    assert [(node.pk, reason) for node, reason in rootless.refused] == [
        (devices[0].id, Reason.NO_POLICY)
    ]


@pytest.mark.parametrize("people", [["binh", "hanh"], ["binh"], ["tap", "hanh"], []])
def test_what_is_shown_beforehand_is_what_each_node_decides(
    people: list[str], xa_a: Unit, devices: list[Device], now: datetime
) -> None:
    policy, moment = a_policy(), a_command().issued
    given_the_root()
    codes = Cluster.objects.order_by("name").values_list("code", flat=True)[:2]
    some = Audience(clusters=tuple(("20662", code) for code in codes))
    envelope = signed(a_command(audience=some), *people)
    shown = commands.foresee(envelope, policy=policy, now=moment)
    decided = [_decided(envelope, Listener("20662", code, policy, moment)) for code in codes]
    assert [(node.pk, None) for node in shown.accepted] + [
        (node.pk, reason) for node, reason in shown.refused
    ] == list(zip([device.id for device in devices[:2]], decided, strict=True))


def _decided(envelope: bytes, listener: Listener) -> Reason | None:
    try:
        decide(envelope, listener)
    except Refused as refused:
        return refused.reason
    return None


def test_the_links_driver_carries_orders(devices: list[Device], settings: Any) -> None:
    assert push.NoPush().order("c", "m", units=[], nodes=[], lasts_s=1) is False
    nowhere = push.LinkPush("http://127.0.0.1:9", "secret")
    assert nowhere.order("c", "m", units=["20662"], nodes=[], lasts_s=1) is False


@pytest.fixture(autouse=True)
def _forget_listeners() -> Iterator[None]:
    kept = list(commands._ended)
    yield
    commands._ended[:] = kept
