"""One MQTT broker as a path to nodes: connected for ever, with TLS and a name of its own.

The broker confirms what it took over, and loses some of it all the same when it is killed. So
nothing here counts as delivered; the ledger of the pages sends again what no node has answered.
"""

import asyncio
import logging
import ssl
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

from paho.mqtt.client import Client, ConnectFlags, MQTTMessage, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from vang.link.inbox import Inbox
from vang_protocol.limits import LINK_MESSAGE_BYTES
from vang_protocol.links import Bye, FromLink, Hint, Order, encode_message
from vang_protocol.topics import (
    HINT_KEPT_S,
    ROOT,
    SESSION_KEPT,
    UPWARDS,
    BrokerAddress,
    Presence,
    Said,
    Topic,
    encode_presence,
    for_unit,
    of_node,
    of_server,
)

LOG = logging.getLogger(__name__)
KEEPALIVE_S = 20
AGAIN_S = (1, 30)
IN_FLIGHT = 1_000
BYE_KEPT_S = 60
LARGEST = LINK_MESSAGE_BYTES + 1_024
"""A node's message with its topic and properties."""


@dataclass(frozen=True)
class Account:
    """Who this link is on the broker. ``ca``: the authority in PEM, "" for the usual ones."""

    shard: str
    user: str
    password: str
    ca: str


class BrokerPath:
    """Publishing is for one thread of its own, so that neither loop nor pages ever wait."""

    def __init__(self, address: BrokerAddress, account: Account, inbox: Inbox) -> None:
        self.name = f"broker-{address.name}"
        self._address, self._account, self._inbox = address, account, inbox
        self._status = of_server(account.shard)
        self._session = token_hex(8)
        self._sender = ThreadPoolExecutor(max_workers=1, thread_name_prefix=self.name)
        self._client = self._made()
        self.up = False

    def hint(self, unit: str, version: int) -> int:
        return self._send([for_unit(unit)], Hint(version), HINT_KEPT_S)

    def order(
        self, order: Order, *, units: Collection[str], nodes: Collection[str], lasts_s: int
    ) -> int:
        topics = [for_unit(unit) for unit in units]
        topics += [of_node(node, Topic.CMD) for node in nodes]
        return self._send(topics, order, lasts_s)

    def end(self, node: str, reason: str) -> None:
        self._send([of_node(node, Topic.CMD)], Bye(reason), BYE_KEPT_S)

    def reply(self, node: str, message: FromLink) -> None:
        """At once or never: the answer to a question about the time."""
        if self.up:
            self._client.publish(of_node(node, Topic.CMD), encode_message(message), qos=0)

    async def run(self) -> None:
        """For ever, until it is cancelled."""
        loop = asyncio.get_running_loop()

        def hand_on(_client: Client, _userdata: Any, message: MQTTMessage) -> None:
            with suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(self._take, message)

        self._client.on_message = hand_on
        client, (soonest, latest) = self._client, AGAIN_S
        client.reconnect_delay_set(soonest, latest)
        client.connect_async(
            self._address.host, self._address.port, KEEPALIVE_S, clean_start=False,
            properties=_session_properties(),
        )  # fmt: skip
        client.loop_start()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.to_thread(self._stop)

    def _take(self, message: MQTTMessage) -> None:
        self._inbox.take(
            self.name, message.topic, bytes(message.payload), kept=message.retain, reply=self.reply
        )

    def _stop(self) -> None:
        self._sender.shutdown(cancel_futures=True)
        if self.up:
            self._say(Said.OFFLINE)
        self._client.disconnect()
        self._client.loop_stop()

    def _made(self) -> Client:
        client = Client(CallbackAPIVersion.VERSION2, client_id=self._account.user, protocol=MQTTv5)
        client.username_pw_set(self._account.user, self._account.password)
        client.tls_set_context(_context(self._account.ca))
        client.max_inflight_messages_set(IN_FLIGHT)
        client.max_queued_messages_set(10 * IN_FLIGHT)
        lost = encode_presence(Presence(Said.LOST, self._session))
        client.will_set(self._status, lost, qos=1, retain=True)
        client.on_connect = self._connected
        client.on_disconnect = self._disconnected
        client.connect_timeout = 10
        return client

    def _connected(
        self, client: Client, _userdata: Any, _flags: ConnectFlags, code: ReasonCode,
        _properties: Properties | None,
    ) -> None:  # fmt: skip
        if code.is_failure:
            LOG.warning("%s does not let this link in: %s", self.name, code)
            return
        client.subscribe([(f"{ROOT}/d/+/{topic.value}", 1) for topic in UPWARDS])
        self.up = True
        self._say(Said.ONLINE)
        LOG.warning("%s is connected", self.name)

    def _disconnected(self, *_told: Any) -> None:
        if self.up:
            LOG.warning("%s is not connected", self.name)
        self.up = False

    def _say(self, said: Said) -> None:
        told = encode_presence(Presence(said, self._session))
        self._client.publish(self._status, told, qos=1, retain=True)

    def _send(self, topics: Collection[str], message: FromLink, lasts_s: int) -> int:
        """Never retained, always with an end. Nothing waits here for a broker to come back."""
        if not self.up or not topics:
            return 0
        payload = encode_message(message).encode()
        with suppress(RuntimeError):  # stopping
            self._sender.submit(self._publish, list(topics), payload, lasts_s)
        return len(topics)

    def _publish(self, topics: Collection[str], payload: bytes, lasts_s: int) -> None:
        properties = Properties(PacketTypes.PUBLISH)
        properties.MessageExpiryInterval = max(1, lasts_s)
        for topic in topics:
            if self.up:
                self._client.publish(topic, payload, qos=1, retain=False, properties=properties)


def _session_properties() -> Properties:
    properties = Properties(PacketTypes.CONNECT)
    properties.SessionExpiryInterval = int(SESSION_KEPT.total_seconds())
    properties.ReceiveMaximum = IN_FLIGHT
    properties.MaximumPacketSize = LARGEST
    return properties


def _context(ca: str) -> ssl.SSLContext:
    return ssl.create_default_context(cadata=ca or None)
