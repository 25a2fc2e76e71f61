"""Fetching, polling, uploading and the link against a real server, well-behaved and not."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest

from tests.node.tape import noise
from tests.node.town import Town, a_plan, an_item, open_town, utc_now
from vang_node.audio_store import AudioStore
from vang_node.backoff import Backoff
from vang_node.clock import Exchange
from vang_node.enrolment import enrol
from vang_node.fetch import Fetcher, is_worth_recording
from vang_node.home import Home, HomeUnfit
from vang_node.journal import Journal
from vang_node.link import Link
from vang_node.poll import Poller
from vang_node.server import Server, Unreachable, make_client
from vang_node.upload import Uploader
from vang_protocol.envelopes import SigningKey
from vang_protocol.journals import EMPTY, Stamp
from vang_protocol.plans import PlanItem
from vang_protocol.reasons import Reason, Refused
from vang_protocol.records import Boot, DiskFull, Event, Fetched, FetchFailed
from vang_protocol.states import ClockSource, ClockState, NodeState, SinkState

PATIENCE_S = 20.0
T = TypeVar("T")


class Post:
    """A node's line to the town: enrolled, with a session, and lists of what it was told."""

    def __init__(self, town: Town, root: Path) -> None:
        self.town, self.home = town, Home(root / "node")
        town.codes["K7QF"] = "c1"
        self.answer = enrol(self.home, server=town.url, code="K7QF", name="Thôn 1")
        self.client = make_client(town.url)
        self.exchanges: list[Exchange] = []
        self.events: list[Event] = []
        self.told = threading.Condition()
        self.server = Server(
            self.client,
            node=self.answer.node,
            key=self.home.key(),
            on_exchange=self.note(self.exchanges),
        )

    def note(self, kept: list[T]) -> Callable[[T], None]:
        """A listener that keeps what it hears and wakes ``until``."""

        def listener(entry: T) -> None:
            with self.told:
                kept.append(entry)
                self.told.notify_all()

        return listener

    def until(self, done: Callable[[], bool]) -> None:
        with self.told:
            assert self.told.wait_for(done, PATIENCE_S)

    def state(self) -> NodeState:
        clock = ClockState(ClockSource.SERVER, 0, 900)
        return NodeState(
            self.answer.node, "b1", "vang-node 0.1.0", 0, None, None, 0, clock,
            0, EMPTY.hash, 900, SinkState.OK, {},
        )  # fmt: skip


def at_once() -> Backoff:
    return Backoff(choose=lambda _low, _high: 0.05)


@pytest.fixture
def town() -> Iterator[Town]:
    with open_town(Town()) as town:
        yield town


@pytest.fixture
def post(town: Town, tmp_path: Path) -> Iterator[Post]:
    post = Post(town, tmp_path)
    yield post
    post.client.close()


@pytest.fixture
def threads() -> Iterator[Callable[[Fetcher | Poller | Uploader | Link], None]]:
    """Runs a part on its thread and ends it after the test."""
    with ExitStack() as stack:

        def start(part: Fetcher | Poller | Uploader | Link) -> None:
            thread = threading.Thread(target=part.run)
            thread.start()
            stack.callback(thread.join, PATIENCE_S)
            stack.callback(part.stop)

        yield start


Start = Callable[[Fetcher | Poller | Uploader | Link], None]


# enrolment


def test_a_code_is_spent_once(town: Town, post: Post, tmp_path: Path) -> None:
    assert post.answer.routine_keys == (town.key.public,)
    with pytest.raises(Refused) as caught:
        enrol(Home(tmp_path / "other"), server=town.url, code="K7QF", name="x")
    assert caught.value.reason is Reason.CODE_UNKNOWN


def test_becoming_a_node_is_the_journals_first_record(town: Town, post: Post) -> None:
    an_uploader(post, []).send_once()
    (enrolled,) = town.events(post.answer.node, "enrolled")
    assert (enrolled.unit, enrolled.cluster, enrolled.server) == ("20641", "c1", town.url)
    assert enrolled.public_key == post.home.key().public.public


def test_an_enrolled_folder_is_never_overwritten(town: Town, post: Post) -> None:
    town.codes["second"] = "c1"
    before = post.home.key_file.read_bytes()
    with pytest.raises(HomeUnfit, match="enrolled already"):
        enrol(post.home, server=town.url, code="second", name="x")
    assert post.home.key_file.read_bytes() == before
    assert "second" in town.codes


def test_two_nodes_never_share_a_key(town: Town, post: Post, tmp_path: Path) -> None:
    town.codes["second"] = "c1"
    enrol(Home(tmp_path / "other"), server=town.url, code="second", name="x")
    first, second = town.nodes.values()
    assert first != second


def test_an_enrolment_that_did_not_get_through_can_be_tried_again(
    town: Town, tmp_path: Path
) -> None:
    town.codes["K7QF"] = "c1"
    home = Home(tmp_path / "node")
    town.down = True
    with pytest.raises(Unreachable):
        enrol(home, server=town.url, code="K7QF", name="x")
    town.down = False
    assert enrol(home, server=town.url, code="K7QF", name="x").cluster == "c1"


def test_another_key_gets_no_session(town: Town, post: Post) -> None:
    thief = Server(post.client, node="n1", key=SigningKey.generate(), on_exchange=lambda _: None)
    with pytest.raises(Refused) as caught:
        thief.plan(None)
    assert caught.value.reason is Reason.BAD_SIGNATURE
    assert post.server.session().token


# audio


def items_of(town: Town, *lengths: float) -> list[PlanItem]:
    clips = [town.add_audio(noise(length, seed=n)) for n, length in enumerate(lengths)]
    return [an_item(clip, utc_now(), id=f"i{n}") for n, clip in enumerate(clips)]


def a_fetcher(post: Post, *, free: int = 10**9, reserve: int = 0) -> Fetcher:
    store = AudioStore(post.home.audio, reserve=reserve, free=lambda _: free)
    return Fetcher(
        post.server, store, record=post.note(post.events), changed=lambda: None, backoff=at_once
    )


def want(fetcher: Fetcher, items: list[PlanItem]) -> None:
    fetcher.want([item.audio for item in items], {item.audio.sha256 for item in items})


def kinds(post: Post, kind: type[T]) -> list[T]:
    return [event for event in post.events if isinstance(event, kind)]


def test_audio_is_fetched_verified_and_named_by_its_hash(
    town: Town, post: Post, threads: Start
) -> None:
    items = items_of(town, 0.6, 0.7)
    fetcher = a_fetcher(post)
    want(fetcher, items)
    threads(fetcher)
    post.until(lambda: len(kinds(post, Fetched)) == 2)
    for item in items:
        path = post.home.audio / f"{item.audio.sha256}.opus"
        assert path.read_bytes() == town.files[item.audio.sha256]


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda data: data[:-1], Reason.WRONG_SIZE),
        (lambda data: data[:-1] + bytes([data[-1] ^ 1]), Reason.WRONG_HASH),
        (lambda data: data + b"\0", Reason.WRONG_SIZE),
        (lambda data: b"", Reason.WRONG_SIZE),
        (None, Reason.FILE_NOT_FOUND),
    ],
    ids=["truncated", "one flipped bit", "too long", "empty", "absent"],
)
def test_a_bad_file_is_refused_holds_up_nothing_and_is_fetched_once_it_is_right(
    town: Town,
    post: Post,
    threads: Start,
    damage: Callable[[bytes], bytes] | None,
    reason: Reason,
) -> None:
    bad, good = items_of(town, 0.6, 0.7)
    right = town.files.pop(bad.audio.sha256)
    if damage is not None:
        town.files[bad.audio.sha256] = damage(right)
    fetcher = a_fetcher(post)
    want(fetcher, [bad, good])
    threads(fetcher)
    post.until(lambda: bool(kinds(post, Fetched)) and bool(kinds(post, FetchFailed)))
    assert kinds(post, Fetched)[0].sha256 == good.audio.sha256
    assert kinds(post, FetchFailed)[0].reason is reason
    assert not (post.home.audio / f"{bad.audio.sha256}.opus").exists()
    town.files[bad.audio.sha256] = right
    post.until(lambda: len(kinds(post, Fetched)) == 2)


def test_a_broken_download_is_resumed_where_it_broke(
    town: Town, post: Post, threads: Start
) -> None:
    items = items_of(town, 2.0)
    town.break_files_at = 3000
    fetcher = a_fetcher(post)
    want(fetcher, items)
    threads(fetcher)
    post.until(lambda: bool(kinds(post, Fetched)))
    ranges = [head.get("range") for _, path, head in town.requests if "/files/" in path]
    assert ranges[0] is None
    assert ranges[-1] == "bytes=3000-"
    assert kinds(post, FetchFailed)[0].reason is Reason.SERVER_UNREACHABLE


def test_a_part_left_over_that_is_wrong_does_not_spoil_the_file(
    town: Town, post: Post, threads: Start
) -> None:
    (item,) = items_of(town, 1.0)
    fetcher = a_fetcher(post)
    part = post.home.audio / "parts" / f"{item.audio.sha256}.part"
    part.write_bytes(b"x" * 100)
    want(fetcher, [item])
    threads(fetcher)
    post.until(lambda: bool(kinds(post, Fetched)))
    assert kinds(post, FetchFailed)[0].reason is Reason.WRONG_HASH


def test_a_full_disk_is_recorded_and_the_file_comes_when_there_is_room(
    town: Town, post: Post, threads: Start
) -> None:
    items = items_of(town, 0.6)
    room = [0]
    store = AudioStore(post.home.audio, reserve=1000, free=lambda _: room[0])
    fetcher = Fetcher(
        post.server, store, record=post.note(post.events), changed=lambda: None, backoff=at_once
    )
    want(fetcher, items)
    threads(fetcher)
    post.until(lambda: bool(kinds(post, FetchFailed)))
    assert kinds(post, DiskFull)[0].free_bytes == 0
    assert kinds(post, FetchFailed)[0].reason is Reason.DISK_FULL
    assert fetcher.disk_full
    room[0] = 10**9
    post.until(lambda: bool(kinds(post, Fetched)))
    assert not fetcher.disk_full


def test_failures_are_recorded_ever_more_rarely() -> None:
    assert [n for n in range(1, 70) if is_worth_recording(n)] == [1, 2, 4, 8, 16, 32, 64]


# the plan


def a_poller(post: Post, plans: list[bytes], *, link_up: bool = False) -> Poller:
    return Poller(
        post.server, poll_s=1, link_up=lambda: link_up,
        on_plan=post.note(plans), state=post.state, backoff=at_once(),
    )  # fmt: skip


def test_a_plan_is_found_by_polling_and_not_sent_again_while_it_stands(
    town: Town, post: Post, threads: Start
) -> None:
    plans: list[bytes] = []
    poller = a_poller(post, plans)
    town.publish(a_plan())
    threads(poller)
    post.until(lambda: len(plans) == 1)
    poller.look_now()
    newer = town.publish(a_plan(version=2))
    poller.look_now()
    post.until(lambda: len(plans) == 2)
    assert plans[1] == newer
    assert town.states[post.answer.node] == post.state()


def test_a_node_without_a_link_tells_how_it_is_also_where_there_is_no_plan_yet(
    town: Town, post: Post, threads: Start
) -> None:
    threads(a_poller(post, []))
    post.until(lambda: post.answer.node in town.states)


def test_an_etag_saves_sending_the_plan_again(town: Town, post: Post) -> None:
    data = town.publish(a_plan())
    first = post.server.plan(None)
    assert first.data == data
    assert post.server.plan(first.etag).data is None


def test_a_server_that_went_away_and_came_back_is_found_again(
    town: Town, post: Post, threads: Start
) -> None:
    plans: list[bytes] = []
    town.down = True
    poller = a_poller(post, plans)
    threads(poller)
    town.publish(a_plan())
    town.down = False
    post.until(lambda: len(plans) == 1)


def test_a_session_that_ended_is_renewed(town: Town, post: Post, threads: Start) -> None:
    plans: list[bytes] = []
    town.publish(a_plan())
    post.server.session()
    town.tokens.clear()
    threads(a_poller(post, plans))
    post.until(lambda: len(plans) == 1)


def test_polling_keeps_the_clock_without_a_link(town: Town, post: Post, threads: Start) -> None:
    town.publish(a_plan())
    threads(a_poller(post, []))
    post.until(lambda: len(post.exchanges) >= 2)
    assert all(exchange.bound_us < 5_000_000 for exchange in post.exchanges)


def test_an_answer_that_is_too_large_is_refused(town: Town, post: Post) -> None:
    town.plan = b"x" * 1_100_000
    with pytest.raises(Refused) as caught:
        post.server.plan(None)
    assert caught.value.reason is Reason.TOO_LARGE


# the journal


def a_journal(post: Post, count: int) -> Journal:
    journal = Journal(post.home.journal, node=post.answer.node, boot="b1")
    add(journal, count)
    return journal


def add(journal: Journal, count: int) -> None:
    for _ in range(count):
        journal.append(Boot("x", "wav", 0), at=utc_now(), clock=Stamp(ClockSource.SERVER, 1))


def an_uploader(post: Post, heard: list[int]) -> Uploader:
    return Uploader(
        post.server, post.home, node=post.answer.node, key=post.home.key(),
        accepted=post.note(heard), backoff=at_once(),
    )  # fmt: skip


def test_the_journal_is_uploaded_and_its_chain_holds_on_the_server(
    town: Town, post: Post, threads: Start
) -> None:
    journal, heard = a_journal(post, 30), list[int]()
    uploader = an_uploader(post, heard)
    threads(uploader)
    uploader.wake()
    post.until(lambda: heard == [31])
    add(journal, 1)
    uploader.wake()
    post.until(lambda: heard == [31, 32])
    journal.close()
    assert len(town.records(post.answer.node)) == 32


def test_lines_sent_twice_are_kept_once(town: Town, post: Post) -> None:
    a_journal(post, 5).close()
    uploader = an_uploader(post, [])
    uploader.send_once()
    post.home.uploaded_file.unlink()
    an_uploader(post, []).send_once()
    assert len(town.records(post.answer.node)) == 6


def test_a_server_that_lost_its_journal_is_given_it_again(town: Town, post: Post) -> None:
    journal = a_journal(post, 5)
    uploader = an_uploader(post, [])
    uploader.send_once()
    town.lines.clear()
    town.heads.clear()
    add(journal, 1)
    journal.close()
    post.home.uploaded_file.unlink()
    an_uploader(post, []).send_once()
    assert len(town.records(post.answer.node)) == 7


def test_the_journal_waits_for_a_server_that_is_away(
    town: Town, post: Post, threads: Start
) -> None:
    a_journal(post, 5).close()
    heard: list[int] = []
    town.down = True
    uploader = an_uploader(post, heard)
    threads(uploader)
    uploader.wake()
    town.down = False
    post.until(lambda: heard == [6])


# the link


def a_link(post: Post, hints: list[int], on_turn: Callable[[], None] = lambda: None) -> Link:
    return Link(
        post.server, state=post.state, on_hint=post.note(hints),
        on_exchange=post.note(post.exchanges), on_turn=on_turn, backoff=at_once(),
    )  # fmt: skip


def test_the_link_tells_the_state_keeps_the_clock_and_carries_hints(
    town: Town, post: Post, threads: Start
) -> None:
    hints: list[int] = []
    link = a_link(post, hints)
    threads(link)
    post.until(lambda: len(post.exchanges) >= 4)
    assert town.states[post.answer.node] == post.state()
    assert link.up
    town.publish(a_plan())
    link.state_changed()
    post.until(lambda: bool(hints))


def test_a_link_that_broke_is_made_again(tmp_path: Path, threads: Start) -> None:
    town = Town()
    with open_town(town):
        post = Post(town, tmp_path)
        turns: list[bool] = []
        told = post.note(turns)
        link = a_link(post, [], lambda: told(link.up))
        threads(link)
        post.until(lambda: turns == [True])
    post.until(lambda: turns == [True, False])
    with open_town(town):
        post.until(lambda: turns == [True, False, True])
        link.stop()
    post.client.close()


def test_a_server_without_a_link_is_left_alone(town: Town, post: Post, threads: Start) -> None:
    town.without_link = True
    link = a_link(post, [])
    threads(link)
    plans: list[bytes] = []
    town.publish(replace(a_plan(), version=3))
    threads(a_poller(post, plans))
    post.until(lambda: len(plans) == 1)
    assert not link.up
