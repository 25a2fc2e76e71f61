"""Audio on the node, named by its SHA-256: partial, verified, and evicted when unneeded."""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

from vang_node.home import sync_folder
from vang_protocol.plans import Audio
from vang_protocol.reasons import Reason, Refused

CHUNK = 256 * 1024


class AudioStore:
    """``reserve`` bytes of the disk are never used for audio: the journal needs them."""

    def __init__(
        self, folder: Path, *, reserve: int, free: Callable[[Path], int] | None = None
    ) -> None:
        self.folder, self._reserve = folder, reserve
        self._free = free or (lambda path: shutil.disk_usage(path).free)
        self._parts = folder / "parts"
        self._parts.mkdir(parents=True, exist_ok=True)

    def path(self, audio: Audio) -> Path:
        return self.folder / f"{audio.sha256}.opus"

    def part(self, audio: Audio) -> Path:
        """Where the download grows."""
        return self._parts / f"{audio.sha256}.part"

    def has(self, audio: Audio) -> bool:
        """There by name and size; its hash is checked again on the open file when it is armed."""
        try:
            return self.path(audio).stat().st_size == audio.bytes
        except OSError:
            return False

    def open_verified(self, audio: Audio) -> IO[bytes]:
        """The open file, hashed through the very descriptor that will be played.

        Raises Refused(NOT_FETCHED, WRONG_SIZE, WRONG_HASH); a wrong file is removed.
        """
        try:
            file = self.path(audio).open("rb")
        except OSError as error:
            raise Refused(Reason.NOT_FETCHED, str(error)) from None
        try:
            _check(file, audio)
        except Refused:
            file.close()
            self.path(audio).unlink(missing_ok=True)
            raise
        file.seek(0)
        os.utime(file.fileno())  # used now: last to be evicted
        return file

    def adopt(self, audio: Audio) -> None:
        """Verify the finished part and give it its name; raises Refused and drops it if wrong."""
        part = self.part(audio)
        try:
            with part.open("rb") as file:
                _check(file, audio)
                os.fsync(file.fileno())
        except Refused:
            part.unlink(missing_ok=True)
            raise
        part.replace(self.path(audio))
        sync_folder(self.folder)

    def room_for(self, size: int, *, wanted: set[str]) -> int:
        """Evict what no plan wants until ``size`` more bytes fit; the bytes still missing."""
        for path in self._unwanted(wanted):
            if self._lacking(size) == 0:
                break
            path.unlink(missing_ok=True)
        return self._lacking(size)

    def free_bytes(self) -> int:
        return self._free(self.folder)

    def drop_stale_parts(self, wanted: set[str]) -> None:
        """Half downloads of files nobody plans any more."""
        for path in self._parts.glob("*.part"):
            if path.stem not in wanted:
                path.unlink(missing_ok=True)

    def _lacking(self, size: int) -> int:
        return max(0, size + self._reserve - self.free_bytes())

    def _unwanted(self, wanted: set[str]) -> Iterator[Path]:
        found = [path for path in self.folder.glob("*.opus") if path.stem not in wanted]
        yield from sorted(found, key=_used_at)


def _used_at(path: Path) -> float:
    with suppress(OSError):
        return path.stat().st_mtime
    return 0.0


def _check(file: IO[bytes], audio: Audio) -> None:
    size = os.fstat(file.fileno()).st_size
    if size != audio.bytes:
        raise Refused(Reason.WRONG_SIZE, f"{size} bytes, planned {audio.bytes}")
    found = hashlib.sha256()
    while chunk := file.read(CHUNK):
        found.update(chunk)
    if found.hexdigest() != audio.sha256:
        raise Refused(Reason.WRONG_HASH, found.hexdigest())
