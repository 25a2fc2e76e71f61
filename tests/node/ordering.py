"""Orders of two people to a real node of the town, and what it answered."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.node.tape import noise
from tests.node.town import UNIT, Town, utc_now
from tests.protocol.province import a_command, a_policy, grant, signed
from vang_node.sinks import Block
from vang_protocol.commands import Audience, Command, Kind, Live, Mode
from vang_protocol.grants import Approved
from vang_protocol.links import Order
from vang_protocol.manifests import Manifest, Part, Piece, encode_manifest
from vang_protocol.plans import Priority
from vang_protocol.policies import Policy
from vang_protocol.receipts import Phase
from vang_protocol.strict_json import digest


def policy_of_town(**changed: Any) -> Policy:
    """Two for the real thing and for drills, one for silence; templates come later."""
    here: dict[str, Any] = {"issuer": UNIT, "communes": frozenset({UNIT})}
    silence = frozenset({Kind.CANCEL, Kind.STOP})
    drills = frozenset({Mode.TEST, Mode.EXERCISE})
    now = utc_now()
    usual = a_policy(
        version=1,
        issued=now - timedelta(days=1),
        expires=now + timedelta(days=90),
        grants=(
            grant("loud", **here),
            grant("silent", **here, kinds=silence, threshold=1),
            grant("drill", **here, modes=drills, ceiling_db=-10),
            grant(
                "voice",
                **here,
                kinds=frozenset({Kind.OPEN_LIVE}),
                threshold=1,
                priorities=frozenset({Priority.PRIORITY}),
                persons=frozenset({"hanh"}),
                max_play_ms=600_000,
            ),
        ),
        epochs=((UNIT, 1),),
        templates=(),
    )
    return replace(usual, **changed)


def with_templates(policy: Policy, *approved: Approved) -> Policy:
    """The next one: Bình alone may let these sound."""
    alone = grant(
        "alone",
        issuer=UNIT,
        communes=frozenset({UNIT}),
        threshold=1,
        max_play_ms=180_000,
        persons=frozenset({"binh"}),
        templates=frozenset(one.template for one in approved),
    )
    grants = (*policy.grants, alone)
    return replace(policy, version=policy.version + 1, grants=grants, templates=approved)


def a_sound(town: Town, samples: Block, mode: Mode = Mode.ACTUAL, tone_ms: int = 1_000) -> bytes:
    """The manifest: a siren when it is real, then the samples."""
    audio = town.add_audio(samples)
    tone = (Piece(Part.TONE, tone_ms),) if mode is Mode.ACTUAL else ()
    pieces = (*tone, Piece(Part.SPEECH, audio.duration_ms, audio))
    return encode_manifest(Manifest(mode, "vi", "Lũ quét", "ef" * 32, "Mai", pieces))


def order_of(manifest: bytes, *people: str, **changed: Any) -> Order:
    usual = {"id": "c1", "manifest": digest(manifest), "repeat": 1}
    command = fresh(**{**usual, **changed})
    return Order(signed(command, *(people or ("binh", "hanh"))).decode(), manifest.decode())


def an_order(town: Town, seconds: float = 2.0, **changed: Any) -> Order:
    return order_of(a_sound(town, noise(seconds)), **changed)


def fresh(**changed: Any) -> Command:
    now = utc_now().replace(microsecond=0)
    return a_command(
        issuer=UNIT,
        audience=Audience(units=(UNIT,)),
        issued=now,
        not_before=now,
        expires=now + timedelta(minutes=10),
        **changed,
    )


def an_opening(session: str, key: str, seconds: int = 60, **changed: Any) -> Command:
    """Hạnh's microphone, for the whole commune."""
    now = utc_now().replace(microsecond=0)
    until = now + timedelta(seconds=seconds)
    usual: dict[str, Any] = {
        "id": "v1",
        "kind": Kind.OPEN_LIVE,
        "priority": Priority.PRIORITY,
        "manifest": None,
        "repeat": 1,
        "max_play_ms": seconds * 1000,
        "live": Live(session, key, until, 1000),
        **changed,
    }
    return replace(fresh(**usual), expires=until)


def phases(town: Town, command: str = "c1") -> list[Phase]:
    return [one.phase for one in town.receipts if one.command == command]
