"""Manifests, beacons and receipts: read as written, and every other spelling refused."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.protocol.conftest import NOW
from tests.protocol.province import READY, SPEECH, a_manifest
from vang_protocol import strict_json
from vang_protocol.beacons import Beacon, open_beacon, sign_beacon
from vang_protocol.commands import Mode
from vang_protocol.envelopes import SigningKey
from vang_protocol.manifests import (
    Manifest,
    Part,
    Piece,
    encode_manifest,
    named_manifest,
    parse_manifest,
)
from vang_protocol.reasons import Reason, Refused
from vang_protocol.receipts import Phase, Receipt, open_receipt, parse_receipt, sign_receipt

KEY = SigningKey.generate()


def test_a_manifest_is_read_as_it_was_written_and_found_by_its_hash() -> None:
    payload = encode_manifest(a_manifest())
    digest = strict_json.digest(payload)
    assert named_manifest(payload, sha256=digest, mode=Mode.ACTUAL) == a_manifest()
    assert a_manifest().duration_ms == 72_000
    assert a_manifest().audios == [READY, SPEECH]


BAD: dict[str, Callable[[], Manifest]] = {
    "nothing is said": lambda: a_manifest(pieces=(Piece(Part.TONE, 8_000),)),
    "nothing at all": lambda: a_manifest(pieces=()),
    "a siren in a drill": lambda: a_manifest(mode=Mode.EXERCISE),
    "a siren in a test": lambda: a_manifest(mode=Mode.TEST),
    "a siren of a minute": lambda: a_manifest(
        pieces=(Piece(Part.TONE, 60_000), Piece(Part.SPEECH, 60_000, SPEECH))
    ),
    "a siren from a file": lambda: a_manifest(pieces=(Piece(Part.TONE, 60_000, SPEECH),)),
    "speech from nowhere": lambda: a_manifest(pieces=(Piece(Part.SPEECH, 60_000),)),
    "another length": lambda: a_manifest(pieces=(Piece(Part.SPEECH, 59_000, SPEECH),)),
}


@pytest.mark.parametrize("what", BAD)
def test_no_such_manifest_is_made(what: str) -> None:
    with pytest.raises(Refused) as caught:
        encode_manifest(BAD[what]())
    assert caught.value.reason is Reason.BAD_FIELDS


def test_another_text_or_mode_than_the_command_names_is_refused() -> None:
    payload = encode_manifest(a_manifest())
    digest = strict_json.digest(payload)
    for sha256, mode in (("00" * 32, Mode.ACTUAL), (digest, Mode.TEST)):
        with pytest.raises(Refused) as caught:
            named_manifest(payload, sha256=sha256, mode=mode)
        assert caught.value.reason is Reason.MANIFEST_WRONG


def a_beacon() -> Beacon:
    return Beacon("n1", "q1", NOW, 3, (("20662", 1, 70),), (12, "ab" * 32))


def test_a_beacon_answers_one_question_of_one_node() -> None:
    data = sign_beacon(a_beacon(), KEY)
    assert open_beacon(data, node="n1", nonce="q1", keys=(KEY.public,)) == a_beacon()
    wrong: list[tuple[dict[str, Any], Reason]] = [
        ({"node": "n2"}, Reason.NOT_FOR_ME),
        ({"nonce": "q2"}, Reason.NONCE_UNKNOWN),
        ({"keys": (SigningKey.generate().public,)}, Reason.UNKNOWN_KEY),
    ]
    for changed, reason in wrong:
        asked: dict[str, Any] = {"node": "n1", "nonce": "q1", "keys": (KEY.public,), **changed}
        with pytest.raises(Refused) as caught:
            open_beacon(data, **asked)
        assert caught.value.reason is reason


def test_after_a_beacon_nothing_that_was_numbered_before_is_obeyed() -> None:
    counter = a_beacon().counter_floors()["20662"]
    for seq in range(1, 71):
        with pytest.raises(Refused) as caught:
            counter.after(1, seq)
        assert caught.value.reason is Reason.SEQUENCE_USED
    assert counter.after(1, 71).highest == 71


def a_receipt(**changed: Any) -> Receipt:
    usual = Receipt("n1", "0197-flood", "ab" * 32, Phase.PLAYED, NOW)
    return replace(usual, **changed)


@pytest.mark.parametrize("phase", Phase)
def test_a_receipt_is_read_as_it_was_signed(phase: Phase) -> None:
    reason = Reason.EXPIRED if phase is Phase.REFUSED else None
    receipt = a_receipt(phase=phase, reason=reason)
    assert open_receipt(sign_receipt(receipt, KEY), key=KEY.public) == receipt
    assert phase.final is (phase.value not in {"accepted", "sounding"})


def test_a_receipt_of_another_node_is_not_taken() -> None:
    with pytest.raises(Refused) as caught:
        open_receipt(sign_receipt(a_receipt(), KEY), key=SigningKey.generate().public)
    assert caught.value.reason is Reason.UNKNOWN_KEY


def test_a_refusal_says_why_and_nothing_else_does() -> None:
    for changed in ({"phase": Phase.REFUSED}, {"reason": Reason.EXPIRED}):
        with pytest.raises(Refused):
            sign_receipt(a_receipt(**changed), KEY)


@given(
    st.sampled_from(sorted(json.loads(encode_manifest(a_manifest())))), st.integers() | st.none()
)
def test_wrong_values_are_refused_by_name(name: str, value: int | None) -> None:
    table = {**json.loads(encode_manifest(a_manifest())), name: value}
    if name == "v" and value == 1:
        return
    with pytest.raises(Refused):
        parse_manifest(strict_json.canonical(table))


@given(st.binary(max_size=200))
def test_noise_is_none_of_them(noise: bytes) -> None:
    for read in (parse_manifest, parse_receipt):
        with pytest.raises(Refused):
            read(noise)
    with pytest.raises(Refused):
        open_beacon(noise, node="n1", nonce="q1", keys=(KEY.public,))
