"""A real station, the real way through the link, a real node: relayed in time, and back again."""

import threading
from array import array
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from tests.link.conftest import running
from tests.node.ordering import policy_of_town
from tests.node.pole import RATE, Pole, until
from tests.node.repository import Repository
from tests.node.town import Town, a_plan, open_town, utc_now
from tests.relays.conftest import Station, sound_file, tuned_in_turn
from vang.carriages.carrying import Told, Wanted, carry
from vang_protocol.envelopes import SigningKey
from vang_protocol.relays import Relay

SESSION, BUFFER_MS, LASTS_S = "77" * 8, 1_500, 14
FIRST, SECOND = 440.0, 900.0


@pytest.fixture
def town(tmp_path: Path) -> Iterator[tuple[Town, str]]:
    made = Town(province=Repository(policy_of_town(), utc_now()))
    with open_town(made), running(made.url, udp=0, recordings=tmp_path / "kept") as link:
        made.link_port = link.port
        yield made, link.address


@pytest.fixture
def pole(town: tuple[Town, str], tmp_path: Path) -> Iterator[Pole]:
    made = Pole(town[0], tmp_path)
    made.switch_on()
    until(lambda: "n1" in town[0].states, made)
    yield made
    if made.process is not None:
        made.kill()


def pitches(sound: array) -> list[float]:  # type: ignore[type-arg]
    """The loudest pitch of each half second; 0 for silence."""
    found, step = [], RATE // 2
    for at in range(0, len(sound) - step, step):
        piece = np.array(sound[at : at + step], float)
        loud = np.sqrt(np.mean(piece**2)) > 300
        spectrum = np.abs(np.fft.rfft(piece * np.hanning(step)))
        found.append(float(np.argmax(spectrum)) * 2 if loud else 0.0)
    return found


def test_the_second_source_takes_over_and_the_loudspeakers_hear_it_in_time(
    town: tuple[Town, str],
    pole: Pole,
    station: Station,
    tmp_path: Path,
) -> None:
    """The first sends six seconds, then hangs; the second is there all the time."""
    for name, hz, seconds in (("first", FIRST, 9.0), ("second", SECOND, 40.0)):
        file = sound_file(tmp_path / f"{name}.ogg", hz=hz, seconds=seconds, form="ogg")
        station.files[f"/{name}"] = file
        station.hanging.add(f"/{name}")
    station.dying.add("/first")
    key, start = SigningKey.generate(), utc_now() + timedelta(seconds=8)
    start = start.replace(microsecond=0)
    relay = Relay(
        id="r7-20261123", title="VOV1", start=start, duration_ms=LASTS_S * 1000, clusters=("c1",),
        volume_db=0, session=SESSION, key=key.public.public, buffer_ms=BUFFER_MS,
    )  # fmt: skip
    town[0].publish(a_plan(relays=(relay,)))
    urls = tuple(f"{station.url}/{name}" for name in ("first", "second"))
    tuned = tuned_in_turn(urls, station)
    wanted = Wanted(
        SESSION, key.to_pem(), ("n1",), start, start + timedelta(seconds=LASTS_S), BUFFER_MS, urls
    )
    told = Told()
    carry(wanted, tuned, town[1], told, threading.Event())
    for tuner in tuned:
        tuner.close()
    until(lambda: town[0].events("n1", "play-ended"), pole)
    assert [(source, why) for _at, source, why in told.changes] == [
        (urls[0], "begun"),
        (urls[1], "gone"),
    ]
    assert told.frames * 0.06 > LASTS_S - 1
    (started,) = town[0].events("n1", "play-started")
    assert (started.item, started.sha256) == (relay.id, relay.sha256)
    assert timedelta(0) <= started.first_sample - start < timedelta(milliseconds=500)
    sound, _first_us = pole.recording(relay.id)
    heard = [one for one in pitches(sound) if one]
    assert len(heard) > 2 * (LASTS_S - 2)
    assert {FIRST if abs(one - FIRST) < 10 else SECOND for one in heard[1:-1]} == {FIRST, SECOND}
    assert sum(abs(one - SECOND) < 10 for one in heard) > 8
    (ended,) = town[0].events("n1", "play-ended")
    assert ended.end.value == "done"
