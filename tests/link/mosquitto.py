"""Real Mosquittos as they are shipped: our configuration, our lists, our own authority."""

import re
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from typing import Any, Self

from paho.mqtt.client import Client, MQTTMessage, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from tests.link.conftest import SECRET, free_port, wait_until
from vang.base import clock
from vang.base.shards import Shard, link_password, node_password
from vang.dispatch.broker_files import make_certificates, password_line, rights, write_if_changed
from vang_protocol.topics import BrokerAddress

SHIPPED = Path(__file__).parents[2] / "deploy" / "mosquitto" / "vang.conf"
PUBLIC = "ab" * 32
"""The public key of nodes that need none."""


def program() -> str:
    """Debian has it where only root looks."""
    found = shutil.which("mosquitto", path="/usr/sbin:/usr/bin:/usr/local/sbin")
    assert found, "apt-get install mosquitto"
    return found


@dataclass
class Mosquitto:
    """One broker in a folder; ``port`` is its own for as long as it exists."""

    folder: Path
    name: str
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> BrokerAddress:
        return BrokerAddress(self.name, "127.0.0.1", self.port)

    @property
    def ca(self) -> str:
        return str(self.folder / "ca.crt")

    def start(self) -> None:
        config = self.folder / "mosquitto.conf"
        text = SHIPPED.read_text().replace("/etc/mosquitto/vang", str(self.folder))
        text = text.replace("listener 8883", f"listener {self.port} 127.0.0.1")
        around = f"user root\nlog_dest file {self.folder}/log\n"
        config.write_text(f"{around}persistence_location {self.folder}/\n{text}")
        self.process = subprocess.Popen([program(), "-c", str(config)], stderr=subprocess.DEVNULL)
        wait_until(self._answers)

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False

    def kill(self, number: int = signal.SIGKILL) -> None:
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait(10)
            self.process = None

    def pause(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def let_in(self, users: Collection[str], shard: Shard) -> None:
        """The lists as ``vang broker write`` makes them; a running broker reads them again."""
        lines = [password_line(shard.user, link_password(SECRET, shard.name), secret=SECRET)]
        lines += [
            password_line(user, node_password(SECRET, user, PUBLIC), secret=SECRET)
            for user in users
        ]
        self.write("".join(f"{line}\n" for line in lines), shard)

    def write(self, passwords: str, shard: Shard) -> None:
        write_if_changed(self.folder / "passwords", passwords)
        write_if_changed(self.folder / "acl", rights(shard))
        if self.process is not None:
            self.process.send_signal(signal.SIGHUP)

    def log(self) -> str:
        return (self.folder / "log").read_text()


@dataclass
class Pair:
    """Two brokers of one link that know nothing of each other."""

    a: Mosquitto
    b: Mosquitto

    @property
    def shard(self) -> Shard:
        return Shard("link", "", "", (self.a.address, self.b.address), self.a.ca)

    @property
    def both(self) -> tuple[Mosquitto, Mosquitto]:
        return self.a, self.b

    def let_in(self, *users: str) -> None:
        for broker in self.both:
            broker.let_in(users, self.shard)


@contextmanager
def a_pair(root: Path) -> Iterator[Pair]:
    """Certificates by one authority, nobody but the link is let in."""
    pair = Pair(Mosquitto(root / "a", "a"), Mosquitto(root / "b", "b"))
    make_certificates(pair.a.folder, ["127.0.0.1", "localhost"], now=clock.now())
    shutil.copytree(pair.a.folder, pair.b.folder)
    pair.let_in()
    try:
        for broker in pair.both:
            broker.start()
        yield pair
    finally:
        for broker in pair.both:
            broker.kill()


class Voice:
    """Somebody with an MQTT client of their own: a node by the protocol's letter, or a rogue."""

    def __init__(
        self, broker: Mosquitto, user: str, password: str = "", *, client_id: str = "",
        clean: bool = False, ca: str = "",
    ) -> None:  # fmt: skip
        self.heard: list[MQTTMessage] = []
        self.granted: list[int] = []
        self.refused = ""
        self.connections = 0
        self.lost = threading.Event()
        self._up = threading.Event()
        self.client = Client(
            CallbackAPIVersion.VERSION2, client_id=client_id or user or token_hex(8),
            protocol=MQTTv5,
        )  # fmt: skip
        if user:
            self.client.username_pw_set(user, password or node_password(SECRET, user, PUBLIC))
        self.client.tls_set(ca or broker.ca)
        self.client.on_connect = self._connected
        self.client.on_disconnect = lambda *_told: self.lost.set()
        self.client.on_message = lambda _client, _data, message: self.heard.append(message)
        self.client.on_subscribe = lambda _client, _data, _mid, codes, _properties: (
            self.granted.extend(code.value for code in codes)
        )
        self._broker, self._clean = broker, clean

    def _connected(self, _client: Any, _data: Any, _flags: Any, code: Any, _told: Any) -> None:
        if code.is_failure:
            self.refused = str(code)
        else:
            self.connections += 1
        self._up.set()

    def __enter__(self) -> Self:
        properties = Properties(PacketTypes.CONNECT)
        properties.SessionExpiryInterval = 3600
        self.client.connect(
            "127.0.0.1", self._broker.port, 30, clean_start=self._clean, properties=properties
        )
        self.client.loop_start()
        assert self._up.wait(10)
        return self

    def __exit__(self, *_exception: object) -> None:
        self.client.disconnect()
        self.client.loop_stop()

    def subscribe(self, *topics: str) -> list[int]:
        """What the broker says to that: it waits for its word."""
        before = len(self.granted)
        self.client.subscribe([(topic, 1) for topic in topics])
        wait_until(lambda: len(self.granted) == before + len(topics))
        return self.granted[before:]

    def publish(self, topic: str, payload: bytes | str, **options: Any) -> None:
        """QoS 1, until the broker has confirmed it."""
        self.client.publish(topic, payload, qos=1, **options).wait_for_publish(10)

    def payloads(self, topic: str = "") -> list[bytes]:
        return [bytes(one.payload) for one in self.heard if re.match(topic or ".*", one.topic)]


def quiet(seconds: float = 0.4) -> None:
    """Long enough for a broker on this computer to deliver whatever it would."""
    time.sleep(seconds)


def lasting(seconds: int) -> Properties:
    properties = Properties(PacketTypes.PUBLISH)
    properties.MessageExpiryInterval = seconds
    return properties
