"""Out to the village on a stick and back: the bytes that nodes would fetch, and what they wrote."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.evidence.conftest import Stage
from tests.protocol.province import a_command, a_manifest, signed
from vang.cli import main
from vang.dispatch.commands import dispatch
from vang.dispatch.models import CommandDelivery
from vang.dispatch.queries import newest_plan
from vang.dispatch.sticks import write_stick
from vang.evidence.models import JournalRecord
from vang.evidence.sticks import read_stick
from vang_protocol import sticks, strict_json
from vang_protocol.envelopes import SigningKey
from vang_protocol.journals import sign_batch
from vang_protocol.links import parse_order
from vang_protocol.manifests import encode_manifest
from vang_protocol.reasons import Refused
from vang_protocol.receipts import Phase, Receipt, sign_receipt

pytestmark = pytest.mark.django_db


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def put(stick: Path, data: bytes, *names: str) -> None:
    path = stick.joinpath("vang", *names)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def journal(stick: Path, stage: Stage, key: SigningKey | None = None, name: str = "") -> None:
    device = stage.device
    data = sign_batch(device.id, device.lines, key or device.key)
    put(stick, data, sticks.JOURNAL, name or f"{device.id}-000000000001.dsse")


def test_a_stick_has_what_the_commune_s_nodes_would_fetch(stage: Stage, stick: Path) -> None:
    now = stage.hand.now()
    command = a_command(issued=now, not_before=now, expires=now + timedelta(minutes=10))
    manifest = encode_manifest(a_manifest())
    row = dispatch(signed(command, "binh", "hanh"), manifest, issuer=stage.unit, now=now)
    written = write_stick(stage.unit, stick, now=now)
    top = stick / "vang"
    plan = newest_plan(stage.unit)
    assert plan is not None
    assert (top / "20662" / sticks.PLAN).read_bytes() == bytes(plan.envelope)
    text = (top / "20662" / sticks.COMMANDS / "000.json").read_bytes()
    order = parse_order(strict_json.decode(text, limit=2**16))
    assert (order.command.encode(), order.manifest) == (bytes(row.envelope), row.manifest)
    sound = top / sticks.AUDIO / f"{stage.item.audio.sha256}.opus"
    assert sound.stat().st_size == stage.item.audio.bytes
    assert (written.units, written.commands, written.sounds) == (1, 1, 1)
    assert write_stick(stage.unit, stick, now=now).sounds == 0  # it is there already


def test_a_journal_from_a_stick_proves_as_much_as_one_that_was_sent(
    stage: Stage, stick: Path
) -> None:
    stage.device.play(stage.item)
    journal(stick, stage)
    stage.hand.set(stage.after)
    taken = read_stick(stick, now=stage.hand.now())
    assert taken.through == {stage.device.id: 2}
    assert not taken.refused
    assert stage.row.state == "DONE"
    again = read_stick(stick, now=stage.hand.now())
    assert again.through == taken.through
    assert JournalRecord.objects.count() == 2


def test_receipts_end_what_waited_in_the_ledger(stage: Stage, stick: Path) -> None:
    now = stage.hand.now()
    command = a_command(issued=now, not_before=now, expires=now + timedelta(minutes=10))
    manifest = encode_manifest(a_manifest())
    row = dispatch(signed(command, "binh", "hanh"), manifest, issuer=stage.unit, now=now)
    device = stage.device
    played = Receipt(device.id, row.pk, row.sha256, Phase.PLAYED, now)
    forged = sign_receipt(played, SigningKey.generate()).decode()
    good = sign_receipt(played, device.key).decode()
    (stick / "vang" / sticks.JOURNAL).mkdir(parents=True)
    for told, state in (([forged], "SENT"), ([forged, good, good], "PLAYED")):
        body = strict_json.canonical({"receipts": told})
        put(stick, body, sticks.RECEIPTS, f"{device.id}.json")
        taken = read_stick(stick, now=now)
        assert CommandDelivery.objects.get().state == state
    assert taken.receipts == 1


def test_what_is_not_the_node_s_own_is_named_and_left_out(stage: Stage, stick: Path) -> None:
    stage.device.play(stage.item)
    journal(stick, stage, SigningKey.generate())
    journal(stick, stage, name="nobody-000000000001.dsse")
    journal(stick, stage, name="..-000000000001.dsse")
    put(stick, b"x" * 600_000, sticks.JOURNAL, f"{stage.device.id}-000000000002.dsse")
    put(stick, b"[]", sticks.RECEIPTS, f"{stage.device.id}.json")
    (stick / "vang" / sticks.JOURNAL / f"{stage.device.id}-000000000003.dsse").symlink_to("/etc")
    taken = read_stick(stick, now=stage.hand.now())
    assert len(taken.refused) == 5
    assert not JournalRecord.objects.exists()


def test_a_stick_without_journals_is_said_to_be_one(
    stage: Stage, stick: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(Refused):
        read_stick(stick, now=stage.hand.now())
    assert main(["usb", "import", str(stick)]) == 1
    assert main(["usb", "export", "--unit", "20662", "--to", str(stick / "none")]) == 1
    assert main(["usb", "export", "--unit", "99999", "--to", str(stick)]) == 1
    assert "there is no unit 99999" in capsys.readouterr().err
    assert main(["usb", "export", "--unit", "20662", "--to", str(stick)]) == 0
    assert "vang-node import DIR" in capsys.readouterr().out
