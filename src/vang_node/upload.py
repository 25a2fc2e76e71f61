"""Bringing the journal to the server: signed batches, for ever, in order."""

import json
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from itertools import islice
from pathlib import Path

from vang_node.backoff import Backoff
from vang_node.home import Home, write_private
from vang_node.journal import lines_after
from vang_node.server import Server, Unreachable
from vang_protocol.envelopes import SigningKey
from vang_protocol.journals import fitting, sign_batch
from vang_protocol.reasons import Refused

MOST_LINES = 1000
IDLE_S = 60.0
GATHER_S = 0.5

log = logging.getLogger(__name__)


class Uploader:
    """Remembers how far the server has come; re-sending is harmless."""

    def __init__(
        self, server: Server, home: Home, *, node: str, key: SigningKey,
        accepted: Callable[[int], None], backoff: Backoff | None = None,
    ) -> None:  # fmt: skip
        self._server, self._home, self._node, self._key = server, home, node, key
        self._accepted = accepted
        self._backoff = backoff or Backoff()
        self.accepted_through = _read_mark(home.uploaded_file)
        self._wake = threading.Event()
        self._stopping = threading.Event()

    def wake(self) -> None:
        """There is a new record."""
        self._wake.set()

    def stop(self) -> None:
        self._stopping.set()
        self._wake.set()

    def run(self) -> None:
        while not self._stopping.is_set():
            self._wake.wait(IDLE_S)
            self._stopping.wait(GATHER_S)
            self._wake.clear()
            wait_s = self._send_all()
            self._stopping.wait(wait_s)
            if wait_s:
                self._wake.set()

    def send_once(self) -> int:
        """One batch; how many lines it held. Raises Unreachable or Refused."""
        lines = fitting(islice(lines_after(self._home.journal, self.accepted_through), MOST_LINES))
        if lines:
            through = self._server.upload(sign_batch(self._node, lines, self._key))
            self._mark(through, sent=len(lines))
        return len(lines)

    def _send_all(self) -> float:
        """Everything there is; 0, or the seconds to wait after a failure."""
        try:
            while not self._stopping.is_set() and self.send_once():
                self._backoff.succeeded()
        except (Unreachable, Refused, OSError) as error:
            wait_s = self._backoff.failed()
            log.warning("The journal was not taken: %s. Trying again in %.0f s.", error, wait_s)
            return wait_s
        return 0.0

    def _mark(self, through: int, *, sent: int) -> None:
        if through < self.accepted_through + sent:
            log.info("The server has the journal up to %d.", through)
        if through == self.accepted_through:
            raise Unreachable("the server accepts no further journal line")
        self.accepted_through = through
        write_private(self._home.uploaded_file, json.dumps({"seq": through}).encode())
        self._accepted(through)


def _read_mark(path: Path) -> int:
    with suppress(OSError, ValueError, KeyError, TypeError):
        return int(json.loads(path.read_bytes())["seq"])
    return 0
