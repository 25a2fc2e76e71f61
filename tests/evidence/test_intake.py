"""Journals: stored once, in order, unforged; what is wrong with one is on record."""

import pytest

from tests.dispatch.radio import Device, cluster_in, device_on, error_of
from tests.evidence.conftest import Stage
from vang.evidence.models import JournalFault, JournalRecord
from vang.people.models import Person
from vang_protocol.envelopes import SigningKey
from vang_protocol.journals import Head, line_hash, sign_batch
from vang_protocol.records import Boot, Shutdown

pytestmark = pytest.mark.django_db
BOOT = Boot("vang-node 0.1", "wav", 0)


def written(stage: Stage, lines: int) -> Device:
    for number in range(lines):
        stage.device.write(Shutdown(f"line {number}"), stage.item.start)
    return stage.device


def faults() -> list[tuple[int, str, bool]]:
    rows = JournalFault.objects.order_by("pk")
    return [(row.seq, row.reason, row.resolved_at is not None) for row in rows]


def test_a_batch_is_stored_byte_for_byte_and_once(stage: Stage) -> None:
    device = written(stage, 3)
    assert device.upload().json() == {"accepted_through": 3}
    assert device.upload().json() == {"accepted_through": 3}
    assert list(JournalRecord.objects.values_list("line", flat=True)) == device.lines
    device.write(BOOT, stage.item.start)
    assert device.upload().json() == {"accepted_through": 4}
    assert JournalRecord.objects.count() == 4
    assert faults() == []


def test_a_gap_is_noted_and_asked_for_again_and_closes_when_filled(stage: Stage) -> None:
    device = written(stage, 5)
    device.upload(device.lines[:2])
    assert device.upload(device.lines[3:]).json() == {"accepted_through": 2}
    assert JournalRecord.objects.count() == 2
    assert faults() == [(3, "gap", False)]
    assert device.upload(device.lines[2:]).json() == {"accepted_through": 5}
    assert faults() == [(3, "gap", True)]


def test_a_changed_line_is_refused_and_stays_on_record(stage: Stage) -> None:
    device = written(stage, 3)
    forged = [device.lines[0], device.lines[1].replace("line 1", "line X"), device.lines[2]]
    answer = device.upload(forged)
    # The changed line itself still chains; the line after it gives it away.
    assert (answer.status_code, error_of(answer)) == (409, "wrong-previous")
    assert faults() == [(3, "wrong-previous", False)]
    assert device.upload().status_code == 409
    assert (2, "fork", False) in faults()


def test_a_second_history_of_one_device_is_a_fork(stage: Stage) -> None:
    device = written(stage, 2)
    assert device.upload().status_code == 200
    device.lines, device.head = device.lines[:1], Head(1, line_hash(device.lines[0]))
    device.write(BOOT, stage.item.start)
    answer = device.upload()
    assert (answer.status_code, error_of(answer)) == (409, "wrong-previous")
    assert faults() == [(2, "fork", False)]
    assert JournalRecord.objects.get(seq=2).kind == "shutdown"


def test_an_unreadable_line_ends_the_batch_and_what_was_good_is_kept(stage: Stage) -> None:
    device = written(stage, 2)
    answer = device.upload([*device.lines, '{"v":1}'])
    assert (answer.status_code, error_of(answer)) == (409, "broken-line")
    assert JournalRecord.objects.count() == 2
    assert faults() == [(3, "broken-line", False)]


def test_one_flipped_bit_in_a_batch_is_noticed(stage: Stage) -> None:
    device = written(stage, 2)
    batch = bytearray(device.batch())
    batch[len(batch) // 3] ^= 1
    assert device.post("journal", bytes(batch)).status_code in {400, 403}
    assert not JournalRecord.objects.exists()
    assert device.upload().status_code == 200


def test_a_batch_signed_by_another_key_is_refused(stage: Stage) -> None:
    device = written(stage, 1)
    forged = sign_batch(device.id, device.lines, SigningKey.generate())
    answer = device.post("journal", forged)
    assert (answer.status_code, error_of(answer)) == (403, "unknown-key")
    assert not JournalRecord.objects.exists()
    assert device.upload().status_code == 200


def test_nobody_hands_in_another_devices_journal(stage: Stage, tech: Person) -> None:
    device = written(stage, 1)
    now = stage.hand.now()
    other = device_on(cluster_in(stage.unit, tech, now, "Cụm khác"), tech, now)
    assert device.post("journal", other.batch([])).status_code == 403
    own_name = sign_batch(other.id, device.lines, other.key)
    assert error_of(other.post("journal", own_name)) == "wrong-node"
    others_name = sign_batch(device.id, device.lines, other.key)
    assert error_of(other.post("journal", others_name)) == "wrong-node"
    assert not JournalRecord.objects.exists()
    assert {row.node_id for row in JournalFault.objects.all()} == {other.id}


def test_a_batch_too_large_is_refused_before_it_is_read(stage: Stage) -> None:
    answer = stage.device.post("journal", b"x" * (512 * 1024 + 1))
    assert (answer.status_code, error_of(answer)) == (413, "too-large")
    assert written(stage, 1).upload().status_code == 200


def test_an_empty_batch_tells_where_the_journal_stands(stage: Stage) -> None:
    written(stage, 2).upload()
    assert stage.device.upload([]).json() == {"accepted_through": 2}
