"""The WebSocket to the server's link: the way that is always there."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from vang_node.server import Server
from vang_node.ways import LinkLost, Talk
from vang_protocol.limits import LINK_ORDER_BYTES
from vang_protocol.links import FromNode, encode_message

if TYPE_CHECKING:
    from ssl import SSLContext


class WebSocketTalk:
    """``send`` and ``receive`` of an open socket."""

    proven = True

    def __init__(self, send: Callable[[str], None], receive: Callable[..., str | bytes]) -> None:
        self._send, self._receive = send, receive

    def send(self, message: FromNode) -> None:
        self._send(encode_message(message))

    def receive(self, timeout: float) -> str | bytes:
        return self._receive(timeout=timeout)

    def unconfirmed(self) -> list[bytes]:
        return []


class WebSocketWay:
    """Opened with the session's token; without a session there is none."""

    name = "websocket"
    every_s = 15
    frames = True

    def __init__(self, server: Server, *, ca_file: str | None = None) -> None:
        """``ca_file``: certificates of a private authority, for the link as for the pages."""
        self._server, self._ca_file = server, ca_file

    @contextmanager
    def open(self) -> Iterator[Talk]:
        from websockets.exceptions import InvalidStatus, WebSocketException  # noqa: PLC0415
        from websockets.sync.client import connect  # noqa: PLC0415

        session = self._server.session()
        if not session.link_url:
            raise LinkLost("the server offers none")
        try:
            with connect(
                session.link_url,
                ssl=self._context(session.link_url),
                additional_headers={"Authorization": f"Bearer {session.token}"},
                max_size=LINK_ORDER_BYTES,
                proxy=None,
                compression=None,
                open_timeout=10,
                close_timeout=2,
            ) as socket:
                yield WebSocketTalk(socket.send, socket.recv)
        except InvalidStatus as error:
            self._server.forget_session()  # only then: a link that died is no reason for another
            raise LinkLost(str(error)) from None
        except WebSocketException as error:
            raise LinkLost(str(error)) from None

    def _context(self, url: str) -> "SSLContext | None":
        """None: the authorities that the system trusts. Raises OSError for a file that is none."""
        if self._ca_file is None or not url.startswith("wss:"):
            return None
        import ssl  # noqa: PLC0415  (only with a private authority)

        return ssl.create_default_context(cafile=self._ca_file)
