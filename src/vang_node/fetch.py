"""Fetching audio ahead of time: resume, verify, rename; one bad file never holds up the next."""

import errno
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from vang_node.audio_store import AudioStore
from vang_node.backoff import Backoff
from vang_node.readings import mono_us
from vang_node.server import Server, Unreachable
from vang_protocol.plans import Audio
from vang_protocol.reasons import Reason, Refused
from vang_protocol.records import DiskFull, Event, FetchFailed
from vang_protocol.records import Fetched as FetchedRecord

LOOK_EVERY_S = 5.0
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}

log = logging.getLogger(__name__)


@dataclass
class Trouble:
    """A file that failed: when it may be tried again, and how often it was."""

    backoff: Backoff
    again_us: int
    reason: Reason


class Fetcher:
    """Works through what the plan wants, the earliest item first, for ever."""

    def __init__(
        self,
        server: Server,
        store: AudioStore,
        *,
        record: Callable[[Event], None],
        changed: Callable[[], None],
        backoff: Callable[[], Backoff] = Backoff,
    ) -> None:
        self._server, self._store = server, store
        self._record, self._changed = record, changed
        self._backoff = backoff
        self._wanted: list[Audio] = []
        self._referenced: set[str] = set()
        self._troubles: dict[str, Trouble] = {}
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self.fetching: str | None = None

    def want(self, audios: list[Audio], referenced: set[str]) -> None:
        """These files are needed, the most urgent first; all of ``referenced`` stays."""
        self._wanted, self._referenced = audios, referenced
        self._wake.set()

    def bring(self, file: Path) -> bool:
        """A sound that came by another way, named by its hash: taken over if it is wanted and
        right. Whether it was. A half download of it is given up."""
        audio = next((one for one in self._wanted if one.sha256 == file.stem), None)
        if audio is None or self._store.has(audio):
            return False
        try:
            size = file.stat().st_size
            file.replace(self._store.part(audio))
            self._store.adopt(audio)
        except Refused as error:
            self._record(FetchFailed(audio.sha256, error.reason, error.detail[:200], 1))
            return False
        self._record(FetchedRecord(audio.sha256, size, 0))
        self._changed()
        return True

    @property
    def disk_full(self) -> bool:
        troubles = list(self._troubles.values())  # a copy: the fetching thread changes it
        return any(trouble.reason is Reason.DISK_FULL for trouble in troubles)

    def stop(self) -> None:
        self._stopping.set()
        self._wake.set()

    def run(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            self._forget_unplanned()
            audio = self._next()
            if audio is None:
                self._wake.wait(self._pause_s())
            else:
                self._try(audio)

    def _next(self) -> Audio | None:
        """The first wanted file that is not here and not waiting after a failure."""
        for audio in self._wanted:
            trouble = self._troubles.get(audio.sha256)
            if self._store.has(audio):
                continue
            if trouble is None or mono_us() >= trouble.again_us:
                return audio
        return None

    def _forget_unplanned(self) -> None:
        self._troubles = {
            sha256: trouble
            for sha256, trouble in self._troubles.items()
            if sha256 in self._referenced
        }

    def _pause_s(self) -> float:
        """Until the first failed file may be tried again."""
        waits = [(entry.again_us - mono_us()) / 1e6 for entry in self._troubles.values()]
        return max(0.01, min([LOOK_EVERY_S, *waits]))

    def _try(self, audio: Audio) -> None:
        began_us = mono_us()
        self.fetching = audio.sha256
        try:
            self._fetch(audio)
        except Refused as error:
            self._failed(audio, error.reason, error.detail)
        except Unreachable as error:
            self._failed(audio, Reason.SERVER_UNREACHABLE, str(error))
        except OSError as error:
            self._failed(audio, _reason_of(error), str(error))
        else:
            self._troubles.pop(audio.sha256, None)
            took_ms = (mono_us() - began_us) // 1000
            self._record(FetchedRecord(audio.sha256, audio.bytes, took_ms))
            self._changed()
        finally:
            self.fetching = None

    def _fetch(self, audio: Audio) -> None:
        self._store.drop_stale_parts(self._referenced)
        part = self._store.part(audio)
        have = part.stat().st_size if part.exists() else 0
        if have < audio.bytes:
            self._make_room(audio.bytes - have)
            self._download(audio, have)
        self._store.adopt(audio)

    def _make_room(self, size: int) -> None:
        lacking = self._store.room_for(size, wanted=self._referenced)
        if lacking:
            self._record(DiskFull(size, self._store.free_bytes()))
            raise Refused(Reason.DISK_FULL, f"{lacking} bytes short")

    def _download(self, audio: Audio, have: int) -> None:
        """Append to the part file; a server that sends too much is cut off at the first byte."""
        part = self._store.part(audio)
        with (
            self._server.file(audio.sha256, start=have) as (start, chunks),
            part.open("ab" if start else "wb", buffering=0) as file,
        ):
            for chunk in chunks:
                if file.tell() + len(chunk) > audio.bytes:
                    file.truncate(0)
                    raise Refused(Reason.WRONG_SIZE, "the server sends more than planned")
                _write_all(file.write, chunk)
                if self._stopping.is_set():
                    raise Unreachable("the node is stopping")

    def _failed(self, audio: Audio, reason: Reason, detail: str) -> None:
        trouble = self._troubles.setdefault(audio.sha256, Trouble(self._backoff(), 0, reason))
        wait_s = trouble.backoff.failed()
        trouble.again_us, trouble.reason = mono_us() + int(wait_s * 1_000_000), reason
        attempt = trouble.backoff.failures
        log.warning(
            "Audio %s: %s %s Trying again in %.0f s (attempt %d).",
            audio.sha256[:12], reason.text, detail, wait_s, attempt,
        )  # fmt: skip
        if is_worth_recording(attempt):
            self._record(FetchFailed(audio.sha256, reason, detail[:200], attempt))


def is_worth_recording(attempt: int) -> bool:
    """The 1st, 2nd, 4th, 8th … failure: a week without the server must not fill the journal."""
    return attempt & (attempt - 1) == 0


def _reason_of(error: OSError) -> Reason:
    return Reason.DISK_FULL if error.errno in NO_ROOM else Reason.SERVER_ERROR


def _write_all(write: Callable[[bytes], int | None], data: bytes) -> None:
    while data:
        written = write(data)
        data = data[written or 0 :]
