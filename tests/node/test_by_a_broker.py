"""A node far away, real brokers with TLS, a real link: what is ordered by way of them is heard."""

import signal
from array import array
from collections.abc import Iterator
from io import BytesIO
from itertools import chain
from pathlib import Path

import pytest

from tests.link.conftest import SECRET, RunningLink, running
from tests.link.mosquitto import PUBLIC, Mosquitto, Pair, a_pair
from tests.node.ordering import fresh, order_of, phases
from tests.node.pole import Pole, best_match, until
from tests.node.tape import noise
from tests.node.test_live_heard import Studio, speech
from tests.node.town import UNIT, Town, a_plan
from tests.protocol.province import signed
from vang.base.shards import node_password
from vang_node.decoder import decoded_blocks
from vang_protocol.commands import Kind, Mode
from vang_protocol.links import Order
from vang_protocol.manifests import Manifest, Part, Piece, encode_manifest
from vang_protocol.plans import Audio
from vang_protocol.receipts import Phase
from vang_protocol.records import PlayStarted
from vang_protocol.topics import Brokers


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    with a_pair(tmp_path_factory.mktemp("brokers")) as pair:
        pair.let_in("n1")
        yield pair


@pytest.fixture
def brokers(town: Town, pair: Pair) -> Pair:
    """Both run, and the town tells its nodes of them. Nobody is behind them yet."""
    for broker in pair.both:
        if broker.process is None:
            broker.start()
    password = node_password(SECRET, "n1", PUBLIC)
    town.brokers = Brokers("link", "n1", password, Path(pair.a.ca).read_text(), pair.shard.brokers)
    town.link_port = 9
    return pair


@pytest.fixture
def link(town: Town, brokers: Pair) -> Iterator[RunningLink]:
    """A real link instead of the town's own."""
    with running(town.url, brokers.shard) as link:
        town.link_port = link.port
        yield link


def ready(town: Town, pole: Pole) -> None:
    """It has its policy, has been greeted, and is up by some way."""
    until(lambda: (pole.home.trust / "policy.json").exists() and "n1" in town.states, pole)
    until(pole.home.orders_file.exists, pole)


def its_broker(pole: Pole, pair: Pair) -> Mosquitto:
    """Where it is connected, by its own words."""
    lines = [line for line in pole.log.read_text().splitlines() if "Connected by" in line]
    return pair.a if "broker-a" in lines[-1] else pair.b


def a_drill(town: Town, seconds: float) -> tuple[bytes, Audio]:
    """Speech only, so that what is heard can be laid beside what was approved."""
    audio = town.add_audio(noise(seconds))
    pieces = (Piece(Part.SPEECH, audio.duration_ms, audio),)
    return encode_manifest(Manifest(Mode.ACTUAL, "vi", "Lũ quét", "ef" * 32, "Mai", pieces)), audio


def give(link: RunningLink, order: Order, *, turn: int = 0) -> None:
    units, nodes = ([UNIT], []) if turn == 0 else ([], ["n1"])
    assert link.order(units, nodes, order.command, order.manifest, turn=turn).status_code == 200


def test_what_two_people_order_by_way_of_a_broker_is_heard_as_it_was_approved(
    town: Town, pole: Pole, link: RunningLink, pair: Pair
) -> None:
    pole.switch_on()
    ready(town, pole)
    assert link.connections() == 0  # no WebSocket
    manifest, audio = a_drill(town, 3.0)
    give(link, order_of(manifest))
    until(lambda: phases(town)[-1:] == [Phase.PLAYED], pole)
    assert phases(town) == [Phase.ACCEPTED, Phase.SOUNDING, Phase.PLAYED]
    pole.kill(signal.SIGTERM)
    sound, _first_us = pole.recording("command-c1")
    approved = array("h", chain(*decoded_blocks(BytesIO(town.files[audio.sha256]))))
    assert best_match(sound, approved)[1] > 0.9
    until_left(town, pole)


def until_left(town: Town, pole: Pole) -> None:
    """An orderly goodbye is known at once."""
    until(lambda: town.left == ["n1"], pole)


def test_when_its_broker_dies_it_goes_to_the_next_way_and_sounds_once(
    town: Town, pole: Pole, link: RunningLink, pair: Pair
) -> None:
    """Killed between the order and its end: silence comes by another way, and nothing twice."""
    pole.switch_on()
    ready(town, pole)
    manifest, _audio = a_drill(town, 20.0)
    order = order_of(manifest)
    give(link, order)
    until(lambda: Phase.SOUNDING in phases(town), pole)
    its_broker(pole, pair).kill()
    for turn in (1, 2, 3):  # as the ledger would have sent it again
        give(link, order, turn=turn)
    cancel = fresh(
        id="c2", kind=Kind.CANCEL, manifest=None, repeat=1, max_play_ms=0, ends=("c1",), seq=2
    )
    quiet = Order(signed(cancel, "hanh").decode(), "")

    def silent() -> bool:
        give(link, quiet)
        return Phase.INTERRUPTED in phases(town)

    until(silent, pole)
    assert len(pole.all_of(PlayStarted)) == 1
    assert Phase.DONE in phases(town, "c2")


def test_with_both_brokers_dead_the_websocket_is_there_and_without_any_it_polls(
    town: Town, pole: Pole, link: RunningLink, pair: Pair
) -> None:
    for broker in pair.both:
        broker.kill()
    pole.switch_on()
    ready(town, pole)
    until(lambda: link.connections() == 1, pole)
    manifest, _audio = a_drill(town, 1.0)
    give(link, order_of(manifest))
    until(lambda: phases(town)[-1:] == [Phase.PLAYED], pole)


def test_granted_and_confirmed_is_no_link_while_nobody_answers(
    town: Town, pole: Pole, brokers: Pair
) -> None:
    """The broker lives, lets it in and takes everything. The node does not call that a link: it
    asks for itself, and hears the order all the same; and once the link is there, that is one."""
    manifest, _audio = a_drill(town, 1.0)
    town.orders.append(order_of(manifest))
    pole.switch_on()
    until(lambda: "Connected by broker" in pole.log.read_text(), pole)
    until(lambda: phases(town)[-1:] == [Phase.PLAYED], pole)
    until(lambda: town.polled > 2, pole)
    assert "The link is up" not in pole.log.read_text()
    with running(town.url, brokers.shard):
        until(lambda: "The link is up" in pole.log.read_text(), pole)


def test_a_voice_is_heard_also_where_nothing_but_the_websocket_brings_it(
    town: Town, pole: Pole, brokers: Pair, tmp_path: Path
) -> None:
    """UDP is blocked, and a broker carries no voices: the node goes over to the WebSocket."""
    with running(town.url, brokers.shard, udp=None, recordings=tmp_path / "kept") as link:
        town.link_port = link.port
        town.publish(a_plan())
        pole.switch_on()
        ready(town, pole)
        until(lambda: town.events("n1", "plan-accepted"), pole)
        assert link.connections() == 0
        studio = Studio(town, link, tmp_path / "kept", udp=False, ways=2)
        session = studio.open()
        until(lambda: phases(town, "v1") == [Phase.ACCEPTED], pole)
        studio.speak(session, speech(25))
        until(lambda: Phase.SOUNDING in phases(town, "v1"), pole)
        assert link.connections() == 1
        assert link.live("facts", session=session)["by_link"] == 1
        assert link.live("stop", session=session, why="speaker")
        until(lambda: Phase.PLAYED in phases(town, "v1"), pole)


def test_where_no_way_brings_the_voice_the_broker_is_taken_again_and_orders_come(
    town: Town, pole: Pole, brokers: Pair, tmp_path: Path
) -> None:
    """UDP is blocked and the WebSocket's port as well: it is tried once, and nothing is lost."""
    with running(town.url, brokers.shard, udp=None, recordings=tmp_path / "kept") as link:
        town.publish(a_plan())
        pole.switch_on()
        ready(town, pole)
        until(lambda: town.events("n1", "plan-accepted"), pole)
        studio = Studio(town, link, tmp_path / "kept", udp=False, ways=2)
        session = studio.open()
        until(lambda: phases(town, "v1") == [Phase.ACCEPTED], pole)
        studio.speak(session, speech(30))
        until(lambda: "only by the WebSocket" in pole.log.read_text(), pole)
        until(lambda: pole.log.read_text().count("Connected by broker") == 2, pole)
        manifest, _audio = a_drill(town, 1.0)
        give(link, order_of(manifest, seq=2))
        until(lambda: Phase.PLAYED in phases(town), pole)
        assert pole.log.read_text().count("only by the WebSocket") == 1
