"""A stick for a node without a network: what it brings is considered as if it had come by one.

``vang-node import`` copies what fits by name and size into the node's own folder; the running
agent takes it from there and offers it to the very same rules: the plan to acceptance, commands to
deciding, the policy to TUF, sounds to their hash. Coming back, the stick has the journal.
"""

import json
import logging
import shutil
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from vang_node.home import Home, write_private
from vang_node.journal import lines_after
from vang_node.outbox import Outbox
from vang_node.words import refusal
from vang_protocol import sticks, strict_json
from vang_protocol.journals import fitting, parse_line, sign_batch
from vang_protocol.limits import AUDIO_BYTES, LINK_ORDER_BYTES, POLICY_BYTES
from vang_protocol.links import Order, parse_order
from vang_protocol.provinces import Fetch
from vang_protocol.reasons import Reason, Refused

LOOK_EVERY_S = 2.0
SETTLE_S = 3.0
"""How long the main loop is given to decide what was offered, before its answers are put down."""
MOST_LINES = 1_000

log = logging.getLogger(__name__)


@dataclass
class Copied:
    """What was taken over from a stick, and what was not, with the reason."""

    files: int = 0
    sounds: int = 0
    refused: list[str] = field(default_factory=list)


class Spool:
    """The folder in which the command and the running agent meet."""

    def __init__(self, home: Home) -> None:
        self.root = home.root / "stick"
        self.inside = self.root / "in"
        self.aside = self.root / "aside"
        self.receipts = self.root / "receipts.json"


def copy_in(home: Home, stick: Path) -> Copied:
    """From the stick into the node's folder; a stick taken before and not yet read is replaced.

    Raises Refused(FILE_NOT_FOUND) for a stick that has nothing for this unit, OSError.
    """
    spool, unit, copied = Spool(home), home.pinned().answer.unit, Copied()
    shutil.rmtree(spool.aside, ignore_errors=True)
    with sticks.folder(stick, unit):
        pass
    for names, pattern, most, limit in sticks.TEXTS:
        here = spool.aside.joinpath(*names)
        here.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(Refused), sticks.folder(stick, unit, *names) as folder:
            for name in folder.names(pattern, most):
                copied.files += _copied(folder, name, here / name, limit, copied)
    _copy_sounds(home, stick, spool.aside / sticks.AUDIO, copied)
    shutil.rmtree(spool.inside, ignore_errors=True)
    spool.receipts.unlink(missing_ok=True)
    spool.aside.replace(spool.inside)
    return copied


def _copied(
    folder: sticks.StickFolder, name: str, target: Path, limit: int, copied: Copied
) -> bool:
    try:
        folder.copy_to(name, target, limit)
    except Refused as error:
        copied.refused.append(refusal(error))
        return False
    return True


def _copy_sounds(home: Home, stick: Path, here: Path, copied: Copied) -> None:
    """As many as leave the reserve alone; those that the node has are passed over."""
    here.mkdir(mode=0o700)
    reserve = home.local().reserve_mb * 1024 * 1024
    with suppress(Refused), sticks.folder(stick, sticks.AUDIO) as folder:
        for name in folder.names(sticks.AUDIO_NAME, sticks.MOST_AUDIO):
            if (home.audio / name).exists():
                continue
            room = shutil.disk_usage(home.root).free - reserve
            if room <= 0:
                copied.refused.append(refusal(Refused(Reason.DISK_FULL)))
                return
            limit = min(AUDIO_BYTES, room)
            copied.sounds += _copied(folder, name, here / name, limit, copied)


def give_out(home: Home, stick: Path) -> int:
    """The journal from where the server has it, signed as for an upload, and the answers to
    commands. How many lines. Raises OSError, Refused."""
    node, key = home.pinned().answer.node, home.key()
    lines = lines_after(home.journal, _uploaded(home))
    given = 0
    with sticks.folder(stick, sticks.JOURNAL, make=True) as folder:
        held: list[str] = []
        for _batch in range(sticks.MOST_BATCHES):
            held += islice(lines, MOST_LINES - len(held))
            if not (part := fitting(held)):
                break
            name = f"{node}-{parse_line(part[0]).seq:012}.dsse"
            folder.write(name, sign_batch(node, part, key))
            given, held = given + len(part), held[len(part) :]
    with suppress(FileNotFoundError):
        told = Spool(home).receipts.read_bytes()
        with sticks.folder(stick, sticks.RECEIPTS, make=True) as folder:
            folder.write(f"{node}.json", told)
    return given


def taken(home: Home, within_s: float = 20.0) -> bool:
    """Wait until the running agent has read the spool; False: nobody does."""
    spool, deadline = Spool(home), time.monotonic() + within_s
    while spool.inside.exists() and time.monotonic() < deadline:
        time.sleep(0.2)
    return not spool.inside.exists()


def _uploaded(home: Home) -> int:
    with suppress(OSError, ValueError, KeyError, TypeError):
        return int(json.loads(home.uploaded_file.read_bytes())["seq"])
    return 0


@dataclass(frozen=True)
class Offers:
    """What the running agent does with each kind; every one hands on to the main loop."""

    policy: Callable[[Fetch], None]
    plan: Callable[[bytes], None]
    order: Callable[[Order], None]
    sound: Callable[[Path], object]
    """A file named by the hash that it claims."""


class StickReader:
    """One thread: reads what ``vang-node import`` put into the spool."""

    def __init__(self, home: Home, offers: Offers, receipts: Outbox) -> None:
        self._spool, self._offers, self._receipts = Spool(home), offers, receipts
        self._stopping = threading.Event()

    def stop(self) -> None:
        self._stopping.set()

    def run(self) -> None:
        while not self._stopping.wait(LOOK_EVERY_S):
            if self._spool.inside.exists():
                self.take()

    def take(self) -> None:
        """All of it, in the order in which it is needed; then it is gone."""
        inside = self._spool.inside
        log.warning("A stick is read.")
        try:
            self._offers.policy(lambda path: _trust_file(inside / sticks.TRUST, path))
            if (plan := inside / sticks.PLAN).exists():
                self._offers.plan(plan.read_bytes())
            for file in sorted((inside / sticks.COMMANDS).glob("*.json")):
                self._order(file)
            self._stopping.wait(SETTLE_S)  # then it is known which sounds are wanted
            for file in sorted((inside / sticks.AUDIO).glob("*.opus")):
                self._offers.sound(file)
            told = [receipt.decode() for receipt in self._receipts.waiting()]
            write_private(self._spool.receipts, strict_json.canonical({"receipts": told}))
        except OSError as error:
            log.critical("The stick could not be read to its end: %s", error)
        finally:
            shutil.rmtree(inside, ignore_errors=True)

    def _order(self, file: Path) -> None:
        try:
            value = strict_json.decode(file.read_bytes(), limit=LINK_ORDER_BYTES)
            self._offers.order(parse_order(value))
        except Refused as error:
            log.warning("%s on the stick was refused: %s", file.name, error)


def _trust_file(folder: Path, path: str) -> bytes | None:
    """As the server would answer; ``path`` comes from files that nobody has vouched for yet."""
    kind, _, name = path.partition("/")
    patterns = {sticks.METADATA: sticks.METADATA_NAME, sticks.TARGETS: sticks.TARGET_NAME}
    if kind not in patterns or not patterns[kind].fullmatch(name):
        return None
    with suppress(OSError):
        data = (folder / kind / name).read_bytes()
        return data if len(data) <= POLICY_BYTES else None
    return None
