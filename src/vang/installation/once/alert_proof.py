"""Whether the villages heard what two people signed, and whether a stranger could tell."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from django.conf import settings
from tuf.api.metadata import Metadata, Root

from vang.alerts.proof.bundle import write_bundle
from vang.alerts.proof.making import bundle_of
from vang.base.files import FileStore
from vang.dispatch.models import CommandDelivery
from vang.evidence.capture import Samples, compare
from vang.evidence.models import JournalRecord
from vang.evidence.verification import journal_verified
from vang.installation.once.alert_story import Sounded
from vang.installation.once.columns import aligned
from vang.installation.once.takes import NoTake, find_take, read_sound
from vang.journal.chain import verify as verify_chain
from vang.stations.models import Node
from vang_protocol.commands import item_of
from vang_protocol.manifests import parse_manifest
from vang_protocol.records import PlayEnded

_BEGINNING_S = 20
"""Of longer words so much is compared: later the node may say again that it is an exercise."""
State = CommandDelivery.State


@dataclass(frozen=True)
class Heard:
    """One loudspeaker; seconds are counted from the last signature."""

    node: str
    state: str
    reason: str
    accepted_s: float | None
    sounding_s: float | None
    announced: bool
    words: int
    journal_verified: bool
    wav: str

    def holds(self, languages: int) -> bool:
        """It said that it is no real alarm, then every language's words, and answered for it."""
        spoke = self.announced and self.words == languages
        return self.state == State.PLAYED and spoke and self.journal_verified


def journals_tell(told: Sounded) -> bool:
    """Every loudspeaker's journal with the end of the sound has come in."""
    ended = JournalRecord.objects.filter(
        node__in=[one.node_id for one in told.deliveries],
        kind=PlayEnded.kind,
        line__contains=f'"{item_of(told.order.command)}"',
    )
    return ended.values("node").distinct().count() == len(told.deliveries)


def report_alert(told: Sounded, data: Path, *, now: datetime, nodes: int) -> int:
    """Print the table and the JSON line; 0 only when all of it holds."""
    pieces = parse_manifest(told.order.manifest.encode()).pieces
    words = [_sound(piece.audio.sha256) for piece in pieces if piece.audio is not None]
    rows = [_heard(one, told, words, data) for one in told.deliveries]
    bundle = data / "evidence.json"
    bundle.write_bytes(write_bundle(bundle_of(told.alert, now=now)))
    verified = _verified_elsewhere(bundle, _pinned_root(data, told.deliveries[0].node))
    whole = not any(verify_chain(()))
    everyone = len(rows) == nodes and all(row.holds(len(words)) for row in rows)
    passed = everyone and verified and whole
    print(_table(rows, len(words)))
    print(f"evidence:    {bundle}  {'verified offline' if verified else 'DOES NOT HOLD'}")
    print(f"audit log:   {'whole' if whole else 'BROKEN'}")
    facts = {"passed": passed, "evidence": str(bundle), "evidence_verified": verified}
    facts |= {"audit_whole": whole, "data": str(data), "nodes": [asdict(row) for row in rows]}
    print(json.dumps(facts, ensure_ascii=False), flush=True)
    return 0 if passed else 1


def _sound(sha256: str) -> Samples:
    samples, rate = read_sound(FileStore(Path(settings.DATA) / "files").path(sha256))
    return samples[: _BEGINNING_S * rate]


def _heard(one: CommandDelivery, told: Sounded, words: Sequence[Samples], data: Path) -> Heard:
    home = data / "nodes" / one.node.cluster.code
    signed = told.order.sent_at
    announced, spoken, wav = _listen(home / "captured", told, words)
    return Heard(
        node=one.node.cluster.name,
        state=one.state,
        reason=one.reason,
        accepted_s=_after(signed, one.accepted_at),
        sounding_s=_after(signed, one.sounding_at),
        announced=announced,
        words=spoken,
        journal_verified=journal_verified(one.node),
        wav=wav,
    )


def _listen(captured: Path, told: Sounded, words: Sequence[Samples]) -> tuple[bool, int, str]:
    """Whether the node said first what it is, how many languages' words it said, and the file."""
    try:
        take = find_take(captured, item_of(told.order.command))
    except NoTake:
        return False, 0, ""
    name = f"{told.alert.status.lower()}.opus"
    said, rate = read_sound(Path(str(files("vang_node").joinpath("sounds", name))))
    opening = compare(said, take.samples[: len(said) + 3 * rate], rate)
    spoken = sum(compare(one, take.samples, rate).same for one in words)
    return opening.same, spoken, str(take.wav)


def _after(start: datetime | None, moment: datetime | None) -> float | None:
    if start is None or moment is None:
        return None
    return round((moment - start) / timedelta(seconds=1), 2)


def _pinned_root(data: Path, node: Node) -> str:
    """Fingerprint of the root that a node has pinned since it was enrolled."""
    told = json.loads((data / "nodes" / node.cluster.code / "server.json").read_bytes())
    root = Metadata[Root].from_bytes(told["answer"]["trust_root"].encode())
    return sha256(root.signed_bytes).hexdigest()


def _verified_elsewhere(bundle: Path, root: str) -> bool:
    """By the command that a stranger would use, who has the file, the fingerprint of the root that
    a node on its pole tells, and nothing of this installation."""
    bare = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-m", "vang.cli", "evidence", "verify", str(bundle), "--root", root],
        env=bare,
        cwd="/",
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    print(done.stdout + done.stderr, end="", file=sys.stderr)
    return done.returncode == 0


def _table(rows: Sequence[Heard], languages: int) -> str:
    headings = ("node", "state", "accepted s", "sounding s", "announced", "words", "journal")
    return aligned([headings, *(_cells(row, languages) for row in rows)])


def _cells(row: Heard, languages: int) -> tuple[str, ...]:
    return (
        row.node,
        f"{row.state} {row.reason}".strip(),
        "–" if row.accepted_s is None else f"{row.accepted_s:.2f}",
        "–" if row.sounding_s is None else f"{row.sounding_s:.2f}",
        "first of all" if row.announced else "NOT ANNOUNCED",
        f"{row.words} of {languages} approved",
        "verified" if row.journal_verified else "NOT VERIFIED",
    )
