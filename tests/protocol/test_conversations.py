"""Enrolment, sessions, states and link messages: what is written is what is read."""

import json

import pytest

from tests.protocol.conftest import NOW
from vang_protocol import strict_json
from vang_protocol.enrolments import (
    EnrolAnswer,
    EnrolRequest,
    answer_table,
    encode_request,
    parse_answer,
    parse_request,
)
from vang_protocol.envelopes import SigningKey
from vang_protocol.instants import format_instant, from_us, parse_instant, to_us
from vang_protocol.limits import LINK_MESSAGE_BYTES, LINK_ORDER_BYTES
from vang_protocol.links import (
    Bye,
    ClockAnswer,
    ClockQuestion,
    Hello,
    Hint,
    StateReport,
    encode_message,
    parse_from_link,
    parse_from_node,
)
from vang_protocol.reasons import Reason, Refused
from vang_protocol.sessions import session_is_signed, sign_session
from vang_protocol.states import (
    ClockSource,
    ClockState,
    ItemState,
    NodeState,
    SinkState,
    parse_state,
    state_table,
)

STATE = NodeState(
    node="n1",
    boot="b1",
    software="vang-node 0.1.0",
    plan_version=17,
    plan_sha256="ab" * 32,
    playing="p12-1",
    volume_db=-6,
    clock=ClockState(ClockSource.SERVER, -1200, 800),
    journal_seq=41,
    journal_head="cd" * 32,
    free_mb=900,
    sink=SinkState.OK,
    items={f"p12-{number}": ItemState.VERIFIED for number in range(20)},
)


def test_an_instant_keeps_its_milliseconds() -> None:
    text = "2026-11-23T08:00:00.250Z"
    assert format_instant(parse_instant(text)) == text
    assert to_us(parse_instant(text)) == 1_795_420_800_250_000
    assert from_us(to_us(NOW)) == NOW


@pytest.mark.parametrize(
    "text", ["2026-11-23T08:00:00.250+07:00", "2026-11-23", "٢٠٢٦-11-23T08:00:00.000Z"]
)
def test_another_spelling_of_an_instant_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="instant"):
        parse_instant(text)


def test_an_enrolment_reads_back(key: SigningKey) -> None:
    request = EnrolRequest("K7QF-22", key.public.public, "Cụm loa thôn 1", "vang-node 0.1.0")
    answer = EnrolAnswer("n1", "20641", "c1", (key.public,), "", 30, NOW, -3)
    assert parse_request(encode_request(request)) == request
    assert parse_answer(strict_json.canonical(answer_table(answer))) == answer


def test_a_key_under_a_false_id_cannot_be_pinned(key: SigningKey) -> None:
    table = answer_table(EnrolAnswer("n1", "20641", "c1", (key.public,), "", 30, NOW, 0))
    table["routine_keys"][0]["keyid"] = "00" * 32
    with pytest.raises(Refused):
        parse_answer(strict_json.canonical(table))


def test_a_session_is_signed_for_one_node_and_one_challenge(key: SigningKey) -> None:
    signature = sign_session(key, "n1", "abc")
    assert session_is_signed(key.public, "n1", "abc", signature)
    assert not session_is_signed(key.public, "n2", "abc", signature)
    assert not session_is_signed(key.public, "n1", "abd", signature)
    assert not session_is_signed(SigningKey.generate().public, "n1", "abc", signature)
    assert not session_is_signed(key.public, "n1", "abc", "zz")


def test_a_challenge_cannot_smuggle_another_node(key: SigningKey) -> None:
    with pytest.raises(Refused):
        sign_session(key, "n1:x", "abc")


@pytest.mark.parametrize("message", [Hello(STATE), StateReport(STATE), ClockQuestion(17)])
def test_what_a_node_says_reads_back(message: Hello) -> None:
    assert parse_from_node(encode_message(message)) == message


@pytest.mark.parametrize("message", [Hint(17), ClockAnswer(1, 2, 3), Bye("restart")])
def test_what_the_link_says_reads_back(message: Hint) -> None:
    assert parse_from_link(encode_message(message)) == message


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "[]",
        '{"t":"play","url":"http://example/a.mp3"}',
        '{"t":"hint","plan":1.5}',
        '{"t":"hint","plan":1,"now":true}',
        '{"t":"hint","t":"bye","plan":1}',
        '{"t":"hint","plan":"\ud800"}',
    ],
)
def test_anything_else_on_the_link_is_refused(frame: str) -> None:
    assert parse_from_link('{"t":"hint","plan":1}') == Hint(1)
    with pytest.raises(Refused):
        parse_from_link(frame)


def test_a_frame_that_is_too_long_is_not_read() -> None:
    for read, most in (
        (parse_from_link, LINK_ORDER_BYTES),
        (parse_from_node, LINK_MESSAGE_BYTES),
    ):
        with pytest.raises(Refused) as caught:
            read(" " * (most + 1))
        assert caught.value.reason is Reason.TOO_LARGE


def test_a_full_state_fits_into_one_frame() -> None:
    assert len(encode_message(Hello(STATE))) < LINK_MESSAGE_BYTES


@pytest.mark.parametrize(
    ("name", "value"),
    [("volume_db", 3), ("sink", "loud"), ("node", ""), ("items", []), ("free_mb", -1)],
)
def test_a_state_with_a_strange_field_is_refused(name: str, value: object) -> None:
    assert parse_state(state_table(STATE)) == STATE
    with pytest.raises(Refused):
        parse_state({**state_table(STATE), name: value})


def test_reason_codes_are_distinct_and_each_has_a_sentence() -> None:
    codes = [reason.value for reason in Reason]
    assert len(set(codes)) == len(codes)
    assert all(reason.text.endswith(".") for reason in Reason)
    assert Reason.by_code("late") is Reason.LATE
    assert Reason.by_code("nonsense") is None


def test_canonical_bytes_are_compact_sorted_and_unescaped() -> None:
    assert strict_json.canonical({"b": "đ", "a": [1]}) == '{"a":[1],"b":"đ"}'.encode()
    assert json.loads(strict_json.canonical({"b": "đ"})) == {"b": "đ"}
