"""The node's WebSocket: whom it trusts to be the server's link."""

import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.sync.server import ServerConnection, serve

from vang.base import clock
from vang.dispatch.broker_files import make_certificates
from vang_node.server import Session
from vang_node.websocket import WebSocketWay


class Office:
    """The pages: they tell where the link is."""

    def __init__(self, url: str) -> None:
        self._url = url

    def session(self) -> Session:
        return Session("token", self._url, 0)

    def forget_session(self) -> None:
        raise AssertionError("the session was not refused")


@pytest.fixture
def authority(tmp_path: Path) -> Path:
    make_certificates(tmp_path, ["127.0.0.1"], now=clock.now())
    return tmp_path


@pytest.fixture
def office(authority: Path) -> Iterator[Office]:
    """Its link's certificate is by an authority of its own."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority / "server.crt", authority / "server.key")

    def greet(line: ServerConnection) -> None:
        line.send("here")
        line.recv()

    with serve(greet, "127.0.0.1", 0, ssl=context) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield Office(f"wss://127.0.0.1:{server.socket.getsockname()[1]}/link")
        server.shutdown()
        thread.join(10)


def test_an_authority_of_the_offices_own_holds_for_the_link_as_for_the_pages(
    office: Office, authority: Path
) -> None:
    with WebSocketWay(office, ca_file=str(authority / "ca.crt")).open() as talk:  # type: ignore[arg-type]
        assert talk.receive(10) == "here"
    with pytest.raises(ssl.SSLCertVerificationError), WebSocketWay(office).open():  # type: ignore[arg-type]
        pass


def test_a_file_that_is_no_certificate_is_a_link_that_is_tried_again(
    office: Office, authority: Path
) -> None:
    (authority / "none.crt").write_text("nothing")
    way = WebSocketWay(office, ca_file=str(authority / "none.crt"))  # type: ignore[arg-type]
    with pytest.raises(OSError, match=r"X509|NO_CERTIFICATE|PEM|unknown"), way.open():
        pass
