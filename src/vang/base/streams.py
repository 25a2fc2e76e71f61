"""Something of another server that is read as it comes, such as a radio programme: for hours.

The same rules as for an exchange: https, only addresses of the public Internet, connected to as
they were examined. A redirect is followed, as such servers give them, after the same examination.
"""

import io
import ssl
from collections.abc import Collection, Iterator
from urllib.parse import urljoin, urlsplit

import httpcore

from vang.base.exchange import Examined
from vang.base.outside import NotAllowed, target_of
from vang.base.refusals import Refusal

MOST_REDIRECTS = 4
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HEADERS = [(b"User-Agent", b"Vang"), (b"Accept", b"*/*"), (b"Icy-MetaData", b"0")]


class StreamFailed(OSError):
    """``code`` is inside, timeout, unreachable, refused or bad-address."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Stream(io.RawIOBase):
    """The body of one answer, read piece by piece. Every read is over within ``within_s``."""

    def __init__(self, url: str, inside: Collection[str], *, within_s: float) -> None:
        """Raises StreamFailed."""
        super().__init__()
        self._left = b""
        self._pool: httpcore.ConnectionPool | None = None
        self._pieces: Iterator[bytes] = iter(())
        for _ in range(MOST_REDIRECTS + 1):
            onward = self._open(url, inside, within_s)
            if not onward:
                return
            url = urljoin(url, onward)
        raise StreamFailed("refused")

    def _open(self, url: str, inside: Collection[str], within_s: float) -> str:
        """Where it sends us instead, or "" once it is open."""
        self._end()
        try:
            target = target_of(url, inside)
        except Refusal as refusal:
            raise StreamFailed(refusal.code) from refusal
        times = dict.fromkeys(("connect", "read", "write", "pool"), within_s)
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl.create_default_context(),
            network_backend=Examined(target, None),
            http2=False,
            retries=0,
            max_connections=1,
        )
        host = [(b"Host", urlsplit(url).netloc.encode())]
        request = httpcore.Request(
            "GET", url, headers=host + _HEADERS, extensions={"timeout": times}
        )
        with _told():
            answer = self._pool.handle_request(request)
        if answer.status in _REDIRECTS:
            found = [value for name, value in answer.headers if name.lower() == b"location"]
            return found[0].decode("latin-1") if found else "missing://"
        if answer.status != 200:
            self._end()
            raise StreamFailed("refused")
        self._pieces = answer.iter_stream()
        return ""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """What is there, at most ``size``; b"" at the end. Raises StreamFailed."""
        if not self._left:
            with _told():
                self._left = next(self._pieces, b"")
        cut = len(self._left) if size < 0 else size
        taken, self._left = self._left[:cut], self._left[cut:]
        return taken

    def close(self) -> None:
        self._end()
        super().close()

    def _end(self) -> None:
        if self._pool is not None:
            self._pool.close()
            self._pool = None


class _told:  # noqa: N801 - reads as a clause
    """Every way in which the other side can fail, as StreamFailed."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        match error:
            case NotAllowed():
                raise StreamFailed("inside") from error
            case httpcore.TimeoutException():
                raise StreamFailed("timeout") from error
            case httpcore.NetworkError() | httpcore.ProtocolError() | OSError() | UnicodeError():
                raise StreamFailed("unreachable") from error
