"""A policy that could count one person twice, or nobody, is not one; nor is any other spelling."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.protocol.conftest import NOW
from tests.protocol.province import (
    DAY,
    TEMPLATE,
    a_cancel,
    a_command,
    a_policy,
    grant,
    key_of,
    personal,
)
from vang_protocol import strict_json
from vang_protocol.commands import Audience, Command, Kind, encode_command, parse_command
from vang_protocol.envelopes import SigningKey
from vang_protocol.personal_keys import KeyKind, PersonalKey
from vang_protocol.plans import Priority
from vang_protocol.policies import Human, Policy, Use, encode_policy, parse_policy
from vang_protocol.reasons import Reason, Refused


def test_a_policy_is_read_as_it_was_written() -> None:
    policy = a_policy()
    assert parse_policy(encode_policy(policy)) == policy


def test_a_command_is_read_as_it_was_written() -> None:
    for command in (a_command(template=TEMPLATE, nonce="q1"), a_cancel()):
        assert parse_command(encode_command(command)) == command


SAME = key_of("binh").key

BAD: dict[str, Callable[[], Policy]] = {
    "one key of two people": lambda: a_policy(
        keys=(key_of("binh"), key_of("hanh", key=SAME), key_of("dung"), key_of("chi"))
    ),
    "one person's key twice": lambda: a_policy(keys=(*a_policy().keys, key_of("binh"))),
    "the same material as another kind": lambda: a_policy(
        demonstration=True,
        keys=(
            key_of("binh", key=PersonalKey(KeyKind.ED25519, "ab" * 32)),
            key_of("hanh", key=PersonalKey(KeyKind.EDDSA, "ab" * 32)),
        ),
    ),
    "a person twice": lambda: a_policy(
        persons=(*a_policy().persons, Human("binh", "Bình khác", "20662"))
    ),
    "a key of nobody": lambda: a_policy(keys=(key_of("nobody"),)),
    "a key in a file outside a demonstration": lambda: a_policy(
        keys=(key_of("binh", key=personal(SigningKey.generate())),)
    ),
    "a threshold of nobody": lambda: a_policy(grants=(grant("g", threshold=0),)),
    "a threshold nobody reaches": lambda: a_policy(grants=(grant("g", threshold=4),)),
    "a grant of strangers": lambda: a_policy(
        grants=(grant("g", persons=frozenset({"binh", "stranger"})),)
    ),
    "a grant of nobody": lambda: a_policy(grants=(grant("g", persons=frozenset()),)),
    "a grant for nowhere": lambda: a_policy(grants=(grant("g", communes=frozenset()),)),
    "a grant twice": lambda: a_policy(grants=(grant("g"), grant("g"))),
    "a grant without an epoch": lambda: a_policy(grants=(grant("g", issuer="99"),)),
    "an emergency by one": lambda: a_policy(grants=(grant("g", threshold=1),)),
    "four minutes by one": lambda: a_policy(
        grants=(grant("g", threshold=1, templates=frozenset({TEMPLATE}), max_play_ms=180_001),)
    ),
    "over before it begins": lambda: a_policy(expires=NOW - 10 * DAY),
    "an epoch twice": lambda: a_policy(epochs=(("20662", 1), ("20662", 2))),
}


@pytest.mark.parametrize("what", BAD)
def test_no_such_policy_is_signed_or_read(what: str) -> None:
    encode_policy(a_policy())
    with pytest.raises(Refused) as caught:
        encode_policy(BAD[what]())
    assert caught.value.reason is Reason.BAD_FIELDS


BAD_COMMANDS: dict[str, Callable[[], Command]] = {
    "to nobody": lambda: a_command(audience=Audience()),
    "over before it begins": lambda: a_command(expires=NOW),
    "before its issue": lambda: a_command(not_before=NOW - DAY),
    "sound without a limit": lambda: a_command(max_play_ms=0),
    "sound without a description": lambda: a_command(manifest=None),
    "silence with a sound": lambda: a_cancel(manifest="ab" * 32),
    "silence with a template": lambda: a_cancel(template=TEMPLATE),
    "a cancel of nothing": lambda: a_cancel(ends=()),
    "a stop that ends something later": lambda: a_cancel(kind=Kind.STOP),
    "one that ends itself": lambda: a_command(ends=("0197-flood",)),
    "an emergency in an hour": lambda: a_command(expires=NOW + DAY / 24),
    "for ever": lambda: a_command(repeat=21),
    "a number below one": lambda: a_command(seq=0),
    "louder than all": lambda: a_command(volume_db=1),
    "an id with a way out": lambda: a_command(id="../x"),
}


@pytest.mark.parametrize("what", BAD_COMMANDS)
def test_no_such_command_is_signed_or_read(what: str) -> None:
    encode_command(a_command())
    with pytest.raises(Refused) as caught:
        encode_command(BAD_COMMANDS[what]())
    assert caught.value.reason is Reason.BAD_FIELDS


def test_a_routine_command_may_wait_longer() -> None:
    encode_command(a_command(priority=Priority.PRIORITY, expires=NOW + DAY))


@pytest.mark.parametrize("name", ["url", "shell", "audio_url", "text"])
def test_there_is_no_room_for_an_address_or_a_word(name: str) -> None:
    table = json.loads(encode_command(a_command()))
    for bad in ({**table, name: "http://evil.example"}, {k: table[k] for k in table if k != "seq"}):
        with pytest.raises(Refused):
            parse_command(strict_json.canonical(bad))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=5,
)


@given(st.sampled_from(sorted(json.loads(encode_policy(a_policy())))), JSON)
def test_any_wrong_value_in_a_policy_is_refused_by_name(name: str, value: Any) -> None:
    table = {**json.loads(encode_policy(a_policy())), name: value}
    _refused_or_same(parse_policy, encode_policy, strict_json.canonical_or_none(table))


@given(st.sampled_from(sorted(json.loads(encode_command(a_command())))), JSON)
def test_any_wrong_value_in_a_command_is_refused_by_name(name: str, value: Any) -> None:
    table = {**json.loads(encode_command(a_command())), name: value}
    _refused_or_same(parse_command, encode_command, strict_json.canonical_or_none(table))


def _refused_or_same(parse: Any, encode: Any, payload: bytes | None) -> None:
    if payload is None:
        return
    try:
        read = parse(payload)
    except Refused:
        return
    assert len(encode(read)) == len(payload)


def test_a_training_key_is_written_as_one() -> None:
    policy = parse_policy(encode_policy(a_policy()))
    assert [one.person for one in policy.keys if one.use is Use.TRAINING] == ["tap"]
    assert replace(policy) == policy
