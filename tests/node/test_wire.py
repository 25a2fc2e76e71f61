"""The node's way for datagrams: when it is known that nothing comes by it."""

import socket
import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from vang_node.live import wire
from vang_node.live.wire import Wire
from vang_protocol.links import Datagrams, Joined

SESSION = "ab" * 8


@pytest.fixture
def silent() -> Iterator[Datagrams]:
    """A port that takes everything and answers nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind(("127.0.0.1", 0))
        yield Datagrams(line.getsockname()[1], "01" * 8, "02" * 32)


@pytest.fixture
def ends() -> Iterator[tuple[Any, Any, Wire]]:
    """Link and receiver as far as the wire sees them, and the wire at work."""
    made = Wire(
        on_exchange=lambda _exchange: None,
        on_frame=lambda _frame: None,
        where=lambda: "ws://127.0.0.1/link",
    )
    link = SimpleNamespace(join=lambda _session: None)
    live = SimpleNamespace(hear=lambda _frame: None, joined=lambda _session, _key: None)
    made.attach(link, live, lambda act: act())  # type: ignore[arg-type]
    thread = threading.Thread(target=made.run)
    thread.start()
    yield link, live, made
    made.stop()
    thread.join(10)


def test_a_voice_that_no_datagram_brings_makes_it_deaf_after_a_while(
    ends: tuple[Any, Any, Wire], silent: Datagrams, monkeypatch: pytest.MonkeyPatch
) -> None:
    link, live, made = ends
    monkeypatch.setattr(wire, "DEAF_AFTER_US", 1_500_000)
    link.on_datagrams(silent)
    live.on_sessions([SESSION])
    assert not link.deaf()
    link.on_joined(Joined(SESSION, "03" * 32))
    assert not link.deaf()
    wait(link.deaf)
    link.on_datagrams(silent)  # the link was started anew: this way has its time as well
    wait(lambda: not link.deaf())
    wait(link.deaf)
    live.on_sessions([])
    assert not link.deaf()
    link.on_joined(Joined(SESSION, "03" * 32))  # late: nothing is on the air any more
    monkeypatch.setattr(wire, "DEAF_AFTER_US", 0)
    assert not made.deaf


def wait(holds: Any) -> None:
    ends = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < ends
        time.sleep(0.01)
