"""One POST to a stranger's server: to an examined address, within a time, a little of the answer.

Redirects are not followed: they could lead inside. Time is limited for the whole exchange, not
only for each read: a server that sends a byte every few seconds cannot hold the queue.
"""

import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import httpcore

from vang.channels.webhook.addresses import NotAllowed, Target, examined

DEADLINE_S = 15.0
_ANSWER_BYTES = 4096
_Options = Iterable[httpcore.SOCKET_OPTION] | None


@dataclass(frozen=True)
class Answer:
    """``status`` is 0 when there was none, and ``problem`` says why: a code of ``PROBLEMS``."""

    status: int
    problem: str = ""

    @property
    def taken(self) -> bool:
        return 200 <= self.status < 300


def post(
    target: Target, headers: dict[str, str], body: bytes, *, deadline_s: float = DEADLINE_S
) -> Answer:
    """Send and look at the answer's status. Never raises for what the other side does."""
    backend = _Examined(target, time.monotonic() + deadline_s)
    try:
        with httpcore.ConnectionPool(
            ssl_context=ssl.create_default_context(),
            network_backend=backend,
            http2=False,
            retries=0,
            max_connections=1,
        ) as pool:
            return _exchange(pool, target, headers, body)
    except NotAllowed:
        return Answer(0, "inside")
    except httpcore.TimeoutException:
        return Answer(0, "timeout")
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError, UnicodeError):
        # UnicodeError: a part of the name is empty or longer than names may be
        return Answer(0, "unreachable")


def _exchange(
    pool: httpcore.ConnectionPool, target: Target, headers: dict[str, str], body: bytes
) -> Answer:
    with pool.stream("POST", target.url, headers=[*headers.items()], content=body) as response:
        read = 0
        for chunk in response.iter_stream():
            read += len(chunk)
            if read >= _ANSWER_BYTES:
                break  # whatever else it says is not ours to read
        return Answer(response.status)


class _Examined(httpcore.SyncBackend):
    """Connects only to addresses that were examined, and watches the clock."""

    def __init__(self, target: Target, ends: float) -> None:
        super().__init__()
        self._target = target
        self._ends = ends

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: _Options = None,
    ) -> httpcore.NetworkStream:
        del host, timeout  # the target's, examined; and our own clock
        addresses = examined(self._target)
        failure: Exception = httpcore.ConnectError("no address")
        for address in addresses:
            left = _left(self._ends)
            try:
                stream = super().connect_tcp(address, port, left, local_address, socket_options)
            except httpcore.ConnectError as error:
                failure = error
            else:
                return _Watched(stream, self._ends)
        raise failure


class _Watched(httpcore.NetworkStream):
    """A stream on which nothing may last beyond ``ends``."""

    def __init__(self, stream: httpcore.NetworkStream, ends: float) -> None:
        self._stream = stream
        self._ends = ends

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        del timeout
        return self._stream.read(max_bytes, _left(self._ends))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        del timeout
        self._stream.write(buffer, _left(self._ends))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        del timeout
        inner = self._stream.start_tls(ssl_context, server_hostname, _left(self._ends))
        return _Watched(inner, self._ends)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(ends: float) -> float:
    left = ends - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the time is over")
    return left
