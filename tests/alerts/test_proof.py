"""The evidence of an alert holds without us, and every change to it is found."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.node.repository import Repository
from tests.protocol.conftest import NOW
from tests.protocol.province import a_cancel, a_command, a_manifest, a_policy, signed
from vang.alerts.proof.bundle import Bundle, Ordered, Shown, Spoke, read_bundle, write_bundle
from vang.alerts.proof.verifying import verify
from vang.cli import main
from vang_protocol.commands import item_of
from vang_protocol.deciding import read_command
from vang_protocol.envelopes import SigningKey
from vang_protocol.instants import format_instant
from vang_protocol.journals import EMPTY, Head, Record, Stamp, encode_line, line_hash
from vang_protocol.manifests import encode_manifest
from vang_protocol.receipts import Phase, Receipt, sign_receipt
from vang_protocol.records import End, Event, OrderAccepted, PlayEnded, PlayStarted
from vang_protocol.states import ClockSource
from vang_protocol.strict_json import digest

POLICY = a_policy(version=1)
PROVINCE = Repository(POLICY, NOW)
KEY = SigningKey.generate()
MANIFEST = encode_manifest(a_manifest()).decode()
ALERT, CANCEL = signed(a_command(), "binh", "hanh"), signed(a_cancel(), "hanh")


def payload_hash(envelope: bytes) -> str:
    return digest(bytes(read_command(envelope)[0].payload))


def journal() -> tuple[str, ...]:
    """Three lines out of the middle of a node's journal."""
    item = item_of("0197-flood")
    events: list[Event] = [
        OrderAccepted("0197-flood", payload_hash(ALERT), "play", "actual", "binh, hanh"),
        PlayStarted(item, item, digest(MANIFEST.encode()), 1, NOW, NOW, 0, 1, 0),
        PlayEnded(item, End.STOPPED, 1, NOW, 12, 480_000, 0, -1_500),
    ]
    lines, head = [], Head(40, EMPTY.hash)
    for event in events:
        stamp = Stamp(ClockSource.SERVER, 3)
        record = Record("n1", head.seq + 1, head.hash, NOW, "b1", stamp, event)
        lines.append(encode_line(record))
        head = Head(head.seq + 1, line_hash(lines[-1]))
    return tuple(lines)


def receipt(envelope: bytes, command: str, phase: Phase, **changed: Any) -> str:
    made = Receipt("n1", command, payload_hash(envelope), phase, NOW)
    return sign_receipt(replace(made, **changed), KEY).decode()


def a_bundle(**changed: Any) -> Bundle:
    shown = Shown("Trần Thị Bình", payload_hash(ALERT), format_instant(NOW), "Phát THẬT tới 1 loa")
    node = Spoke(
        "n1",
        "20662",
        "c1",
        KEY.public.public,
        (
            receipt(ALERT, "0197-flood", Phase.ACCEPTED),
            receipt(ALERT, "0197-flood", Phase.INTERRUPTED),
            receipt(CANCEL, "0198-cancel", Phase.DONE),
        ),
        journal(),
    )
    usual = Bundle(
        alert="urn:uuid:1",
        headline="Lũ quét",
        made_at=format_instant(NOW + timedelta(hours=1)),
        root=PROVINCE.pinned.decode(),
        targets=PROVINCE.files["metadata/1.targets.json"].decode(),
        policy=next(d for n, d in PROVINCE.files.items() if n.startswith("targets/")).decode(),
        orders=(Ordered(ALERT.decode(), MANIFEST, (shown,)), Ordered(CANCEL.decode(), "", ())),
        nodes=(node,),
    )
    return replace(usual, **changed)


def with_node(**changed: Any) -> Bundle:
    return a_bundle(nodes=(replace(a_bundle().nodes[0], **changed),))


def test_it_holds_and_says_who_when_and_what() -> None:
    found = verify(read_bundle(write_bundle(a_bundle())))
    assert found.wrong == []
    assert found.people == {
        "0197-flood": ("Binh (binh)", "Hanh (hanh)"),
        "0198-cancel": ("Hanh (hanh)",),
    }
    assert found.phases == {"n1": ["accepted", "interrupted", "done"]}
    assert found.heard == [f"n1 {NOW.isoformat()}"]
    assert verify(a_bundle(), root_fingerprint=found.fingerprint).wrong == []


OTHER = Repository(POLICY, NOW)
LIES: dict[str, Callable[[], Bundle]] = {
    "another province's root": lambda: a_bundle(root=OTHER.pinned.decode()),
    "a policy that nobody signed": lambda: a_bundle(
        policy=a_bundle().policy.replace('"threshold":2', '"threshold":1', 1)
    ),
    "one signature less": lambda: a_bundle(
        orders=(Ordered(signed(a_command(), "binh").decode(), MANIFEST, ()),)
    ),
    "another sound": lambda: a_bundle(
        orders=(Ordered(ALERT.decode(), MANIFEST.replace("Mai", "Lan"), ()),)
    ),
    "no command at all": lambda: a_bundle(orders=()),
    "other bytes before their eyes": lambda: a_bundle(
        orders=(
            replace(a_bundle().orders[0], shown=(Shown("Bình", "00" * 32, "", "…"),)),
            a_bundle().orders[1],
        )
    ),
    "another node's receipt": lambda: with_node(public_key=SigningKey.generate().public.public),
    "a receipt for another command": lambda: with_node(
        receipts=(receipt(ALERT, "0197-flood", Phase.PLAYED, sha256="00" * 32),)
    ),
    "a receipt that speaks for another": lambda: with_node(
        receipts=(receipt(ALERT, "0197-flood", Phase.PLAYED, node="n2"),)
    ),
    "a journal line left out": lambda: with_node(journal=(journal()[0], journal()[2])),
    "a journal line changed": lambda: with_node(
        journal=(journal()[0].replace("binh", "tinh"), *journal()[1:])
    ),
    "lines in another order": lambda: with_node(journal=journal()[::-1]),
    "another area": lambda: with_node(unit="20683"),
}


@pytest.mark.parametrize("what", LIES)
def test_every_lie_is_found(what: str) -> None:
    assert verify(LIES[what]()).wrong


def test_a_root_that_the_inspector_knows_otherwise_is_found() -> None:
    assert verify(a_bundle(), root_fingerprint="00" * 32).wrong


def test_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad, none = (tmp_path / name for name in ("good", "bad", "none"))
    good.write_bytes(write_bundle(a_bundle()))
    bad.write_bytes(write_bundle(LIES["one signature less"]()))
    none.write_bytes(b"{}")
    assert main(["evidence", "verify", str(good)]) == 0
    assert "everything holds" in capsys.readouterr().out
    assert main(["evidence", "verify", str(bad)]) == 1
    assert "WRONG" in capsys.readouterr().out
    assert main(["evidence", "verify", str(none)]) == 2


@given(st.data())
def test_no_changed_character_of_what_was_signed_passes_unseen(data: st.DataObject) -> None:
    """Of commands, sounds, receipts and journal; the last line is held by the one after it."""
    whole = a_bundle()
    order, node = whole.orders[0], whole.nodes[0]
    texts = [order.envelope, order.manifest, *node.receipts, *node.journal[:-1]]
    text = data.draw(st.sampled_from(texts))
    place = data.draw(st.integers(0, len(text) - 1))
    sign = data.draw(st.characters(min_codepoint=32, max_codepoint=126))
    changed = text[:place] + sign + text[place + 1 :]
    told = replace(
        whole,
        orders=(
            replace(
                order,
                envelope=changed if text == order.envelope else order.envelope,
                manifest=changed if text == order.manifest else order.manifest,
            ),
            whole.orders[1],
        ),
        nodes=(
            replace(
                node,
                receipts=tuple(changed if one == text else one for one in node.receipts),
                journal=tuple(changed if one == text else one for one in node.journal),
            ),
        ),
    )
    assert bool(verify(told).wrong) is (changed != text)
