"""The way into the link stays open for hours, and says when there is none."""

import threading
from datetime import timedelta

import numpy as np
import pytest

from tests.link.conftest import RunningLink, link
from vang.base import clock
from vang.carriages.outgoing import LinkFailed, Outgoing
from vang.relays.tuning import BLOCK, Block
from vang_protocol.envelopes import SigningKey

__all__ = ["link"]
SESSION = "5a" * 8


def opened(address: str, alive_s: float) -> Outgoing:
    until = clock.now() + timedelta(minutes=5)
    way = Outgoing(address, SESSION, alive_s=alive_s)
    return way.open(SigningKey.generate().to_pem(), ["n1"], until, 1_000)


def tone() -> Block:
    return (4_000 * np.sin(np.arange(BLOCK) / 20)).astype(np.int16)


def test_it_outlasts_everything_that_the_link_says_meanwhile(link: RunningLink) -> None:
    """The link tells a speaker twice a second what arrives. Unread, that once hid its answers to
    "are you there?", and the way broke off after forty seconds."""
    way, pace = opened(link.address, alive_s=0.5), threading.Event()
    for _frame in range(80):
        way.send(tone())
        pace.wait(0.06)
    assert link.live("facts", session=SESSION)["microphone"]
    way.close()


def test_a_link_that_is_gone_is_said_and_nothing_else_happens(link: RunningLink) -> None:
    way = opened(link.address, alive_s=20)
    assert link.live("stop", session=SESSION, why="over")
    with pytest.raises(LinkFailed):
        _speak_on(way)
    with pytest.raises(LinkFailed):
        opened("http://127.0.0.1:9", alive_s=20)


def _speak_on(way: Outgoing) -> None:
    for _frame in range(200):
        way.send(tone())
        threading.Event().wait(0.06)


def test_a_key_that_is_none_is_refused(link: RunningLink) -> None:
    with pytest.raises(LinkFailed, match="make"):
        Outgoing(link.address, SESSION).open(b"no key", ["n1"], clock.now(), 1_000)
