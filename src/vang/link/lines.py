"""uvicorn's WebSocket, which also takes a frame that is the same for many nodes as it is.

An order goes to thousands of nodes at once. Woken one by one, each conversation would encode it
anew; here it is encoded once and lies in every socket before anybody is woken.
"""

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame, Opcode
from websockets.http11 import Request

EXTENSION = "vang.frames"


def whole_frame(text: str) -> bytes:
    """The bytes of one unmasked text frame: from a server they are the same for everybody."""
    return Frame(Opcode.TEXT, text.encode()).serialize(mask=False)


def binary_frame(data: bytes) -> bytes:
    """The same of bytes."""
    return Frame(Opcode.BINARY, data).serialize(mask=False)


class Line(WebSocketsSansIOProtocol):
    """Puts ``write_frame`` into the scope's extensions, for the conversation to find."""

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if not self.close_sent:
            self.scope["extensions"][EXTENSION] = {"write": self.write_frame}

    def write_frame(self, frame: bytes) -> bool:
        """Whether it was taken: not by a socket that is closing or that does not keep up."""
        ready = self.handshake_complete and self.writable.is_set()
        if not ready or self.close_sent or self.disconnected or self.transport.is_closing():
            return False
        self.transport.write(frame)
        return True
