"""A microphone is opened by a person for places and minutes; its frames are the session's alone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.protocol.conftest import NOW
from tests.protocol.province import a_command, a_listener, a_policy, grant, signed
from vang_protocol import strict_json
from vang_protocol.commands import (
    Audience,
    Command,
    Kind,
    Live,
    Mode,
    encode_command,
    parse_command,
    payload_of,
)
from vang_protocol.deciding import Accepted, Listener, decide
from vang_protocol.links import (
    Datagrams,
    Join,
    Joined,
    encode_message,
    parse_from_link,
    parse_from_node,
)
from vang_protocol.live import (
    MOST_BYTES,
    PACKET_BYTES,
    Frame,
    SessionKey,
    open_frame,
    seal_frame,
    session_of,
)
from vang_protocol.plans import Priority
from vang_protocol.policies import encode_policy, parse_policy
from vang_protocol.reasons import Reason, Refused

SESSION = "0a" * 8
KEY = SessionKey()
GROUP = bytes(range(32))
HERE = Audience(clusters=(("20662", "c1"),))


def an_opening(minutes: float = 5, **changed: Any) -> Command:
    until = NOW + timedelta(minutes=minutes)
    usual: dict[str, Any] = {
        "id": "0199-live",
        "kind": Kind.OPEN_LIVE,
        "priority": Priority.PRIORITY,
        "audience": HERE,
        "expires": until,
        "manifest": None,
        "repeat": 1,
        "max_play_ms": int(minutes * 60_000),
        "live": Live(SESSION, KEY.public, until, 1000),
    }
    return a_command(**{**usual, **changed})


def a_grant(**changed: Any) -> Any:
    usual: dict[str, Any] = {
        "kinds": frozenset({Kind.OPEN_LIVE}),
        "priorities": frozenset({Priority.PRIORITY}),
        "persons": frozenset({"an"}),
        "threshold": 1,
        "clusters": frozenset({("20662", "c1")}),
        "until": NOW + timedelta(days=30),
    }
    return grant("a-live-an", **{**usual, **changed})


def listener(*grants: Any, **changed: Any) -> Listener:
    policy = a_policy(grants=(*a_policy().grants, *(grants or (a_grant(),))))
    return a_listener(policy=policy, **changed)


def verdict(command: Command, where: Listener, person: str = "an") -> Accepted | Reason:
    try:
        return decide(signed(command, person), where)
    except Refused as error:
        return error.reason


def test_one_person_whom_the_policy_names_opens_it_where_they_may() -> None:
    assert isinstance(verdict(an_opening(), listener()), Accepted)
    assert verdict(an_opening(), listener(), "binh") is Reason.TOO_FEW_PEOPLE
    elsewhere = Audience(clusters=(("20662", "c1"), ("20662", "c2")))
    assert verdict(an_opening(audience=elsewhere), listener()) is Reason.NOT_ALLOWED
    everywhere = Audience(units=("20662",))
    assert verdict(an_opening(audience=everywhere), listener()) is Reason.NOT_ALLOWED
    assert isinstance(
        verdict(an_opening(audience=everywhere), listener(a_grant(clusters=None))), Accepted
    )


def test_a_permission_ends_with_its_day_and_length() -> None:
    assert verdict(an_opening(), listener(a_grant(until=NOW))) is Reason.NOT_ALLOWED
    assert verdict(an_opening(), listener(a_grant(max_play_ms=60_000))) is Reason.OVER_LIMIT
    assert isinstance(verdict(an_opening(1), listener(a_grant(max_play_ms=60_000))), Accepted)


def test_outside_the_hours_of_the_plan_nobody_is_let_speak() -> None:
    night = listener(hours=lambda _command: Reason.QUIET_HOURS)
    assert verdict(an_opening(), night) is Reason.QUIET_HOURS
    assert isinstance(verdict(an_opening(), listener(hours=lambda _command: None)), Accepted)


@pytest.mark.parametrize(
    "changed",
    [
        {"live": None},
        {"priority": Priority.EMERGENCY},
        {"mode": Mode.TEST},
        {"repeat": 2},
        {"max_play_ms": 299_999},
        {"expires": NOW + timedelta(minutes=6)},
        {"manifest": "ab" * 32},
        {"nonce": "n1"},
        {"kind": Kind.LINK_TEST, "max_play_ms": 0},
    ],
)
def test_what_is_not_whole_is_no_command(changed: dict[str, Any]) -> None:
    assert parse_command(encode_command(an_opening())) == an_opening()
    with pytest.raises(Refused) as caught:
        encode_command(replace(an_opening(), **changed))
    assert caught.value.reason is Reason.BAD_FIELDS


def test_longer_than_ten_minutes_is_no_command() -> None:
    encode_command(an_opening(10))
    with pytest.raises(Refused):
        encode_command(an_opening(10.1))


def test_a_command_without_a_microphone_has_the_bytes_it_always_had() -> None:
    payload = encode_command(a_command())
    assert b"live" not in payload
    assert payload_of(parse_command(payload)) == payload
    assert b"clusters" not in strict_json.canonical(
        strict_json.decode(encode_policy(a_policy()), limit=10**6)["grants"][0]
    )


def test_a_grant_for_places_reads_back() -> None:
    policy = a_policy(grants=(*a_policy().grants, a_grant()))
    assert parse_policy(encode_policy(policy)) == policy


@pytest.mark.parametrize("message", [Join(SESSION)])
def test_a_node_that_joins_reads_back(message: Join) -> None:
    assert parse_from_node(encode_message(message)) == message


@pytest.mark.parametrize(
    "message", [Datagrams(8001, SESSION, "0b" * 32), Joined(SESSION, "0b" * 32)]
)
def test_what_the_link_hands_out_reads_back(message: Datagrams | Joined) -> None:
    assert parse_from_link(encode_message(message)) == message


def a_frame(**changed: Any) -> Frame:
    return replace(Frame(bytes.fromhex(SESSION), 7, 10**15, b"now" * 60, b"before" * 30), **changed)


def sealed(frame: Frame | None = None, key: SessionKey = KEY, group: bytes = GROUP) -> bytes:
    return seal_frame(frame or a_frame(), sign=key.sign, group_key=group)


def opened(data: bytes, **changed: Any) -> Frame | Reason:
    usual: dict[str, Any] = {
        "session": bytes.fromhex(SESSION), "public": KEY.public, "group_key": GROUP,
    }  # fmt: skip
    try:
        return open_frame(data, **{**usual, **changed})
    except Refused as error:
        return error.reason


PACKETS = st.binary(max_size=PACKET_BYTES)


@given(st.integers(0, 2**32 - 1), st.integers(0, 2**63), PACKETS, PACKETS)
def test_a_frame_reads_back_and_fits(seq: int, play_at: int, packet: bytes, before: bytes) -> None:
    frame = Frame(bytes.fromhex(SESSION), seq, play_at, packet, before)
    data = sealed(frame)
    assert len(data) <= MOST_BYTES
    assert session_of(data) == frame.session
    assert opened(data) == frame


@given(st.data())
def test_not_one_bit_of_it_can_be_changed(data: st.DataObject) -> None:
    good = bytearray(sealed())
    place = data.draw(st.integers(0, len(good) * 8 - 1))
    good[place // 8] ^= 1 << place % 8
    assert isinstance(opened(bytes(good)), Reason)


@given(st.binary(max_size=MOST_BYTES + 10))
def test_noise_is_refused_with_a_reason(data: bytes) -> None:
    assert isinstance(opened(data), Reason)
    assert isinstance(opened(sealed()[:13] + data), Reason)


def insider(frame: Frame) -> bytes:
    """A node of the session has the group key, and signs with a key of its own."""
    return sealed(frame, SessionKey())


ATTACKS: list[tuple[str, Reason, Callable[[], Frame | Reason]]] = [
    ("a stranger without keys", Reason.BAD_ENVELOPE, lambda: opened(sealed(group=bytes(32)))),
    ("a node of the session", Reason.BAD_SIGNATURE, lambda: opened(insider(a_frame()))),
    (
        "a frame of another session",
        Reason.WRONG_TYPE,
        lambda: opened(sealed(a_frame(session=b"8 others"))),
    ),
    (
        "the speaker's frame put into another session by a node of both",
        Reason.BAD_SIGNATURE,
        lambda: opened(rewrapped(sealed(), b"8 others"), session=b"8 others"),
    ),
    ("too long", Reason.TOO_LARGE, lambda: opened(sealed() + bytes(MOST_BYTES))),
    ("cut off", Reason.BAD_ENVELOPE, lambda: opened(sealed()[:-1])),
]


def rewrapped(data: bytes, session: bytes) -> bytes:
    """Unsealed and sealed again under another header, by whoever has the group key."""
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    nonce = bytes(8) + data[9:13]
    inner = ChaCha20Poly1305(GROUP).decrypt(nonce, data[13:], data[:13])
    head = b"L" + session + data[9:13]
    return head + ChaCha20Poly1305(GROUP).encrypt(nonce, inner, head)


@pytest.mark.parametrize(
    ("reason", "attack"), [a[1:] for a in ATTACKS], ids=[a[0] for a in ATTACKS]
)
def test_nobody_else_is_heard(reason: Reason, attack: Callable[[], Frame | Reason]) -> None:
    assert opened(sealed()) == a_frame()
    assert attack() is reason
