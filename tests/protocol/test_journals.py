"""Every change to a journal is found, and the first line that cannot be trusted is named."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.protocol.conftest import NOW
from vang_protocol import strict_json
from vang_protocol.envelopes import PLAN_TYPE, PublicKey, SigningKey, sign_envelope
from vang_protocol.journals import (
    EMPTY,
    ChainBroken,
    Head,
    Record,
    Stamp,
    encode_line,
    fitting,
    line_hash,
    open_batch,
    parse_line,
    sign_batch,
    verify_chain,
)
from vang_protocol.limits import JOURNAL_BATCH_BYTES
from vang_protocol.reasons import Reason, Refused
from vang_protocol.records import (
    KINDS,
    Armed,
    Boot,
    ClockStep,
    DiskFull,
    End,
    Enrolled,
    Event,
    Fetched,
    FetchFailed,
    LiveHeard,
    Missed,
    OrderAccepted,
    OrderRefused,
    PlanAccepted,
    PlanRefused,
    PlayEnded,
    PlayStarted,
    Shutdown,
    Silence,
    SinkError,
)
from vang_protocol.states import ClockSource

HASH = "ab" * 32
EVENTS: list[Event] = [
    Enrolled("20641", "c1", HASH, "https://vang.example"),
    Boot("vang-node 0.1.0", "alsa:default", 0),
    PlanAccepted(17, HASH, 3, 0),
    PlanRefused(Reason.OLDER_VERSION, "16, already at 17", HASH),
    Fetched(HASH, 180_000, 712),
    FetchFailed(HASH, Reason.WRONG_HASH, "", 1),
    Armed("p12-1", HASH, NOW),
    PlayStarted("p12-1", "e-1", HASH, 17, NOW, NOW, -6, 1, 0),
    PlayEnded("p12-1", End.DONE, 1, NOW, -312, 2_880_000, 0, -1843),
    PlayEnded("p12-2", End.POWER_LOST, 1, None, None, None, None, None),
    Missed("p12-3", "e-3", NOW, Reason.NOT_FETCHED),
    ClockStep(-3_600_000, schedule_kept=True),
    SinkError("No such device"),
    Silence("p12-1", 3_020, -12_000),
    DiskFull(180_000, 12),
    OrderAccepted("0197", HASH, "play", "test", "binh, hanh"),
    OrderRefused("0198", HASH, Reason.TOO_FEW_PEOPLE, "of 2"),
    LiveHeard("command-0199", "0a" * 8, 900, 12, 3, 4, 0, 240),
    Shutdown("SIGTERM"),
]


def chain(events: list[Event] = EVENTS, node: str = "n1") -> list[str]:
    lines, head = [], EMPTY
    for event in events:
        clock = Stamp(ClockSource.SERVER, 3)
        at = NOW + timedelta(seconds=head.seq)
        line = encode_line(Record(node, head.seq + 1, head.hash, at, "b1", clock, event))
        lines.append(line)
        head = Head(head.seq + 1, line_hash(line))
    return lines


def broken(lines: list[str], **after: object) -> tuple[int, Reason]:
    """Where and why the chain breaks; the untouched one holds in the same breath."""
    assert len(verify_chain(chain(), node="n1")) == len(EVENTS)
    with pytest.raises(ChainBroken) as caught:
        verify_chain(lines, node="n1", **after)  # type: ignore[arg-type]
    return caught.value.seq, caught.value.reason


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.kind)
def test_a_record_reads_back_as_it_was_written(event: Event) -> None:
    (record,) = verify_chain(chain([event]), node="n1")
    assert record.event == event
    assert record.clock == Stamp(ClockSource.SERVER, 3)


def test_every_kind_the_protocol_names_is_covered_here() -> None:
    assert {event.kind for event in EVENTS} == set(KINDS)


def test_a_chain_continues_where_the_last_batch_ended() -> None:
    lines = chain()
    records = verify_chain(lines[5:], node="n1", after_seq=5, after_hash=line_hash(lines[4]))
    assert [record.seq for record in records] == list(range(6, len(EVENTS) + 1))


@given(st.integers(0, len(EVENTS) - 2))
def test_a_removed_line_is_a_gap(index: int) -> None:
    lines = chain()
    del lines[index]
    assert broken(lines) == (index + 1, Reason.GAP)


@given(st.integers(0, len(EVENTS) - 2))
def test_two_lines_in_the_wrong_order_are_a_gap(index: int) -> None:
    lines = chain()
    lines[index : index + 2] = lines[index + 1], lines[index]
    assert broken(lines) == (index + 1, Reason.GAP)


def test_a_repeated_line_is_a_gap() -> None:
    lines = chain()
    assert broken([*lines[:4], lines[3], *lines[4:]]) == (5, Reason.GAP)


def test_a_rewritten_line_breaks_the_one_after_it() -> None:
    lines = chain()
    record = parse_line(lines[10])
    lines[10] = encode_line(replace(record, event=Missed("p12-3", "e-3", NOW, Reason.LATE)))
    assert broken(lines) == (12, Reason.WRONG_PREVIOUS)


@given(st.data())
def test_a_flipped_bit_in_any_line_but_the_last_is_found(data: st.DataObject) -> None:
    lines = chain()
    index = data.draw(st.integers(0, len(lines) - 2))
    raw = bytearray(lines[index].encode())
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 6))
    lines[index] = raw.decode("utf-8", "replace")
    seq, _ = broken(lines)
    assert seq in {index + 1, index + 2}


def test_a_line_of_another_node_is_found() -> None:
    lines = [*chain()[:3], chain(node="n2")[3]]
    assert broken(lines) == (4, Reason.WRONG_NODE)


def test_a_chain_that_does_not_begin_at_the_beginning_is_a_gap() -> None:
    assert broken(chain()[2:]) == (1, Reason.GAP)


@pytest.mark.parametrize(
    ("name", "value"),
    [("error_us", True), ("error_us", "1"), ("end", "finished"), ("extra", 1), ("frames", [])],
)
def test_a_record_with_a_strange_field_cannot_be_read(name: str, value: object) -> None:
    (line,) = chain([EVENTS[8]])
    table = strict_json.decode(line.encode(), limit=4096)
    table[name] = value
    changed = strict_json.canonical(table).decode()
    assert broken([changed]) == (1, Reason.BROKEN_LINE)


def test_a_batch_is_opened_by_the_key_of_its_node(key: SigningKey) -> None:
    batch = open_batch(sign_batch("n1", chain(), key), key=key.public)
    assert (batch.node, list(batch.lines)) == ("n1", chain())


def test_a_batch_signed_by_another_key_is_refused(key: SigningKey) -> None:
    data = sign_batch("n1", chain(), SigningKey.generate())
    with pytest.raises(Refused) as caught:
        open_batch(data, key=key.public)
    assert caught.value.reason is Reason.UNKNOWN_KEY
    assert open_batch(sign_batch("n1", chain(), key), key=key.public)


def test_a_plan_is_no_batch(key: SigningKey) -> None:
    payload = strict_json.canonical({"v": 1, "node": "n1", "records": []})
    with pytest.raises(Refused) as caught:
        open_batch(sign_envelope(payload, PLAN_TYPE, key), key=key.public)
    assert caught.value.reason is Reason.WRONG_TYPE


def test_as_many_lines_are_taken_as_one_batch_may_hold(key: SigningKey) -> None:
    long_line = chain([PlanRefused(Reason.BAD_FIELDS, "đ" * 200, HASH)])[0]
    taken = fitting([long_line] * 3000)
    assert 300 < len(taken) < 3000
    assert len(sign_batch("n1", taken, key)) <= JOURNAL_BATCH_BYTES
    assert len(sign_batch("n1", taken, key)) > JOURNAL_BATCH_BYTES * 9 // 10


def test_a_naive_time_cannot_enter_a_record() -> None:
    naive = datetime(2026, 11, 23, 9, 0)
    with pytest.raises(ValueError, match="time zone"):
        encode_line(replace(parse_line(chain()[0]), at=naive))


def test_a_public_key_is_its_own_name() -> None:
    key = PublicKey("00" * 32)
    assert key.keyid == "66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925"
