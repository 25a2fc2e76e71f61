"""What lies on a stick for a village without a network, and how a stick of anybody is read.

Below ``vang`` there is ``UNIT/plan.dsse``, ``UNIT/commands/NAME.json``, ``UNIT/trust/…`` as the
server serves it, ``audio/HASH.opus`` for all units; and, coming back, ``journal/NODE-SEQ.dsse`` and
``receipts/NODE.json``. Nothing of it is believed because it lies there: signatures and hashes are
checked as if it had come over a network. Names are looked up among those that fit, sizes are known
before anything is read, and no link is ever followed.
"""

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import IO

from vang_protocol.limits import LINK_ORDER_BYTES, PLAN_BYTES, POLICY_BYTES
from vang_protocol.reasons import Reason, Refused

TOP = "vang"
PLAN = "plan.dsse"
COMMANDS, TRUST, AUDIO = "commands", "trust", "audio"
METADATA, TARGETS = "metadata", "targets"
JOURNAL, RECEIPTS = "journal", "receipts"
MOST_COMMANDS = 64
MOST_METADATA = 64
METADATA_BYTES = 128 * 1024
MOST_TARGETS = 4
MOST_AUDIO = 2_000
MOST_BATCHES = 10_000
MOST_NODES = 2_000
RECEIPTS_BYTES = 1024 * 1024
MOST_LISTED = 50_000
PIECE = 1024 * 1024

COMMAND_NAME = re.compile(r"[0-9]{3}\.json")
METADATA_NAME = re.compile(r"(?:[1-9][0-9]{0,8}\.(?:root|snapshot|targets)|timestamp)\.json")
TARGET_NAME = re.compile(r"[0-9a-f]{64}\.policy\.json")
AUDIO_NAME = re.compile(r"[0-9a-f]{64}\.opus")
BATCH_NAME = re.compile(r"([A-Za-z0-9][A-Za-z0-9_-]{0,79})-([0-9]{12})\.dsse")
RECEIPTS_NAME = re.compile(r"([A-Za-z0-9][A-Za-z0-9_-]{0,79})\.json")

TEXTS = (
    ((), re.compile(re.escape(PLAN)), 1, PLAN_BYTES),
    ((COMMANDS,), COMMAND_NAME, MOST_COMMANDS, LINK_ORDER_BYTES),
    ((TRUST, METADATA), METADATA_NAME, MOST_METADATA, METADATA_BYTES),
    ((TRUST, TARGETS), TARGET_NAME, MOST_TARGETS, POLICY_BYTES),
)
"""Folders below a unit's, what they may hold, how many, and how large each."""


class StickFolder:
    """One folder, held open. Every name below it is looked up in it and never through a link."""

    def __init__(self, descriptor: int) -> None:
        self._fd = descriptor

    def names(self, pattern: re.Pattern[str], most: int) -> list[str]:
        """The first names that fit, sorted. Raises Refused(TOO_LARGE) for a folder without end."""
        listed: list[str] = []
        with os.scandir(self._fd) as entries:
            for number, entry in enumerate(entries):
                if number >= MOST_LISTED:
                    raise Refused(Reason.TOO_LARGE, "too many files")
                if pattern.fullmatch(entry.name):
                    listed.append(entry.name)
        return sorted(listed)[:most]

    @contextmanager
    def open(self, name: str, limit: int) -> Iterator[tuple[IO[bytes], int]]:
        """A regular file and its size. Raises Refused(FILE_NOT_FOUND, TOO_LARGE)."""
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        try:
            descriptor = os.open(name, flags, dir_fd=self._fd)
        except OSError as error:
            raise Refused(Reason.FILE_NOT_FOUND, f"{name}: {error.strerror}") from None
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            os.close(descriptor)
            raise Refused(Reason.FILE_NOT_FOUND, f"{name}: not a file")
        with os.fdopen(descriptor, "rb") as file:
            if found.st_size > limit:
                raise Refused(Reason.TOO_LARGE, f"{name}: {found.st_size} bytes")
            yield file, found.st_size

    def read(self, name: str, limit: int) -> bytes:
        """Raises Refused(FILE_NOT_FOUND, TOO_LARGE), OSError."""
        with self.open(name, limit) as (file, _size):
            data = file.read(limit + 1)
        if len(data) > limit:
            raise Refused(Reason.TOO_LARGE, name)
        return data

    def copy_to(self, name: str, target: Path, limit: int) -> int:
        """Its bytes into a new file of ours; how many. Raises Refused, OSError."""
        with self.open(name, limit) as (file, size), target.open("xb") as ours:
            left = size
            while left and (piece := file.read(min(PIECE, left))):
                ours.write(piece)
                left -= len(piece)
        return size - left

    def write(self, name: str, data: bytes) -> None:
        """Whole or not at all; whatever bore the name before, a link too, is replaced by it."""
        aside = f".{token_hex(8)}"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(aside, flags, 0o644, dir_fd=self._fd)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.rename(aside, name, src_dir_fd=self._fd, dst_dir_fd=self._fd)
        except OSError:
            with suppress(OSError):
                os.unlink(aside, dir_fd=self._fd)
            raise

    def copy_from(self, source: Path, name: str) -> None:
        """A file of ours onto the stick. Raises OSError."""
        aside = f".{token_hex(8)}"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(aside, flags, 0o644, dir_fd=self._fd)
        with os.fdopen(descriptor, "wb") as file, source.open("rb") as ours:
            while piece := ours.read(PIECE):
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        os.rename(aside, name, src_dir_fd=self._fd, dst_dir_fd=self._fd)


@contextmanager
def folder(root: Path, *names: str, make: bool = False) -> Iterator[StickFolder]:
    """The folder below the stick's, each step looked up without following a link.

    Raises Refused(FILE_NOT_FOUND) where there is none, OSError where it cannot be made.
    """
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
    try:
        held = [os.open(root, flags)]
    except OSError as error:
        raise Refused(Reason.FILE_NOT_FOUND, f"{root}: {error.strerror}") from None
    try:
        for name in (TOP, *names):
            if make:
                with suppress(FileExistsError):
                    os.mkdir(name, 0o755, dir_fd=held[-1])
            try:
                held.append(os.open(name, flags | os.O_NOFOLLOW, dir_fd=held[-1]))
            except OSError as error:
                raise Refused(Reason.FILE_NOT_FOUND, f"{name}: {error.strerror}") from None
        yield StickFolder(held[-1])
    finally:
        for descriptor in reversed(held):
            os.close(descriptor)
