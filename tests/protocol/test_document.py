"""docs/en/protocol.md says what the code does: its examples and its tables are read here."""

import json
import re
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from vang_protocol import limits, strict_json
from vang_protocol.acceptance import accept_plan
from vang_protocol.envelopes import SigningKey
from vang_protocol.plans import encode_plan, parse_plan, sign_plan
from vang_protocol.reasons import Reason
from vang_protocol.records import KINDS
from vang_protocol.sessions import session_is_signed, sign_session

TEXT = (Path(__file__).resolve().parents[2] / "docs/en/protocol.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```\w+\n(.*?)\n```$", TEXT, re.DOTALL | re.MULTILINE)
PUBLIC, KEY_ID, PAYLOAD, ORDERS, ENVELOPE, HASH, SESSION = EXAMPLES
KEY = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))


def test_the_example_envelope_is_accepted_and_is_what_we_would_sign() -> None:
    accepted = accept_plan(
        ENVELOPE.encode(),
        unit="20641",
        routine_keys=[KEY.public],
        current=None,
        now=datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
    )
    assert accepted.sha256 == HASH
    assert encode_plan(accepted.plan).decode() == PAYLOAD
    assert sign_plan(accepted.plan, KEY) == ENVELOPE.encode()


def test_the_example_orders_are_read_and_written_as_they_stand() -> None:
    table = {**json.loads(PAYLOAD), "orders": json.loads(ORDERS)}
    payload = strict_json.canonical(table)
    assert ORDERS in payload.decode()
    assert encode_plan(parse_plan(payload)) == payload


def test_the_example_keys_and_session_are_right() -> None:
    assert KEY.public.public == PUBLIC
    assert KEY.public.keyid == KEY_ID
    assert sign_session(KEY, "n1", "abc") == SESSION
    assert session_is_signed(KEY.public, "n1", "abc", SESSION)


@pytest.mark.parametrize("reason", Reason, ids=lambda reason: reason.value)
def test_every_reason_is_in_the_table_with_its_words(reason: Reason) -> None:
    assert f"| `{reason.value}` | {reason.text} |" in TEXT


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_record_is_in_the_table_with_all_its_fields(kind: str) -> None:
    journal = TEXT.split("## 5.")[1].split("## 6.")[0]
    (row,) = [line for line in journal.splitlines() if line.startswith(f"| `{kind}` | ")]
    for entry in fields(KINDS[kind]):
        assert f"`{entry.name}`" in row


@pytest.mark.parametrize(
    "size",
    [
        limits.PLAN_BYTES,
        limits.JOURNAL_BATCH_BYTES,
        limits.JOURNAL_LINE_BYTES,
        limits.COMMAND_BYTES,
        limits.SIGNATURE_BYTES,
        limits.MANIFEST_BYTES,
        limits.LINK_MESSAGE_BYTES,
        limits.API_BODY_BYTES,
        limits.AUDIO_BYTES,
    ],
)
def test_every_limit_is_told(size: int) -> None:
    assert f"| {size:,} |" in TEXT
