"""A connection to exactly the address that was examined, with one clock for the whole exchange.

Redirects are not followed: they could lead inside. Time is limited for everything together, not
only for each read: a server that sends a byte every few seconds cannot hold a queue.
"""

import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import httpcore

from vang.base.outside import NotAllowed, Target, examined

_Options = Iterable[httpcore.SOCKET_OPTION] | None


@dataclass(frozen=True)
class Answer:
    """``status`` is 0 when there was none, and ``problem`` says why: inside, timeout,
    unreachable or too-large.

    ``headers`` have their names in small letters.
    """

    status: int
    problem: str = ""
    headers: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    body: bytes = field(default=b"", compare=False)

    @property
    def taken(self) -> bool:
        return 200 <= self.status < 300

    def header(self, name: str) -> str:
        return next((value for found, value in self.headers if found == name), "")


def exchange(
    method: str,
    target: Target,
    headers: dict[str, str],
    *,
    body: bytes = b"",
    most_bytes: int,
    deadline_s: float,
    whole: bool,
) -> Answer:
    """One request. Never raises for what the other side does.

    At most ``most_bytes`` of the answer are read; ``whole``: a longer one is no answer.
    """
    backend = Examined(target, time.monotonic() + deadline_s)
    try:
        with (
            httpcore.ConnectionPool(
                ssl_context=ssl.create_default_context(),
                network_backend=backend,
                http2=False,
                retries=0,
                max_connections=1,
            ) as pool,
            pool.stream(
                method, target.url, headers=[*headers.items()], content=body or None
            ) as answer,
        ):
            return _answer(answer, most_bytes, whole=whole)
    except NotAllowed:
        return Answer(0, "inside")
    except httpcore.TimeoutException:
        return Answer(0, "timeout")
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError, UnicodeError):
        # UnicodeError: a part of the name is empty or longer than names may be
        return Answer(0, "unreachable")


def _answer(answer: httpcore.Response, most_bytes: int, *, whole: bool) -> Answer:
    parts, read = [], 0
    for chunk in answer.iter_stream():
        parts.append(chunk)
        read += len(chunk)
        if read > most_bytes:
            if whole:
                return Answer(0, "too-large")
            break  # whatever else it says is not ours to read
    told = tuple((n.decode("latin-1").lower(), v.decode("latin-1")) for n, v in answer.headers)
    return Answer(answer.status, "", told, b"".join(parts)[:most_bytes])


class Examined(httpcore.SyncBackend):
    """Connects only to addresses that were examined. ``ends``: on the monotonic clock (s), when
    the whole exchange is over; None where only each read has its time."""

    def __init__(self, target: Target, ends: float | None) -> None:
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
        del host  # the target's, examined
        addresses = examined(self._target)
        failure: Exception = httpcore.ConnectError("no address")
        for address in addresses:
            left = timeout if self._ends is None else _left(self._ends)
            try:
                stream = super().connect_tcp(address, port, left, local_address, socket_options)
            except httpcore.ConnectError as error:
                failure = error
            else:
                return stream if self._ends is None else _Watched(stream, self._ends)
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
