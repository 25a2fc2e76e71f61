"""The node's folder: what it pinned at enrolment, its key, its plan, audio and journal."""

import json
import os
import pwd
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vang_node.words import said
from vang_protocol import fields, strict_json
from vang_protocol.enrolments import EnrolAnswer, answer_table, parse_answer
from vang_protocol.envelopes import SigningKey
from vang_protocol.limits import VOLUME_FLOOR_DB
from vang_protocol.reasons import Refused
from vang_protocol.releases import Settings


class HomeUnfit(Exception):
    """The folder is not that of an enrolled node, or cannot be used; the text says why."""


@dataclass(frozen=True)
class Pinned:
    """``server.json``: the server's address and what it answered at enrolment."""

    server: str
    answer: EnrolAnswer


@dataclass(frozen=True)
class Local:
    """``local.json``, written by the technician, every field optional.

    ``volume_ceiling_db``: never louder here, whatever the server says. ``device_delay_ms``:
    latency of the amplifier chain behind the device. ``reserve_mb``: disk kept free.
    ``ca_file``: certificates of a private authority. ``capture_mb``: most a WAV sink keeps.
    ``microphone``: ``alsa:DEVICE`` near the loudspeaker, None for none.
    """

    volume_ceiling_db: int = 0
    device_delay_ms: int = 0
    reserve_mb: int = 50
    ca_file: str | None = None
    capture_mb: int = 500
    microphone: str | None = None


class Home:
    """Paths below ``root`` and the small files kept there."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.key_file = root / "key.pem"
        self.server_file = root / "server.json"
        self.local_file = root / "local.json"
        self.plan_file = root / "plan.dsse"
        self.status_file = root / "status.json"
        self.lock_file = root / "lock"
        self.uploaded_file = root / "uploaded.json"
        self.journal = root / "journal"
        self.audio = root / "audio"
        self.trust = root / "trust"
        self.orders_file = root / "orders.json"
        self.sounds = root / "sounds"
        self.barred_file = root / "barred"
        self.paths_file = root / "paths.json"
        self.software = root / "software"

    def key(self) -> SigningKey:
        try:
            return SigningKey.from_pem(self.key_file.read_bytes())
        except (OSError, ValueError) as error:
            raise HomeUnfit(said("The node's key cannot be read: {why}", why=error)) from None

    def pinned(self) -> Pinned:
        try:
            table = json.loads(self.server_file.read_bytes())
            answer = parse_answer(strict_json.canonical(table["answer"]))
            return Pinned(str(table["server"]), answer)
        except FileNotFoundError:
            words = said("{home} is not enrolled: run vang-node enrol first.", home=self.root)
            raise HomeUnfit(words) from None
        except PermissionError:
            raise
        except (OSError, ValueError, KeyError, TypeError, Refused) as error:
            raise HomeUnfit(_unread(self.server_file, error)) from None

    def pin(self, pinned: Pinned) -> None:
        table = {"server": pinned.server, "answer": answer_table(pinned.answer)}
        write_private(self.server_file, strict_json.canonical(table))

    def local(self, settings: Settings | None = None) -> Local:
        """What the technician wrote counts more than ``settings`` that a release brought.

        Raises HomeUnfit for a setting that is not known: a typing error must not be silent.
        """
        try:
            table = strict_json.decode(self.local_file.read_bytes(), limit=65536)
            return _local({**_released(settings), **table})
        except FileNotFoundError:
            return _local(_released(settings))
        except PermissionError:
            raise
        except (OSError, Refused, TypeError) as error:
            raise HomeUnfit(_unread(self.local_file, error)) from None


def _unread(file: Path, error: Exception) -> str:
    return said("{file} cannot be read: {why}", file=file, why=error)


def _released(settings: Settings | None) -> dict[str, Any]:
    known = settings is not None and settings.reserve_mb is not None
    return {"reserve_mb": settings.reserve_mb} if settings and known else {}


def _local(table: dict[str, Any]) -> Local:
    local = Local(**table)
    fields.whole(local.volume_ceiling_db, "volume_ceiling_db", VOLUME_FLOOR_DB, 0)
    fields.whole(local.device_delay_ms, "device_delay_ms", -1000, 1000)
    fields.whole(local.reserve_mb, "reserve_mb", 0, 10**6)
    fields.whole(local.capture_mb, "capture_mb", 1, 10**6)
    return local


def become_owner(folder: Path) -> None:
    """Root goes on as whoever owns ``folder``: what root wrote there, the agent could not read."""
    if os.geteuid() != 0 or not folder.exists():
        return
    owner = folder.stat()
    if owner.st_uid == 0:
        return
    try:
        os.initgroups(pwd.getpwuid(owner.st_uid).pw_name, owner.st_gid)
    except KeyError:
        os.setgroups([])
    os.setgid(owner.st_gid)
    os.setuid(owner.st_uid)


def write_private(path: Path, data: bytes) -> None:
    """Whole or not at all, mode 0600, on the disk before it returns."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except OSError:
        with suppress(OSError):
            aside.unlink()
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """A new or renamed name survives a power cut only after its folder is synced."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
