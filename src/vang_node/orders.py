"""What the node was ordered and how far it has come: on the disk before anything sounds.

One small file, written whole. It answers the two questions of a power cut: has this command been
decided already, and was something urgent cut off that must be taken up again, once.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from vang_node.home import write_private
from vang_protocol import fields, strict_json
from vang_protocol.beacons import Beacon
from vang_protocol.commands import Command, Kind, parse_command, payload_of
from vang_protocol.counters import Counter
from vang_protocol.deciding import Accepted, Listener, Read, decide_read, keep_id_until
from vang_protocol.instants import format_instant
from vang_protocol.limits import MANIFEST_BYTES, SEQUENCE, VOLUME_FLOOR_DB
from vang_protocol.manifests import Manifest, named_manifest, parse_manifest
from vang_protocol.plans import Priority
from vang_protocol.policies import Policy
from vang_protocol.reasons import Reason, Refused
from vang_protocol.receipts import Phase

MOST_IDS = 4096
MOST_BYTES = 4 * 1024 * 1024
TOMBSTONE = timedelta(hours=48)

T = TypeVar("T")

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Standing:
    """A command that was accepted and is not over. ``begun``: it has sounded, or tried to.

    ``manifest``: what sounds, as its bytes came. ``resumed``: it was cut off by a power cut and
    taken up again; that happens once.
    """

    command: Command
    sha256: str
    manifest: str
    begun: bool = False
    resumed: bool = False


@dataclass(frozen=True)
class Fate:
    """What became of an accepted command, as far as is known; remembered until ``until``."""

    until: datetime
    sha256: str
    phase: Phase


@dataclass
class Ledger:
    """What became of ids that were accepted, ids that were ended, numbers used.

    ``ceiling_db``: the loudness that was ordered, below the technician's and the office's.
    """

    seen: dict[str, Fate] = field(default_factory=dict)
    ended: dict[str, datetime] = field(default_factory=dict)
    counters: dict[str, Counter] = field(default_factory=dict)
    standing: dict[str, Standing] = field(default_factory=dict)
    greeted: bool = False
    ceiling_db: int = 0
    log: tuple[int, str] = (0, "0" * 64)


class OrderBook:
    """Decides by the protocol's rule and remembers. Runs on the main loop only."""

    def __init__(
        self,
        file: Path,
        *,
        unit: str,
        cluster: str,
        write: Callable[[Path, bytes], None] = write_private,
    ) -> None:
        self._file, self._unit, self._cluster, self._write = file, unit, cluster, write
        self.nonces: set[str] = set()
        self._sounds: dict[str, Manifest] = {}
        self.ledger = _read(file)

    def consider(
        self, read: Read, manifest: bytes | None, *, policy: Policy | None, now: datetime | None,
        hours: Callable[[Command], Reason | None] = lambda _command: None,
    ) -> Accepted:  # fmt: skip
        """Accept the command that was read, written down before this returns.

        Raises Refused(reason), and OSError when it cannot be written: then it is not accepted.
        ``manifest`` is looked at first: whoever swaps it on the way must not use up the id.
        """
        sound = _sound_named(read[1], manifest)
        accepted = decide_read(read, self._listener(policy, now, hours))
        before = self.ledger
        self.ledger = self._after(accepted, manifest, now or accepted.command.issued)
        if sound is not None:
            self._sounds = {accepted.command.id: sound}
        try:
            self._save()
        except OSError:
            self.ledger = before
            raise
        self.nonces.discard(accepted.command.nonce or "")
        return accepted

    def sound_of(self, one: Standing) -> Manifest:
        """What was checked against the command when it was accepted."""
        found = self._sounds.get(one.command.id)
        return found if found is not None else parse_manifest(one.manifest.encode())

    def begun(self, command_id: str) -> None:
        """It is about to sound. Raises OSError: then it must not."""
        one = self.ledger.standing.get(command_id)
        if one is not None:
            self.ledger.standing[command_id] = replace(one, begun=True)
            self._note(command_id, Phase.SOUNDING)
            self._save()

    def over(self, command_id: str, phase: Phase) -> None:
        """It has ended. Raises OSError."""
        self.ledger.standing.pop(command_id, None)
        self._note(command_id, phase)
        self._save()

    def fate(self, command_id: str) -> Fate | None:
        """What became of it, to be told again when the command comes again."""
        return self.ledger.seen.get(command_id)

    def interrupted(self, now: datetime) -> list[Standing]:
        """After a power cut: what must be taken up again. The rest is closed.

        Only an emergency or a voice, only once, only before it expired.
        """
        again: list[Standing] = []
        over: list[Standing] = []
        for one in self.ledger.standing.values():
            (again if _goes_on(one, now) else over).append(one)
        for one in over:
            self.ledger.standing.pop(one.command.id)
            self._note(one.command.id, Phase.INTERRUPTED)
        for one in again:
            self.ledger.standing[one.command.id] = replace(one, resumed=True)
        if over or again:
            self._save()
        return again

    def greet(self, beacon: Beacon) -> None:
        """Take the server's word for where things stand. Raises Refused when its log was rewritten.

        Numbers are taken over once, by a node that knows none: later a number that the server has
        given may belong to a command that is still on its way here.

        A log that is shorter than the one this node heard of, or that has another entry at the
        same place, is not the log that was.
        """
        entries, head = self.ledger.log
        shorter = beacon.log[0] < entries
        if shorter or (beacon.log[0] == entries and beacon.log[1] != head):
            raise Refused(Reason.LOG_REWRITTEN, f"{beacon.log[0]} entries, known {entries}")
        counters = self.ledger.counters if self.ledger.greeted else beacon.counter_floors()
        self.ledger = replace(self.ledger, counters=counters, greeted=True, log=beacon.log)
        self._save()

    def _listener(
        self, policy: Policy | None, now: datetime | None, hours: Callable[[Command], Reason | None]
    ) -> Listener:
        return Listener(
            unit=self._unit,
            cluster=self._cluster,
            policy=policy,
            now=now,
            seen=self.ledger.seen.keys(),
            ended=self.ledger.ended.keys(),
            counters=self.ledger.counters,
            nonces=self.nonces,
            greeted=self.ledger.greeted,
            hours=hours,
        )

    def _after(self, accepted: Accepted, manifest: bytes | None, now: datetime) -> Ledger:
        command, old = accepted.command, self.ledger
        seen = {key: fate for key, fate in old.seen.items() if fate.until > now}
        ended = {key: until for key, until in old.ended.items() if until > now}
        ended |= dict.fromkeys(command.ends, now + TOMBSTONE)
        standing = {key: one for key, one in old.standing.items() if key not in command.ends}
        if command.kind is Kind.STOP:
            standing = {}
        if command.kind in {Kind.PLAY, Kind.OPEN_LIVE}:
            text = (manifest or b"").decode()
            standing[command.id] = Standing(command, accepted.sha256, text)
        seen[command.id] = Fate(keep_id_until(command), accepted.sha256, Phase.ACCEPTED)
        louder = command.kind is Kind.SET_VOLUME
        return replace(
            old,
            seen=_newest(seen),
            ended=_newest(ended),
            counters={**old.counters, command.issuer: accepted.counter},
            standing=standing,
            ceiling_db=command.volume_db if louder else old.ceiling_db,
        )

    def _note(self, command_id: str, phase: Phase) -> None:
        fate = self.ledger.seen.get(command_id)
        if fate is not None:
            self.ledger.seen[command_id] = replace(fate, phase=phase)

    def _save(self) -> None:
        self._write(self._file, strict_json.canonical(_table(self.ledger)))


def _sound_named(command: Command, manifest: bytes | None) -> Manifest | None:
    if command.manifest is None:
        return None
    if manifest is None:
        raise Refused(Reason.MANIFEST_WRONG, "none came with the command")
    return named_manifest(manifest, sha256=command.manifest, mode=command.mode)


def _goes_on(one: Standing, now: datetime) -> bool:
    urgent = one.command.priority is Priority.EMERGENCY or one.command.live is not None
    return urgent and not (one.begun and one.resumed) and now < one.command.expires


def _newest(ids: dict[str, T]) -> dict[str, T]:
    """Of too many those that came last: a flood must not fill the disk."""
    return dict(list(ids.items())[-MOST_IDS:])


def _read(file: Path) -> Ledger:
    """What was written, or a node that knows nothing and must be greeted first."""
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        return Ledger()
    try:
        return _parsed(strict_json.decode(data, limit=MOST_BYTES))
    except Refused as error:
        log.critical("%s is damaged: %s. No command is obeyed before a beacon.", file, error)
        return Ledger()


_FIELDS = [
    "seen",
    "ended",
    "counters",
    "standing",
    "greeted",
    "ceiling_db",
    "log_entries",
    "log_head",
]


def _table(ledger: Ledger) -> dict[str, Any]:
    return {
        "seen": [
            {
                "id": key,
                "until": format_instant(fate.until),
                "sha256": fate.sha256,
                "phase": fate.phase.value,
            }
            for key, fate in ledger.seen.items()
        ],
        "ended": [
            {"id": key, "until": format_instant(until)} for key, until in ledger.ended.items()
        ],
        "counters": [
            {"issuer": issuer, "epoch": one.epoch, "highest": one.highest, "used": f"{one.used:x}"}
            for issuer, one in sorted(ledger.counters.items())
        ],
        "standing": [
            {
                "command": payload_of(one.command).decode(),
                "sha256": one.sha256,
                "manifest": one.manifest,
                "begun": one.begun,
                "resumed": one.resumed,
            }
            for one in ledger.standing.values()
        ],
        "greeted": ledger.greeted,
        "ceiling_db": ledger.ceiling_db,
        "log_entries": ledger.log[0],
        "log_head": ledger.log[1],
    }


def _parsed(value: Any) -> Ledger:
    table = fields.table(value, "orders", _FIELDS)
    return Ledger(
        seen=dict(map(_fate, fields.rows(table["seen"], "seen", MOST_IDS))),
        ended=dict(map(_ended, fields.rows(table["ended"], "ended", MOST_IDS))),
        counters=dict(map(_counter, fields.rows(table["counters"], "counters", MOST_IDS))),
        standing={
            one.command.id: one
            for one in map(_standing, fields.rows(table["standing"], "standing", MOST_IDS))
        },
        greeted=fields.truth(table["greeted"], "greeted"),
        ceiling_db=fields.whole(table["ceiling_db"], "ceiling_db", VOLUME_FLOOR_DB, 0),
        log=(
            fields.whole(table["log_entries"], "log_entries", 0, SEQUENCE),
            fields.hexadecimal(table["log_head"], "log_head", 32),
        ),
    )


def _fate(value: Any) -> tuple[str, Fate]:
    table = fields.table(value, "seen", ("id", "until", "sha256", "phase"))
    return fields.identifier(table["id"], "id"), Fate(
        fields.instant(table["until"], "until"),
        fields.hexadecimal(table["sha256"], "sha256", 32),
        fields.choice(table["phase"], "phase", Phase),
    )


def _ended(value: Any) -> tuple[str, datetime]:
    table = fields.table(value, "ended", ("id", "until"))
    return fields.identifier(table["id"], "id"), fields.instant(table["until"], "until")


def _counter(value: Any) -> tuple[str, Counter]:
    table = fields.table(value, "counter", ("issuer", "epoch", "highest", "used"))
    used = fields.text(table["used"], "used", 16, 1)
    try:
        bits = int(used, 16)
    except ValueError:
        fields.wrong("used", "not hexadecimal")
    return fields.identifier(table["issuer"], "issuer"), Counter(
        fields.whole(table["epoch"], "epoch", 1, SEQUENCE),
        fields.whole(table["highest"], "highest", 0, SEQUENCE),
        bits,
    )


def _standing(value: Any) -> Standing:
    table = fields.table(value, "standing", ("command", "sha256", "manifest", "begun", "resumed"))
    return Standing(
        parse_command(fields.text(table["command"], "command", MOST_BYTES).encode()),
        fields.hexadecimal(table["sha256"], "sha256", 32),
        fields.text(table["manifest"], "manifest", MANIFEST_BYTES),
        fields.truth(table["begun"], "begun"),
        fields.truth(table["resumed"], "resumed"),
    )
