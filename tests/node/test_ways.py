"""Which way a node takes next, and what it remembers of the brokers."""

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from vang_node.server import Unreachable
from vang_node.ways import Talk, Ways
from vang_protocol.topics import BrokerAddress, Brokers

PAIR = Brokers(
    "link", "n1", "secret", "",
    (BrokerAddress("a", "a.vn", 8883), BrokerAddress("b", "b.vn", 8883)),
)  # fmt: skip
NONE = Brokers("link", "n1", "", "", ())


class Named:
    """A way that is only a name."""

    every_s = 1
    frames = False

    def __init__(self, name: str) -> None:
        self.name = name

    def open(self) -> AbstractContextManager[Talk]:
        raise NotImplementedError


class Pages:
    """What the pages tell of the brokers; None: they are away."""

    def __init__(self, brokers: Brokers | None) -> None:
        self.told, self.asked = brokers, 0

    def brokers(self) -> Brokers:
        self.asked += 1
        if self.told is None:
            raise Unreachable("away")
        return self.told


def ways(pages: Pages, node: str = "n1", kept: Path | None = None) -> Ways:
    return Ways(
        pages,  # type: ignore[arg-type]
        node=node, kept=kept, socket=lambda: Named("websocket"),
        broker=lambda brokers, number: Named(brokers.brokers[number].name),
    )  # fmt: skip


def tried(of: Ways, count: int, after: Callable[[Ways], None] = Ways.failed) -> list[str]:
    names = []
    for _number in range(count):
        names.append(of.next().name)
        after(of)
    return names


def test_the_two_brokers_and_the_websocket_take_turns_for_ever() -> None:
    found = tried(ways(Pages(PAIR)), 7)
    assert found[:3] == found[3:6]
    assert set(found[:2]) == {"a", "b"}
    assert found[2] == "websocket"


def test_the_socket_is_taken_once_where_something_comes_only_by_it() -> None:
    of = ways(Pages(PAIR))
    first = of.next().name
    of.take_socket()
    of.failed()
    assert tried(of, 3) == ["websocket", first, "a" if first == "b" else "b"]


def test_half_of_the_nodes_begin_with_each_broker() -> None:
    first = Counter(ways(Pages(PAIR), f"n{number}").next().name for number in range(1_000))
    assert 400 < first["a"] < 600


def test_after_a_good_while_it_begins_with_its_first_again() -> None:
    of = ways(Pages(PAIR))
    first = of.next().name
    of.failed()
    assert of.next().name != first
    of.ended()
    assert of.next().name == first


def test_without_brokers_there_is_the_websocket() -> None:
    assert tried(ways(Pages(NONE)), 3) == ["websocket"] * 3


def test_pages_that_are_away_do_not_keep_it_from_a_broker_that_it_knows(tmp_path: Path) -> None:
    kept = tmp_path / "paths.json"
    ways(Pages(PAIR), kept=kept).next()
    assert kept.stat().st_mode & 0o777 == 0o600
    assert set(tried(ways(Pages(None), kept=kept), 3)) == {"a", "b", "websocket"}
    kept.write_text("{")
    assert tried(ways(Pages(None), kept=kept), 2) == ["websocket"] * 2


def test_brokers_that_moved_are_learnt_after_a_round() -> None:
    pages = Pages(PAIR)
    of = ways(pages)
    tried(of, 2)
    pages.told = NONE
    assert pages.asked == 1
    assert tried(of, 2) == ["websocket"] * 2
    assert pages.asked >= 2
