"""Where a node is, whose will counts, and whose turn it is."""

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.dispatch.radio import node_state
from vang.base.clock import ManualClock, SystemClock, use_clock
from vang.link.hub import Hub
from vang.link.inbox import Inbox
from vang.link.live.sessions import Sessions
from vang.link.paths import Paths, Whereabouts
from vang.link.receipts import Receipts
from vang.link.reports import Reports
from vang.link.udp import Post as Datagrams
from vang_protocol.links import (
    Answer,
    ClockAnswer,
    ClockQuestion,
    FromLink,
    FromNode,
    Order,
    StateReport,
    encode_message,
)
from vang_protocol.topics import Presence, Said, Topic, encode_presence, of_node

NOW = datetime(2026, 11, 28, 8, tzinfo=UTC)


class Recorded:
    """A path that notes what it is given."""

    def __init__(self, name: str) -> None:
        self.name, self.given = name, list[list[str]]()

    def hint(self, unit: str, version: int) -> int:
        return 1

    def order(self, order: Order, *, units: object, nodes: object, lasts_s: int) -> int:
        self.given.append([*units, *nodes])  # type: ignore[misc]
        return len(self.given[-1])

    def end(self, node: str, reason: str) -> None:
        self.given.append([node, reason])


class Post:
    """An inbox with what lies behind it."""

    def __init__(self) -> None:
        self.reports, self.receipts, self.whereabouts = Reports(), Receipts(), Whereabouts()
        nobody = Sessions(Hub(), Datagrams(), Path("/nowhere"), ended=lambda _told: None)
        self.inbox = Inbox(self.reports, self.receipts, self.whereabouts, nobody)
        self.replies: list[FromLink] = []

    def told(self, path: str, topic: str, payload: bytes, *, kept: bool = False) -> None:
        self.inbox.take(
            path, topic, payload, kept=kept, reply=lambda _node, told: self.replies.append(told)
        )

    def present(self, path: str, said: Said, session: str, *, kept: bool = False) -> None:
        told = encode_presence(Presence(said, session))
        self.told(path, of_node("n1", Topic.STATE), told, kept=kept)

    def says(self, path: str, topic: Topic, message: FromNode, *, kept: bool = False) -> None:
        self.told(path, of_node("n1", topic), encode_message(message).encode(), kept=kept)


@pytest.fixture
def post() -> Post:
    return Post()


def test_what_is_new_takes_every_path_and_what_is_sent_again_takes_turns() -> None:
    a, b, socket = Recorded("broker-a"), Recorded("broker-b"), Recorded("websocket")
    paths = Paths([a, b, socket], Whereabouts())
    assert paths.order(Order("c", "m"), units=["20662"], nodes=[], lasts_s=9) == 3
    for turn in (1, 2, 3, 4):
        paths.order(Order("c", "m"), units=[], nodes=["n"], lasts_s=9, turn=turn)
    assert a.given == [["20662"], ["n"], ["n"]]
    assert b.given == [["20662"], ["n"]]
    assert socket.given == [["20662"], ["n"]]


def test_sent_again_it_goes_also_where_the_node_was_last_heard() -> None:
    a, socket, whereabouts = Recorded("broker-a"), Recorded("websocket"), Whereabouts()
    whereabouts.here("n", "websocket", "s1")
    paths = Paths([a, socket], whereabouts)
    paths.order(Order("c", "m"), units=[], nodes=["n", "other"], lasts_s=9, turn=1)
    assert a.given == [["n", "other"]]
    assert socket.given == [["n"]]


def test_a_last_will_only_makes_a_node_that_is_gone_show_sooner(post: Post) -> None:
    post.present("broker-a", Said.ONLINE, "s1")
    post.says("broker-a", Topic.REPORTED, StateReport(node_state("n1")))
    assert post.reports.states.keys() == {"n1"}
    post.present("broker-a", Said.LOST, "s1")
    assert post.reports.left.keys() == {"n1"}
    post.says("broker-a", Topic.REPORTED, StateReport(node_state("n1")))  # it was only the line
    assert not post.reports.left


def test_the_will_of_an_older_session_is_ignored(post: Post) -> None:
    post.present("broker-a", Said.ONLINE, "s1")
    post.present("broker-a", Said.ONLINE, "s2")
    post.present("broker-a", Said.LOST, "s1")
    assert not post.reports.left
    post.present("broker-b", Said.ONLINE, "s3")
    post.present("broker-a", Said.LOST, "s2")
    assert not post.reports.left
    assert post.whereabouts.path_of("n1") == "broker-b"
    post.whereabouts.here("n1", "websocket", "s4")
    post.present("broker-b", Said.LOST, "s3")
    assert not post.reports.left


def test_a_will_of_nobody_knows_when_is_ignored(post: Post) -> None:
    """A broker that came back tells what it kept: it may be of yesterday."""
    post.present("broker-a", Said.ONLINE, "s1")
    post.present("broker-a", Said.LOST, "s1", kept=True)
    assert not post.reports.left


def test_a_link_that_came_back_learns_where_its_nodes_are_and_does_not_take_it_for_life(
    post: Post,
) -> None:
    post.present("broker-b", Said.ONLINE, "s1", kept=True)
    assert post.whereabouts.path_of("n1") == "broker-b"
    assert not post.reports.states
    post.present("broker-a", Said.ONLINE, "s0", kept=True)
    assert post.whereabouts.path_of("n1") == "broker-b"


def test_nothing_that_was_retained_is_taken_for_said_now(post: Post) -> None:
    post.says("broker-a", Topic.REPORTED, StateReport(node_state("n1")), kept=True)
    post.says("broker-a", Topic.ACK, Answer("receipt"), kept=True)
    assert not post.reports.states
    assert len(post.receipts) == 0


def test_each_topic_is_for_its_own_messages(post: Post, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    post.says("broker-a", Topic.ACK, StateReport(node_state("n1")))
    post.says("broker-a", Topic.REPORTED, Answer("receipt"))
    post.says("broker-a", Topic.REPORTED, StateReport(node_state("n2")))
    for topic in ("vang/v1/d/n1", "vang/v1/d/n1/ack/x", "vang/v1/d/../ack", "other/v1/d/n1/ack"):
        post.told("broker-a", topic, b"{}")
    for payload in (b"", b"[]", b"\xff", b"x" * 9_000):
        post.told("broker-a", of_node("n1", Topic.REPORTED), payload)
    assert not post.reports.states
    assert len(post.receipts) == 0
    assert len(caplog.messages) == 11
    post.says("broker-a", Topic.ACK, Answer("receipt"))
    post.says("broker-a", Topic.ASK, ClockQuestion(7))
    assert post.receipts.take() == [("n1", "receipt")]
    assert [reply.t0 for reply in post.replies if isinstance(reply, ClockAnswer)] == [7]


def test_one_node_may_not_say_more_than_it_can_have_to_say(post: Post) -> None:
    hand = ManualClock(NOW)
    use_clock(hand)
    try:
        for number in range(100):
            post.says("broker-a", Topic.ASK, ClockQuestion(number))
        assert len(post.replies) == 40
        hand.set(NOW + timedelta(seconds=10))
        post.says("broker-a", Topic.ASK, ClockQuestion(1))
        assert len(post.replies) == 41
    finally:
        use_clock(SystemClock())
