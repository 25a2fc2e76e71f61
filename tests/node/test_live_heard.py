"""One microphone, a real link, real nodes: what is spoken is heard, together, and nobody else's."""

import json
import threading
import time
from array import array
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from itertools import chain, pairwise
from pathlib import Path

import numpy as np
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.link.conftest import RunningLink, running
from tests.node.ordering import an_opening, phases, policy_of_town
from tests.node.pole import RATE, Pole, best_match, until
from tests.node.repository import Repository
from tests.node.tape import noise
from tests.node.town import Town, a_plan, open_town, utc_now
from tests.protocol.province import signed
from vang.base.tokens import make_token
from vang_node.decoder import decoded_blocks
from vang_node.sinks import Block
from vang_protocol.instants import format_instant
from vang_protocol.receipts import Phase
from vang_protocol.records import End


@dataclass
class Studio:
    """A town whose link is the product's own."""

    town: Town
    link: RunningLink
    recordings: Path
    udp: bool
    ways: int = 1
    """By how many the order goes out."""

    def open(self, **changed: object) -> str:
        """Order a microphone; its session."""
        made = self.link.live("make")
        opening = an_opening(made["session"], made["key"], **changed)
        told = self.link.order(["20641"], [], signed(opening, "hanh").decode(), "")
        assert told.json() == {"told": self.ways}
        assert self.link.live(
            "start", session=made["session"], nodes=["n1"], buffer_ms=1000,
            until=format_instant(opening.expires),
        )  # fmt: skip
        return str(made["session"])

    def speak(self, session: str, sound: Block, *, gap: tuple[float, float] | None = None) -> None:
        """Through a browser's socket, in time, from a thread of its own; silent in ``gap``."""
        thread = threading.Thread(target=self._speak, args=(session, sound, gap), daemon=True)
        thread.start()

    def _speak(self, session: str, sound: Block, gap: tuple[float, float] | None) -> None:
        claims = {"session": session, "person": 1}
        token = make_token(self.town.secret, "live-microphone", claims, now=utc_now(), lasts_s=60)
        with (
            suppress(ConnectionClosed),
            connect(f"ws://127.0.0.1:{self.link.port}/link/microphone", proxy=None) as socket,
        ):
            socket.send(json.dumps({"token": token}))
            began = time.monotonic()
            for start in range(0, len(sound), 960):
                at_s = start / RATE
                time.sleep(max(0.0, began + at_s - time.monotonic()))
                if gap is None or not gap[0] <= at_s < gap[1]:
                    socket.send(b"P" + sound[start : start + 960].tobytes())


@pytest.fixture(params=["udp", "websocket"])
def studio(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Studio]:
    town = Town(province=Repository(policy_of_town(), utc_now()))
    recordings = tmp_path / "recordings"
    with open_town(town):
        udp = 0 if request.param == "udp" else None
        with running(town.url, udp=udp, recordings=recordings) as link:
            town.link_port = link.port
            yield Studio(town, link, recordings, udp == 0)


@pytest.fixture
def pole(studio: Studio, tmp_path: Path) -> Iterator[Pole]:
    made = Pole(studio.town, tmp_path)
    studio.town.publish(a_plan())
    made.switch_on()
    until(lambda: (made.home.trust / "policy.json").exists() and "n1" in studio.town.states, made)
    until(
        lambda: made.home.orders_file.exists() and studio.town.events("n1", "plan-accepted"), made
    )
    yield made
    if made.process is not None:
        made.kill()


def speech(seconds: float) -> Block:
    """Noise in words of varying length, so that every place in it is unmistakable."""
    sound = np.array(noise(seconds), float)
    dice = np.random.default_rng(3)
    cuts = np.cumsum(dice.uniform(0.1, 0.5, int(seconds * 5)) * RATE).astype(int)
    for begin, end in list(pairwise(cuts))[::2]:
        sound[begin:end] *= 0.1
    return array("h", sound.astype(np.int16))


def test_what_is_spoken_is_heard_recorded_and_acknowledged(studio: Studio, pole: Pole) -> None:
    session, spoken = studio.open(), speech(6)
    until(lambda: phases(studio.town, "v1") == [Phase.ACCEPTED], pole)
    studio.speak(session, spoken)
    until(lambda: Phase.SOUNDING in phases(studio.town, "v1"), pole)
    until(lambda: studio.link.live("facts", session=session)["frames"] > 80, pole)
    facts = studio.link.live("facts", session=session)
    assert (facts["by_udp"], facts["by_link"]) == ((1, 0) if studio.udp else (0, 1))
    assert studio.link.live("stop", session=session, why="speaker")
    until(lambda: Phase.PLAYED in phases(studio.town, "v1"), pole)
    until(lambda: studio.town.ended, pole)
    ended = studio.town.ended[0]
    assert (ended["session"], ended["why"]) == (session, "speaker")
    assert (studio.recordings / ended["file"]).stat().st_size > 10_000
    until(lambda: studio.town.events("n1", "live-heard"), pole)
    (told,) = studio.town.events("n1", "live-heard")
    assert (told.session, told.refused) == (session, 0)
    assert told.received >= 80
    assert told.concealed <= 3
    (played,) = studio.town.events("n1", "play-ended")
    assert played.end is End.DONE
    sound, _first_us = pole.recording("command-v1")
    file = BytesIO((studio.recordings / ended["file"]).read_bytes())
    aired = array("h", chain(*decoded_blocks(file)))
    assert best_match(sound, aired[RATE : 3 * RATE])[1] > 0.9
    # Noise, levelled and through Opus, is still itself.
    assert best_match(aired, spoken[RATE : 4 * RATE])[1] > 0.5


def test_when_nothing_comes_it_goes_back_to_the_plan_and_takes_the_voice_up_again(
    studio: Studio, pole: Pole
) -> None:
    session = studio.open()
    until(lambda: phases(studio.town, "v1") == [Phase.ACCEPTED], pole)
    studio.speak(session, speech(12), gap=(2.0, 8.0))
    until(lambda: studio.town.events("n1", "play-ended"), pole)
    (broken,) = studio.town.events("n1", "play-ended")
    assert broken.end is End.ERROR
    until(lambda: len(studio.town.events("n1", "play-started")) == 2, pole)
    assert [one.part for one in studio.town.events("n1", "play-started")] == [1, 2]
    studio.link.live("stop", session=session, why="speaker")
    until(lambda: Phase.PLAYED in phases(studio.town, "v1"), pole)
    gaps = [one.longest_gap_ms for one in studio.town.events("n1", "live-heard")]
    assert gaps[0] > 2_000
