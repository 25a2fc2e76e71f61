"""What a broker does that nobody expects, met once by others: each trap, and that we are out of it.

Against real brokers as they are shipped, with TLS.
"""

import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.dispatch.radio import node_state
from tests.link.conftest import RunningLink, running, wait_until
from tests.link.mosquitto import SHIPPED, Mosquitto, Pair, Voice, a_pair, lasting, quiet
from vang.base import clock
from vang.dispatch.broker_files import make_certificates
from vang_protocol.instants import format_instant
from vang_protocol.links import (
    Datagrams,
    Hint,
    Join,
    Joined,
    Order,
    StateReport,
    encode_message,
    parse_from_link,
)
from vang_protocol.topics import Topic, for_unit, of_node, topic_for

LINK = "@link"
GRANTED = {0, 1}


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    with a_pair(tmp_path_factory.mktemp("brokers")) as pair:
        pair.let_in("n1", "n2")
        yield pair


@pytest.fixture
def broker(pair: Pair) -> Mosquitto:
    return pair.a


@pytest.fixture
def with_link(pair: Pair) -> Iterator[RunningLink]:
    with running(shard=pair.shard) as link:
        wait_until(lambda: link.brokers() == [True, True], within_s=45)
        yield link


def a_node(broker: Mosquitto, name: str = "n1", *, clean: bool = False) -> Voice:
    """``clean``: nothing of what waited for it in an older session."""
    return Voice(broker, name, clean=clean)


@pytest.mark.parametrize(
    ("user", "password"), [("", ""), ("n1", "wrong"), ("nobody", ""), (LINK, "vang")]
)
def test_without_a_credential_of_ones_own_nobody_gets_in(
    broker: Mosquitto, user: str, password: str
) -> None:
    with Voice(broker, user, password) as stranger:
        assert stranger.refused == "Not authorized"
        assert stranger.connections == 0


def test_without_tls_or_with_another_authority_there_is_no_connection(
    broker: Mosquitto, tmp_path: Path
) -> None:
    make_certificates(tmp_path, ["127.0.0.1"], now=clock.now())
    other = ssl.create_default_context(cafile=tmp_path / "ca.crt")
    with (
        socket.create_connection(("127.0.0.1", broker.port), 5) as plain,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        other.wrap_socket(plain, server_hostname="127.0.0.1")
    with socket.create_connection(("127.0.0.1", broker.port), 5) as plain:
        plain.sendall(b"\x10\x0e\x00\x04MQTT\x04\x02\x00\x3c\x00\x02n1")
        assert not _let_in(plain)


def _let_in(plain: socket.socket) -> bool:
    with suppress(ConnectionError):
        return plain.recv(4)[:1] == b"\x20"
    return False


def test_a_forged_order_and_a_forged_receipt_are_dropped(
    broker: Mosquitto, with_link: RunningLink
) -> None:
    """The broker confirms them to the forger, and delivers them to nobody."""
    with a_node(broker, clean=True) as mine, a_node(broker, "n2") as rogue:
        mine.subscribe(of_node("n1", Topic.CMD), for_unit("20662"))
        forged = encode_message(Order("{}", ""))
        for topic in (of_node("n1", Topic.CMD), for_unit("20662"), of_node("n1", Topic.ACK)):
            rogue.publish(topic, forged)
        rogue.publish(of_node("n1", Topic.REPORTED), encode_message(StateReport(node_state("n1"))))
        with_link.hint("20662", 4)
        wait_until(lambda: mine.heard)
        quiet()
        assert [parse_from_link(one) for one in mine.payloads()] == [Hint(4)]


def test_granted_is_not_delivered(broker: Mosquitto, with_link: RunningLink) -> None:
    """SUBACK says yes to everybody's orders; what counts is that nothing comes. And that our own
    node does not believe it either is shown where a link that hears nothing is not up."""
    with a_node(broker, clean=True) as curious, a_node(broker, "n2", clean=True) as meant:
        meant.subscribe(of_node("n2", Topic.CMD))
        wide = ["vang/v1/d/+/cmd", "vang/v1/#", "#", of_node("n2", Topic.CMD)]
        assert set(curious.subscribe(*wide)) <= GRANTED
        with_link.order([], ["n2"], "{}", "m")
        wait_until(lambda: meant.heard)
        quiet()
        assert curious.payloads(".*/cmd") == []


def test_with_anothers_name_as_client_nobody_pushes_it_off(broker: Mosquitto) -> None:
    with a_node(broker) as mine:
        with Voice(broker, "n2", client_id="n1") as rogue:
            quiet()
            assert rogue.connections == 1
            assert not mine.lost.is_set()
        assert mine.subscribe(of_node("n1", Topic.CMD)) == [1]
        assert mine.connections == 1


def test_an_order_is_never_retained_and_so_not_replayed_at_the_next_connection(
    broker: Mosquitto, with_link: RunningLink
) -> None:
    topics = (of_node("n1", Topic.CMD), for_unit("20662"))
    with a_node(broker, clean=True) as before:
        before.subscribe(*topics)
        with_link.order(["20662"], ["n1"], "{}", "m")
        wait_until(lambda: len(before.heard) == 2)
        assert not any(one.retain for one in before.heard)
    with a_node(broker, clean=True) as after:
        after.subscribe(*topics)
        quiet()
        assert after.heard == []


def test_what_waited_for_a_node_longer_than_it_lasts_is_not_delivered(
    broker: Mosquitto, with_link: RunningLink
) -> None:
    """A siren that a persistent session replays two hours later is a fault of safety."""
    with a_node(broker, clean=True) as away:
        away.subscribe(of_node("n1", Topic.CMD))
    with_link.order([], ["n1"], "{}", "stale", lasts_s=1)
    with_link.order([], ["n1"], "{}", "good", lasts_s=600)
    quiet(2.2)
    with a_node(broker) as back:
        wait_until(lambda: back.heard)
        quiet()
        told = [parse_from_link(one) for one in back.payloads()]
        assert told == [Order("{}", "good")]
        left = back.heard[0].properties.MessageExpiryInterval
        assert 590 <= left < 600


def test_without_an_expiry_it_would_have_been_delivered(broker: Mosquitto) -> None:
    """The trap itself: that the test above can fail."""
    from tests.link.conftest import SECRET
    from vang.base.shards import link_password

    with a_node(broker, clean=True) as away:
        away.subscribe(of_node("n1", Topic.CMD))
    with Voice(broker, LINK, link_password(SECRET, "link")) as careless:
        careless.publish(of_node("n1", Topic.CMD), "without")
        careless.publish(of_node("n1", Topic.CMD), "with", properties=lasting(1))
    quiet(2.2)
    with a_node(broker) as back:
        wait_until(lambda: back.heard)
        quiet()
        assert back.payloads() == [b"without"]


def test_the_session_of_a_withdrawn_device_ends_when_the_list_is_written_anew(
    pair: Pair, broker: Mosquitto
) -> None:
    """After a revocation a live session may keep receiving. Ours ends; the other one's does not."""
    pair.let_in("n1", "n2", "stolen")
    quiet()
    with Voice(broker, "stolen") as stolen, a_node(broker) as other:
        pair.let_in("n1", "n2")
        assert stolen.lost.wait(5)
        wait_until(lambda: stolen.refused == "Not authorized")
        assert not other.lost.is_set()


def test_a_certificate_that_ends_is_told_weeks_before(
    pair: Pair, capsys: pytest.CaptureFixture[str]
) -> None:
    from vang.dispatch.cli import _look

    soon = clock.now() + timedelta(days=810)
    assert _look(pair.shard, pair.a.address, clock.now()) is True
    assert _look(pair.shard, pair.a.address, soon) is False
    assert "TLS for 14 days more: renew it now" in capsys.readouterr().out


def test_what_is_too_large_ends_the_connection_of_whoever_sent_it(
    broker: Mosquitto, with_link: RunningLink
) -> None:
    with a_node(broker) as loud, a_node(broker, "n2", clean=True) as other:
        loud.client.publish(of_node("n1", Topic.ACK), b"x" * 70_000, qos=1)
        assert loud.lost.wait(5)
        other.subscribe(of_node("n2", Topic.CMD))
        with_link.order([], ["n2"], "{}", "m")
        wait_until(lambda: other.heard)


def test_a_flood_of_one_node_is_cut_and_hurts_no_other(
    broker: Mosquitto, with_link: RunningLink
) -> None:
    """Mosquitto knows no limit for one client: the link has it."""
    with a_node(broker) as flood, a_node(broker, "n2", clean=True) as other:
        other.subscribe(of_node("n2", Topic.CMD))
        for number in range(500):
            flood.client.publish(of_node("n1", Topic.ASK), f'{{"t":"clock","t0":{number}}}')
        other.publish(of_node("n2", Topic.ASK), '{"t":"clock","t0":7}')
        wait_until(lambda: other.heard)
        assert b'"t0":7' in other.payloads()[0]


@pytest.mark.parametrize(
    "setting",
    [
        "allow_anonymous false",
        "use_username_as_clientid true",
        "max_packet_size 65536",
        "message_size_limit 65536",
        "max_queued_messages 1000",
        "max_keepalive 300",
        "persistence true",
    ],
)
def test_the_shipped_configuration_says_so(setting: str) -> None:
    assert setting in SHIPPED.read_text().splitlines()
    assert "autosave_on_changes" not in SHIPPED.read_text()  # a write for every message


def test_a_node_that_was_started_anew_gets_a_new_way_for_datagrams(
    broker: Mosquitto, pair: Pair
) -> None:
    """It has forgotten the old one, and nobody else tells the link: its session lives on."""
    with running(shard=pair.shard, udp=0) as link, a_node(broker, clean=True) as mine:
        wait_until(lambda: link.brokers() == [True, True], within_s=45)
        session = str(link.live("make")["session"])
        until = format_instant(clock.now() + timedelta(minutes=5))
        assert link.live("start", session=session, nodes=["n1"], buffer_ms=1000, until=until)
        mine.subscribe(of_node("n1", Topic.CMD))

        def told(message: Join | StateReport, answers: int) -> list[type]:
            before = len(mine.heard)
            mine.publish(of_node("n1", topic_for(message)), encode_message(message))
            wait_until(lambda: len(mine.heard) == before + answers)
            return [type(parse_from_link(one)) for one in mine.payloads()[before:]]

        state = node_state("n1")
        told(StateReport(state), 0)
        assert told(Join(session), 2) == [Datagrams, Joined]
        told(StateReport(state), 0)
        assert told(Join(session), 1) == [Joined]
        told(StateReport(replace(state, boot="another")), 0)
        assert told(Join(session), 2) == [Datagrams, Joined]
