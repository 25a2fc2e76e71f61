"""The journal on disk: segments of lines, appended and fsynced, repaired after a power cut.

``journal/00000001.jsonl`` begins with record 1; the next segment is named by its first record.
A segment goes only when the server has all of it and it is older than any plan can name.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import IO

from vang_node.home import sync_folder
from vang_node.memory import Memory
from vang_protocol.journals import (
    EMPTY,
    FIRST_PREVIOUS,
    ChainBroken,
    Head,
    Record,
    Stamp,
    encode_line,
    line_hash,
    next_record,
    parse_line,
)
from vang_protocol.reasons import Refused
from vang_protocol.records import Event

SEGMENT_BYTES = 1024 * 1024
SPARE_BYTES = 256 * 1024
MOST_BYTES = 64 * 1024 * 1024
KEPT = timedelta(days=15)


class JournalFailed(Exception):
    """A record could not be made durable. What it announces must not happen."""


class Journal:
    """Append-only and hash-chained. One writer; ``head`` and ``memory`` follow every record."""

    def __init__(self, folder: Path, *, node: str, boot: str) -> None:
        """Reads, verifies and repairs what is there; raises JournalFailed."""
        self.folder, self.node, self.boot = folder, node, boot
        self.memory = Memory()
        self.head: Head = EMPTY
        self.torn_bytes = 0
        self._spare = folder / "spare"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._read_all()
            self._file = self._open_last()
            self._keep_spare()
        except OSError as error:
            raise JournalFailed(f"the journal cannot be opened: {error}") from error

    def append(self, event: Event, *, at: datetime, clock: Stamp) -> Record:
        """Write one record and return once it is on the disk; raises JournalFailed."""
        record = Record(self.node, self.head.seq + 1, self.head.hash, at, self.boot, clock, event)
        line = encode_line(record)
        self._write(line.encode() + b"\n")
        self.head = Head(record.seq, line_hash(line))
        self.memory.note(parse_line(line))
        return record

    @property
    def crowded(self) -> bool:
        """So much is waiting for the server that only what sounded is still worth a line."""
        return sum(path.stat().st_size for path in segments(self.folder)) > MOST_BYTES

    def forget(self, *, accepted_through: int, now: datetime) -> None:
        """Remove segments the server has and no plan can refer to any more."""
        names = segments(self.folder)
        for path, after in pairwise(names):
            if first_seq(after) - 1 > accepted_through or not _older(path, now - KEPT):
                return
            path.unlink()

    def close(self) -> None:
        self._file.close()

    def _write(self, data: bytes) -> None:
        if self._file.tell() > SEGMENT_BYTES:
            self._file.close()
            self._file = self._create(self.head.seq + 1)
        try:
            self._append(data)
        except OSError as error:
            self._write_with_spare(data, error)

    def _write_with_spare(self, data: bytes, error: OSError) -> None:
        """The disk is full: give up the reserved room rather than the record."""
        try:
            with suppress(FileNotFoundError):
                self._spare.unlink()
            self._append(data)
        except OSError:
            raise JournalFailed(f"the journal cannot be written: {error}") from error

    def _append(self, data: bytes) -> None:
        start = self._file.tell()
        try:
            self._file.write(data)
            os.fsync(self._file.fileno())
        except OSError:
            with suppress(OSError):
                self._file.truncate(start)
                self._file.seek(start)
            raise

    def _read_all(self) -> None:
        paths = segments(self.folder)
        if paths and first_seq(paths[0]) > 1:
            self._begin_after_forgotten(paths[0])
        for index, path in enumerate(paths):
            if not self._read(path):
                self._set_aside(paths[index + 1 :])
                return

    def _begin_after_forgotten(self, path: Path) -> None:
        with path.open("rb") as file, suppress(Refused, UnicodeDecodeError):
            first = parse_line(file.readline().rstrip(b"\n").decode())
            self.head = Head(first.seq - 1, first.prev)

    def _read(self, path: Path) -> bool:
        """Follow the chain through one segment; cut the file at the first bad line."""
        good = 0
        with path.open("rb") as file:
            for raw in file:
                if not self._follow(raw):
                    break
                good += len(raw)
        if good < path.stat().st_size:
            self._cut(path, good)
            return False
        return True

    def _follow(self, raw: bytes) -> bool:
        if not raw.endswith(b"\n"):
            return False
        try:
            line = raw[:-1].decode()
            record = next_record(line, node=self.node, head=self.head)
        except (ChainBroken, UnicodeDecodeError):
            return False
        self.head = Head(record.seq, line_hash(line))
        self.memory.note(record)
        return True

    def _cut(self, path: Path, good: int) -> None:
        tail = path.read_bytes()[good:]
        self.torn_bytes += len(tail)
        self.memory.note_unreadable(tail.split(b"\n"))
        if tail.count(b"\n"):  # more than a half-written line: evidence, so it is kept
            (self.folder / f"broken-{self.head.seq + 1:08d}").write_bytes(tail)
        with path.open("r+b") as file:
            file.truncate(good)
            os.fsync(file.fileno())

    def _set_aside(self, paths: list[Path]) -> None:
        for path in paths:
            self.torn_bytes += path.stat().st_size
            self.memory.note_unreadable(path.read_bytes().split(b"\n"))
            path.rename(path.with_suffix(".broken"))

    def _open_last(self) -> IO[bytes]:
        paths = segments(self.folder)
        if not paths:
            return self._create(self.head.seq + 1)
        file = paths[-1].open("r+b", buffering=0)
        file.seek(0, os.SEEK_END)
        return file

    def _create(self, seq: int) -> IO[bytes]:
        path = self.folder / f"{seq:08d}.jsonl"
        file = path.open("x+b", buffering=0)
        sync_folder(self.folder)
        return file

    def _keep_spare(self) -> None:
        """Room set aside while there is some, so a full disk cannot silence the journal."""
        if not self._spare.exists():
            with suppress(OSError):
                self._spare.write_bytes(bytes(SPARE_BYTES))


def segments(folder: Path) -> list[Path]:
    """The segment files in order."""
    return sorted(folder.glob("[0-9]*.jsonl"))


def first_seq(path: Path) -> int:
    return int(path.stem)


def lines_after(folder: Path, seq: int) -> Iterator[str]:
    """Whole lines with a sequence number above ``seq``, while the journal is being written."""
    paths = segments(folder)
    for index, path in enumerate(paths):
        if index + 1 < len(paths) and first_seq(paths[index + 1]) <= seq + 1:
            continue
        with path.open("rb") as file:
            for number, raw in enumerate(file, first_seq(path)):
                if raw.endswith(b"\n") and number > seq:
                    yield raw[:-1].decode()


def chain_start(folder: Path) -> Head:
    """What the oldest kept line follows; EMPTY unless older segments were forgotten."""
    for line in lines_after(folder, 0):
        record = parse_line(line)
        return Head(record.seq - 1, record.prev)
    return Head(0, FIRST_PREVIOUS)


def _older(path: Path, than: datetime) -> bool:
    return path.stat().st_mtime < than.timestamp()
