"""A real link on a free port, and nodes that talk to it over real sockets."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.sync.client import ClientConnection, connect

from vang.base import clock
from vang.base.shards import Shard
from vang.base.tokens import derived_secret, make_token
from vang.link.server import server
from vang_protocol.links import FromLink, FromNode, encode_message, parse_from_link

SECRET = b"tests-only"  # the same as the settings': tokens of the pages are good here
NOWHERE = "http://127.0.0.1:9"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class RunningLink:
    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def internal(self) -> dict[str, str]:
        return {"X-Vang-Internal": derived_secret(SECRET, "link-internal")}

    def token(self, node: str, unit: str = "20662", *, lasts_s: int = 3600) -> str:
        claims = {"node": node, "unit": unit, "cluster": f"{unit}-01"}
        return make_token(SECRET, "node-session", claims, now=clock.now(), lasts_s=lasts_s)

    def connect(self, token: str, **options: Any) -> ClientConnection:
        return connect(
            f"ws://127.0.0.1:{self.port}/link",
            additional_headers={"Authorization": f"Bearer {token}"},
            proxy=None,
            **options,
        )

    def live(self, act: str, **body: Any) -> Any:
        answer = httpx.post(
            f"{self.address}/internal/live/{act}", json=body, headers=self.internal, trust_env=False
        )
        return answer.raise_for_status().json()["told"]

    def order(
        self, units: list[str], nodes: list[str], command: str, manifest: str, *,
        lasts_s: int = 900, turn: int = 0, **headers: str,
    ) -> httpx.Response:  # fmt: skip
        return httpx.post(
            f"{self.address}/internal/order",
            json={
                "units": units,
                "nodes": nodes,
                "command": command,
                "manifest": manifest,
                "lasts_s": lasts_s,
                "turn": turn,
            },
            headers={**self.internal, **headers},
            trust_env=False,
        )

    def hint(self, unit: str, plan: int, **headers: str) -> httpx.Response:
        return httpx.post(
            f"{self.address}/internal/hint",
            json={"unit": unit, "plan": plan},
            headers={**self.internal, **headers},
            trust_env=False,
        )

    def connections(self) -> int:
        return int(self.health()["connections"])

    def brokers(self) -> list[bool]:
        """Which of its brokers it is connected to, in their order."""
        return list(self.health()["brokers"].values())

    def health(self) -> dict[str, Any]:
        told: dict[str, Any] = httpx.get(f"{self.address}/health", trust_env=False).json()
        return told


@contextmanager
def running(
    web_url: str = NOWHERE, shard: Shard | None = None, port: int = 0, *, udp: int | None = None,
    recordings: Path | None = None,
) -> Iterator[RunningLink]:  # fmt: skip
    port = port or free_port()
    link = server(
        bind="127.0.0.1", port=port, secret=SECRET, web_url=web_url, shard=shard, udp=udp,
        recordings=recordings,
    )  # fmt: skip
    thread = threading.Thread(target=link.run, daemon=True)
    thread.start()
    wait_until(lambda: link.started)
    try:
        yield RunningLink(port)
    finally:
        link.should_exit = True
        thread.join(10)


@pytest.fixture
def link() -> Iterator[RunningLink]:
    with running() as started:
        yield started


def wait_until(holds: Any, within_s: float = 10.0) -> None:
    """For what another thread or process does; fails after ``within_s``."""
    deadline = time.monotonic() + within_s
    while not holds():
        if time.monotonic() > deadline:
            raise AssertionError("it did not happen")
        threading.Event().wait(0.02)


def send(socket: ClientConnection, message: FromNode) -> None:
    socket.send(encode_message(message))


def hear(socket: ClientConnection) -> FromLink:
    return parse_from_link(socket.recv(timeout=10))


def instant_us(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000_000)
