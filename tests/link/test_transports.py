"""The contract of every way to nodes, held to each of them: real pages, link, brokers with TLS.

A transport may be late or lose things; it must not raise, wait, keep anything for longer than it
lasts, or let anybody else speak as a node. What counts is at the two ends: the ledger, and what a
node hears.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Timer

import pytest
from pytest_django.live_server_helper import LiveServer

from tests.dispatch.radio import cluster_in, node_state
from tests.link.conftest import RunningLink, running, wait_until
from tests.link.listener import Listener
from tests.link.mosquitto import Pair, a_pair, quiet
from tests.protocol.province import a_command, a_manifest, signed
from vang.base import clock
from vang.dispatch.broker_files import passwords
from vang.dispatch.commands import dispatch, push, send_again
from vang.dispatch.models import Command, CommandDelivery
from vang.dispatch.push import transport
from vang.dispatch.services import publish_plan
from vang.dispatch.shards import directory
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.stations.enrolment import enrol_node, issue_enrolment_code
from vang.stations.models import Node
from vang.stations.presence import Presence
from vang.stations.queries import stations
from vang.stations.suspending import suspend
from vang_protocol.envelopes import SigningKey
from vang_protocol.links import Hello, Order
from vang_protocol.manifests import encode_manifest
from vang_protocol.reasons import Reason
from vang_protocol.receipts import Phase, Receipt, sign_receipt

PUSHING = ("websocket", "broker-a", "broker-b")
DRIVERS = (*PUSHING, "poll")
SECRET = b"tests-only"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    with a_pair(tmp_path_factory.mktemp("brokers")) as pair:
        yield pair


@pytest.fixture
def office(
    live_server: LiveServer, settings: object, tmp_path: Path, pair: Pair
) -> Iterator[RunningLink]:
    """Pages, a link and its two brokers, all of which know each other."""
    settings.DATA = tmp_path  # type: ignore[attr-defined]
    for broker in pair.both:
        if broker.process is None:
            broker.start()
    with running(live_server.url, pair.shard) as link:
        settings.ENVIRONMENT = replace(  # type: ignore[attr-defined]
            settings.ENVIRONMENT,  # type: ignore[attr-defined]
            link_internal_url=link.address,
            link_url=f"ws://127.0.0.1:{link.port}/link",
            brokers=tuple(f"mqtts://127.0.0.1:{broker.port}" for broker in pair.both),
            broker_ca=pair.a.ca,
        )
        wait_until(lambda: link.brokers() == [True, True], within_s=45)
        yield link


@pytest.fixture
def key() -> SigningKey:
    return SigningKey.generate()


@pytest.fixture
def node(xa_a: Unit, tech: Person, office: RunningLink, pair: Pair, key: SigningKey) -> Node:
    """Enrolled, and let in by the brokers."""
    now = clock.now()
    code = issue_enrolment_code(cluster_in(xa_a, tech, now), by=tech, now=now).code
    made = enrol_node(code=code, public_key=key.public, name="Loa", software="1", now=now)
    let_in(pair)
    return made


def let_in(pair: Pair) -> None:
    """As ``vang broker write`` does."""
    (shard,) = directory().shards
    for broker in pair.both:
        broker.write(passwords(shard, directory(), secret=SECRET), pair.shard)


Make = Callable[[str], Listener]


@pytest.fixture
def a_listener(live_server: LiveServer, node: Node, key: SigningKey) -> Make:
    def make(path: str) -> Listener:
        return Listener(live_server.url, node.pk, node.obeys.code, key, path=path)

    return make


def presence(unit: Unit) -> Presence:
    return stations(unit, now=clock.now())[0].presence


def ordered(unit: Unit, **changed: object) -> Command:
    now = clock.now().replace(microsecond=0)
    command = a_command(
        **{"issued": now, "not_before": now, "expires": now + timedelta(minutes=10), **changed}
    )
    manifest = encode_manifest(a_manifest())
    return dispatch(signed(command, "binh", "hanh"), manifest, issuer=unit, now=clock.now())


def up(listener: Listener) -> Callable[[], bool]:
    return lambda: listener.link.up or listener.path == "poll"


@pytest.mark.parametrize("driver", DRIVERS)
def test_an_order_comes_as_it_was_signed_and_its_receipts_come_home(
    driver: str, a_listener: Make, xa_a: Unit, node: Node, key: SigningKey
) -> None:
    with a_listener(driver).switched_on() as listener:
        wait_until(up(listener))
        row = ordered(xa_a)
        if driver == "poll":
            listener.allegiance.look_now()  # its minute has gone by
        wait_until(lambda: listener.heard.orders)
        assert listener.heard.orders[0] == Order(bytes(row.envelope).decode(), row.manifest)
        for phase in (Phase.ACCEPTED, Phase.SOUNDING, Phase.PLAYED):
            receipt = Receipt(node.pk, row.id, row.sha256, phase, clock.now())
            listener.answer(sign_receipt(receipt, key))
        wait_until(lambda: CommandDelivery.objects.get().state == "PLAYED")


@pytest.mark.parametrize("driver", DRIVERS)
def test_states_are_told_and_the_time_of_day_is_answered(
    driver: str, a_listener: Make, xa_a: Unit, node: Node
) -> None:
    with a_listener(driver).switched_on() as listener:
        wait_until(lambda: presence(xa_a) is Presence.ONLINE)
        wait_until(lambda: len(listener.heard.exchanges) >= 3)
        listener.state = replace(listener.state, volume_db=-9)
        listener.link.state_changed()
        wait_until(lambda: Node.objects.get().state["volume_db"] == -9)


@pytest.mark.parametrize("driver", PUSHING)
def test_leaving_shows_at_once(driver: str, a_listener: Make, xa_a: Unit) -> None:
    with a_listener(driver).switched_on():
        wait_until(lambda: presence(xa_a) is Presence.ONLINE)
    wait_until(lambda: presence(xa_a) is Presence.OFFLINE)


def test_a_goodbye_waits_for_a_broker_that_is_busy(
    a_listener: Make, office: RunningLink, pair: Pair, xa_a: Unit, node: Node
) -> None:
    """What it had sent and nobody reads any more would reset the line, and the goodbye with it."""
    listener = a_listener("broker-a")
    with closing(listener), listener.one.next().open() as talk:
        talk.send(Hello(node_state(node.pk)))
        wait_until(lambda: presence(xa_a) is Presence.ONLINE)
        office.order([], [node.pk], "{}", "m")
        quiet()
        pair.a.pause()
        talk.send(Hello(node_state(node.pk)))
        Timer(0.5, pair.a.resume).start()
    wait_until(lambda: presence(xa_a) is Presence.OFFLINE)


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_plan_that_is_published_is_there_soon(
    driver: str, a_listener: Make, xa_a: Unit, tech: Person
) -> None:
    with a_listener(driver).switched_on() as listener:
        wait_until(up(listener))
        wait_until(lambda: listener.heard.plans)  # of its coming
        cluster_in(xa_a, tech, clock.now(), "Cụm Thuận 2")
        row = publish_plan(xa_a, now=clock.now())
        transport().hint(xa_a.code, row.version)
        wait_until(lambda: bytes(row.envelope) in listener.heard.plans)
        if driver != "poll":
            wait_until(lambda: row.version in listener.heard.hints)


@pytest.mark.parametrize("driver", DRIVERS)
def test_whoever_is_suspended_is_told_and_hears_nothing_more(
    driver: str, a_listener: Make, xa_a: Unit, node: Node, tech: Person, pair: Pair
) -> None:
    with a_listener(driver).switched_on() as listener:
        wait_until(lambda: presence(xa_a) is Presence.ONLINE)
        suspend(node.cluster, by=tech, now=clock.now())
        let_in(pair)
        wait_until(lambda: Reason.NODE_SUSPENDED in listener.heard.standing)
        wait_until(lambda: not listener.link.up)
        listener.heard.orders.clear()
        ordered(xa_a)
        listener.allegiance.look_now()
        a_moment()
        assert listener.heard.orders == []


@pytest.mark.parametrize("driver", DRIVERS)
def test_what_was_ordered_while_it_was_away_is_there_when_it_comes(
    driver: str, a_listener: Make, xa_a: Unit
) -> None:
    row = ordered(xa_a)
    with a_listener(driver).switched_on() as listener:
        wait_until(lambda: listener.heard.orders)
        assert listener.heard.orders[0].command == bytes(row.envelope).decode()


@pytest.mark.parametrize("driver", ["broker-a", "broker-b"])
def test_a_broker_that_dies_loses_nothing_that_the_ledger_knows(
    driver: str, a_listener: Make, xa_a: Unit, pair: Pair
) -> None:
    """Killed with what it had confirmed; back it knows nothing of it, and the ledger all."""
    broker = pair.a if driver == "broker-a" else pair.b
    with a_listener("").switched_on() as listener:
        wait_until(lambda: listener.link.up)
        broker.kill()
        row = ordered(xa_a)
        wait_until(lambda: listener.heard.orders)  # it was at the other one, or is by now
        assert listener.heard.orders[0].command == bytes(row.envelope).decode()
    broker.start()


@pytest.mark.parametrize("path", PUSHING)
def test_sent_again_it_comes_by_the_path_on_which_the_node_is_whoever_has_the_turn(
    path: str, a_listener: Make, xa_a: Unit
) -> None:
    with a_listener(path).switched_on() as listener:
        wait_until(lambda: presence(xa_a) is Presence.ONLINE)
        row = ordered(xa_a)
        wait_until(lambda: listener.heard.orders)
        for turn in (1, 2, 3):
            listener.heard.orders.clear()
            assert push(row, now=clock.now(), nodes=[listener.node], turn=turn)
            wait_until(lambda: listener.heard.orders)


def test_the_ledger_takes_another_turn_each_time(xa_a: Unit, a_listener: Make) -> None:
    with a_listener("broker-a").switched_on() as listener:
        wait_until(lambda: presence(xa_a) is Presence.ONLINE)
        ordered(xa_a)
        wait_until(lambda: listener.heard.orders)
        listener.heard.orders.clear()
        assert send_again(now=clock.now() + timedelta(seconds=4)) == 1
        wait_until(lambda: listener.heard.orders)
        assert CommandDelivery.objects.get().attempts == 2


def test_no_driver_raises_or_waits_when_nobody_is_there(settings: object) -> None:
    settings.ENVIRONMENT = replace(  # type: ignore[attr-defined]
        settings.ENVIRONMENT,
        link_internal_url="http://127.0.0.1:9",  # type: ignore[attr-defined]
    )
    push = transport()
    assert push.hint("20662", 1) is False
    assert push.order("{}", "", units=["20662"], nodes=["n"], lasts_s=60) is False
    assert push.end("n") is False


def a_moment() -> None:
    """Long enough for whatever would come."""
    time.sleep(0.8)
