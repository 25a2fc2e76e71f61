"""What is the same for many is encoded once and put into every socket that takes it."""

from datetime import UTC, datetime

from vang.link.hub import QUEUE, SLOW, Connection, Hub, Ready
from vang_protocol.links import Order, parse_from_link

LATER = datetime(2026, 12, 1, tzinfo=UTC)
ORDER = Order("{}", "ý" * 9_000)


def test_one_and_the_same_frame_goes_to_everybody() -> None:
    hub, written = Hub(), list[bytes]()
    for name in ("a", "b"):
        hub.add(Connection(name, "20662", LATER, write=lambda frame: not written.append(frame)))
    assert hub.order(ORDER, units=["20662"], nodes=[], lasts_s=60) == 2
    first, second = written
    assert first is second
    assert parse_from_link(first[4:]) == ORDER  # a header of four bytes: text, whole, unmasked


def test_a_socket_that_takes_nothing_now_has_it_queued_and_is_let_go_in_the_end() -> None:
    hub, slow = Hub(), Connection("a", "20662", LATER)
    hub.add(slow)
    for _ in range(QUEUE):
        assert hub.order(ORDER, units=[], nodes=["a"], lasts_s=60) == 1
    waiting = slow.queue.get_nowait()
    assert isinstance(waiting, Ready)
    assert parse_from_link(waiting.text) == ORDER
    assert [hub.hint("20662", 1), hub.hint("20662", 2)] == [1, 0]
    assert slow.reason == SLOW


def test_who_is_being_let_go_is_told_nothing_more_directly() -> None:
    written: list[bytes] = []
    leaving = Connection("a", "20662", LATER, write=lambda frame: not written.append(frame))
    leaving.end("node-revoked")
    leaving.bring(Ready.of(ORDER))
    assert written == []
