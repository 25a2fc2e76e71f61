"""A broker as the way to the server's link: MQTT 5 with TLS, the same frames as on the WebSocket.

The session on the broker outlives a short cut, so that what was on its way still comes; what is
older than its expiry does not. Being connected, being subscribed and being confirmed prove nothing:
the link is up once the server has answered a question that came this way.
"""

import logging
import ssl
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from secrets import token_hex
from time import monotonic
from typing import TYPE_CHECKING, Any

from vang_node.server import Server, Unreachable
from vang_node.ways import LinkLost, Talk
from vang_protocol.limits import LINK_ORDER_BYTES
from vang_protocol.links import Answer, FromNode, Hello, encode_message
from vang_protocol.reasons import Refused
from vang_protocol.topics import (
    KEEPALIVE_S,
    RECEIVE_MAXIMUM,
    SESSION_KEPT,
    WILL_DELAY_S,
    Brokers,
    Presence,
    Said,
    Topic,
    encode_presence,
    for_unit,
    of_node,
    of_server,
    parse_presence,
    topic_for,
)

if TYPE_CHECKING:
    from paho.mqtt.client import Client, MQTTMessage, MQTTMessageInfo
    from paho.mqtt.properties import Properties

CONNECT_WITHIN_S = 10.0
CONFIRM_WITHIN_S = 2.0
ALONE_S = 10.0
"""How long to wait on a broker that the server's link has left, before another way is tried."""
MOST_WAITING = 256
SURE = 1

log = logging.getLogger(__name__)


class MqttWay:
    """Broker ``number`` of those that the pages told."""

    every_s = 30
    frames = False

    def __init__(
        self, server: Server, brokers: Brokers, number: int, *, unit: str, ca_file: str | None
    ) -> None:
        self._server, self._brokers, self._unit = server, brokers, unit
        self._address = brokers.brokers[number]
        self._ca_file = ca_file
        self.name = f"broker-{self._address.name}"

    @contextmanager
    def open(self) -> Iterator[Talk]:
        with suppress(Unreachable):  # pages that are away are no reason, to be withdrawn is
            self._server.session()
        talk = MqttTalk(self._brokers, self._unit, self._context())
        try:
            talk.connect(self._address.host, self._address.port)
            yield talk
        finally:
            talk.close()

    def _context(self) -> ssl.SSLContext:
        try:
            if self._brokers.ca:
                return ssl.create_default_context(cadata=self._brokers.ca)
            return ssl.create_default_context(cafile=self._ca_file)
        except (ssl.SSLError, OSError) as error:
            raise LinkLost(f"the brokers' authority cannot be used: {error}") from None


class MqttTalk:
    """One connection: paho's client, driven by the link's own thread."""

    proven = False

    def __init__(self, brokers: Brokers, unit: str, context: ssl.SSLContext) -> None:
        self._node, self._status = brokers.username, of_server(brokers.shard)
        self._wanted = [(of_node(self._node, Topic.CMD), SURE), (for_unit(unit), SURE)]
        self._wanted.append((self._status, SURE))
        self._session = token_hex(8)
        self._waiting: deque[bytes] = deque(maxlen=MOST_WAITING)
        self._sent: dict[int, bytes] = {}
        self._connected = False
        self._refused = ""
        self._alone_since: float | None = None
        self._client = self._made(brokers, context)

    def connect(self, host: str, port: int) -> None:
        """Raises LinkLost."""
        try:
            self._client.connect(
                host, port, KEEPALIVE_S, clean_start=False, properties=_session_properties()
            )
        except (OSError, ValueError) as error:
            raise LinkLost(f"{host}:{port}: {error}") from None
        deadline = monotonic() + CONNECT_WITHIN_S
        while not self._connected:
            self._turn(0.25)
            if self._refused or monotonic() > deadline:
                raise LinkLost(f"{host}:{port}: {self._refused or 'no answer'}")

    def send(self, message: FromNode) -> None:
        frame = encode_message(message).encode()
        sure = SURE if isinstance(message, Answer | Hello) else 0
        told = self._client.publish(of_node(self._node, topic_for(message)), frame, qos=sure)
        if isinstance(message, Answer):
            self._sent[told.mid] = message.receipt.encode()

    def receive(self, timeout: float) -> bytes:
        if not self._waiting:
            self._turn(timeout)
        if self._waiting:
            return self._waiting.popleft()
        if self._alone_since is not None and monotonic() - self._alone_since > ALONE_S:
            raise LinkLost("the server is not at this broker")
        raise TimeoutError

    def unconfirmed(self) -> list[bytes]:
        return list(self._sent.values())

    def close(self) -> None:
        """An orderly goodbye where the line still stands."""
        if self._connected:
            with suppress(OSError, ValueError, RuntimeError, LinkLost):
                self._until_confirmed(self._say(Said.OFFLINE))
        with suppress(OSError, ValueError):
            self._client.disconnect()
            self._client.loop(0.05)

    def _until_confirmed(self, goodbye: "MQTTMessageInfo") -> None:
        """Written is not enough: a socket closed with something unread in it resets the line, and
        a broker that writes to such a line throws away what it had not read yet."""
        deadline = monotonic() + CONFIRM_WITHIN_S
        while not goodbye.is_published() and monotonic() < deadline:
            self._turn(0.05)

    def _turn(self, timeout: float) -> None:
        """Let the client read, write and keep the line alive. Raises LinkLost."""
        code = self._client.loop(timeout)
        if code:
            from paho.mqtt.client import error_string  # noqa: PLC0415

            raise LinkLost(self._refused or error_string(code))

    def _made(self, brokers: Brokers, context: ssl.SSLContext) -> "Client":
        from paho.mqtt.client import Client, MQTTv5  # noqa: PLC0415  (lean start)
        from paho.mqtt.enums import CallbackAPIVersion  # noqa: PLC0415
        from paho.mqtt.packettypes import PacketTypes  # noqa: PLC0415
        from paho.mqtt.properties import Properties  # noqa: PLC0415

        client = Client(CallbackAPIVersion.VERSION2, client_id=self._node, protocol=MQTTv5)
        client.username_pw_set(brokers.username, brokers.password)
        client.tls_set_context(context)
        client.connect_timeout = CONNECT_WITHIN_S
        delay = Properties(PacketTypes.WILLMESSAGE)
        delay.WillDelayInterval = WILL_DELAY_S
        will = encode_presence(Presence(Said.LOST, self._session))
        client.will_set(of_node(self._node, Topic.STATE), will, SURE, retain=True, properties=delay)
        client.on_connect = self._let_in
        client.on_message = self._came
        client.on_publish = self._confirmed
        client.on_disconnect = self._let_go
        return client

    def _let_in(
        self, client: "Client", _userdata: Any, _flags: Any, code: Any, _properties: Any
    ) -> None:
        if code.is_failure:
            self._refused = str(code)
            return
        self._connected = True
        self._alone_since = monotonic()  # until the server says that it is here
        client.subscribe(self._wanted)
        self._say(Said.ONLINE)

    def _confirmed(
        self, _client: "Client", _userdata: Any, mid: int, _code: Any, _properties: Any
    ) -> None:
        self._sent.pop(mid, None)

    def _let_go(self, *_told: Any) -> None:
        self._connected = False

    def _say(self, said: Said) -> "MQTTMessageInfo":
        told = encode_presence(Presence(said, self._session))
        return self._client.publish(of_node(self._node, Topic.STATE), told, qos=SURE, retain=True)

    def _came(self, _client: "Client", _userdata: Any, message: "MQTTMessage") -> None:
        """A frame for the link to read; nothing that was retained is ever one."""
        if message.topic == self._status:
            self._server_said(bytes(message.payload))
        elif not message.retain:
            self._waiting.append(bytes(message.payload))

    def _server_said(self, payload: bytes) -> None:
        try:
            here = parse_presence(payload).said is Said.ONLINE
        except Refused as error:
            log.warning("What the server says of itself was refused: %s", error)
            return
        self._alone_since = None if here else self._alone_since or monotonic()


def _session_properties() -> "Properties":
    from paho.mqtt.packettypes import PacketTypes  # noqa: PLC0415
    from paho.mqtt.properties import Properties  # noqa: PLC0415

    properties = Properties(PacketTypes.CONNECT)
    properties.SessionExpiryInterval = int(SESSION_KEPT.total_seconds())
    properties.ReceiveMaximum = RECEIVE_MAXIMUM
    properties.MaximumPacketSize = LINK_ORDER_BYTES + 1_024
    return properties
