"""Telling systemd that the agent is ready, and that its main loop turns (sd_notify(3))."""

import os
import socket
from contextlib import suppress

EVERY_US = 5_000_000


class Supervisor:
    """Silent where nobody listens. Main loop only."""

    def __init__(self) -> None:
        address = os.environ.get("NOTIFY_SOCKET", "")
        self._address = "\0" + address[1:] if address.startswith("@") else address
        self._said_us = -EVERY_US
        self._ready = False

    def turned(self, now_us: int) -> None:
        """The main loop has come round."""
        if not self._address or now_us - self._said_us < EVERY_US:
            return
        self._said_us = now_us
        self._say("WATCHDOG=1" if self._ready else "READY=1\nWATCHDOG=1")
        self._ready = True

    def ends(self) -> None:
        if self._address:
            self._say("STOPPING=1")

    def _say(self, words: str) -> None:
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
            line.connect(self._address)
            line.sendall(words.encode())
