"""An order of two people is heard within a second, on no other node, once; silence is quicker."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.node.repository import Repository
from tests.node.speaker import BEGIN, KEY, LOUD, Speaker, audio_of, set_up
from tests.node.tape import noise
from tests.node.town import a_plan, an_item, opus_file
from tests.protocol.province import a_command as usual_command
from tests.protocol.province import a_policy, grant, signed
from vang_node import RATE
from vang_node.allegiance import Answered
from vang_node.home import write_private
from vang_node.performing import ANNOUNCED_EVERY, TEST_DB
from vang_protocol.beacons import Beacon, sign_beacon
from vang_protocol.commands import Command, Kind, Mode
from vang_protocol.manifests import Manifest, Part, Piece, encode_manifest
from vang_protocol.plans import Priority
from vang_protocol.reasons import Reason
from vang_protocol.receipts import Phase, Receipt, open_receipt
from vang_protocol.records import End, Missed, OrderAccepted, OrderRefused, PlayEnded, PlayStarted
from vang_protocol.strict_json import digest

WORDS = opus_file(noise(3, head_s=0, seed=7))
LATE = opus_file(noise(2, head_s=0, seed=8))
GRANTS = (
    *a_policy().grants,
    grant("a-urgent", priorities=frozenset({Priority.PRIORITY}), threshold=1),
    grant("a-volume", kinds=frozenset({Kind.SET_VOLUME}), threshold=1, ceiling_db=0),
)
POLICY = a_policy(version=1, issued=BEGIN - timedelta(days=9), grants=GRANTS)


class Post(Speaker):
    """A node of commune 20662 that has the province's policy, and what it answered."""

    def follow(self, province: Repository) -> None:
        self.agent.offer_policy(province.fetch)
        self.agent.book.greet(Beacon("n1", "q1", self.true_now, 1, ()))
        self.receipts: list[Receipt] = []
        self.listen()

    def listen(self) -> None:
        key = self.home.key().public

        def take(data: bytes) -> None:
            self.receipts.append(open_receipt(data, key=key))

        self.agent.on_receipt = take

    def order(self, command: Command, manifest: Manifest | None, *people: str) -> None:
        payload = None if manifest is None else encode_manifest(manifest)
        self.agent.offer_command(signed(command, *people), payload)

    def phases(self, command: str = "c1") -> list[Phase]:
        return [one.phase for one in self.receipts if one.command == command]

    def level(self, second: float, span_s: float = 0.5) -> float:
        first = int((second - 5) * RATE)  # the card began five seconds after BEGIN
        found = self.card.heard[first : first + int(span_s * RATE)]
        return float((sum(x * x for x in found) / max(1, len(found))) ** 0.5)

    @property
    def second(self) -> float:
        return self.card.now_us / 1e6


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    province = Repository(POLICY, BEGIN)
    made = set_up(tmp_path, unit="20662", trust_root=province.pinned)
    node = Post(made.home, made.card)
    node.agent = made.agent
    node.ask_server()
    node.follow(province)
    node.stock(WORDS)
    node.run(0.1)
    yield node
    node.switch_off()


def a_sound(*pieces: Piece, mode: Mode = Mode.ACTUAL) -> Manifest:
    usual = (Piece(Part.TONE, 2_000), Piece(Part.SPEECH, 3_000, audio_of(WORDS, 3)))
    return Manifest(mode, "vi", "Lũ quét", "ef" * 32, "Mai", pieces or usual)


def a_command(post: Post, sound: Manifest | None, **changed: Any) -> Command:
    now = post.true_now.replace(microsecond=0)
    made = usual_command(
        id="c1",
        issued=now,
        not_before=now,
        expires=now + timedelta(minutes=10),
        manifest=sound and digest(encode_manifest(sound)),
        repeat=1,
        max_play_ms=60_000 if sound else 0,
    )
    return replace(made, **changed)


@pytest.mark.parametrize(("told", "looks"), [(1, 0), (2, 1)])
def test_a_beacon_that_tells_of_a_newer_policy_has_it_fetched(
    post: Post, told: int, looks: int
) -> None:
    looked: list[int] = []
    post.agent.on_newer_policy = lambda: looked.append(told)
    envelope = sign_beacon(Beacon("n1", "q2", post.true_now, told, ()), KEY)
    post.agent.observe_beacon(Answered("q2", envelope, post.card.now_us, post.card.now_us))
    assert len(looked) == looks


def test_two_people_are_heard_within_a_second_without_any_plan(post: Post) -> None:
    asked = post.second
    post.order(a_command(post, a_sound()), a_sound(), "binh", "hanh")
    post.run(8)
    first = next(i for i, x in enumerate(post.card.heard) if abs(x) > 1000)
    assert post.card.instant_of(first) / 1e6 - asked < 1.0
    assert post.phases() == [Phase.ACCEPTED, Phase.SOUNDING, Phase.PLAYED]
    (accepted,) = post.all_of(OrderAccepted)
    assert isinstance(accepted, OrderAccepted)
    assert accepted.people == "binh, hanh"
    (ended,) = post.all_of(PlayEnded)
    assert isinstance(ended, PlayEnded)
    assert ended.end is End.DONE
    assert ended.frames is not None
    assert ended.frames / RATE == pytest.approx(2 + 3 + 2 * 0.6, abs=0.2)


def test_what_is_ordered_for_later_waits_for_its_moment(post: Post) -> None:
    command = a_command(post, a_sound())
    later = command.issued + timedelta(seconds=20)
    post.order(replace(command, not_before=later), a_sound(), "binh", "hanh")
    post.run(10)
    assert not post.heard_since()
    post.run(18)
    (started,) = post.all_of(PlayStarted)
    assert isinstance(started, PlayStarted)
    assert abs(started.first_sample - later) < timedelta(seconds=1.5)
    assert post.phases() == [Phase.ACCEPTED, Phase.SOUNDING, Phase.PLAYED]


def test_a_routine_programme_gives_way(post: Post) -> None:
    long = opus_file(noise(30, head_s=0))
    post.stock(long)
    item = an_item(audio_of(long, 30), post.true_now + timedelta(seconds=2))
    post.offer(replace(a_plan(item), unit="20662", issued=BEGIN))
    post.run(6)
    post.order(a_command(post, a_sound()), a_sound(), "binh", "hanh")
    post.run(10)
    ends = [(event.item, event.end) for event in post.all_of(PlayEnded)]  # type: ignore[attr-defined]
    assert ends == [(item.id, End.PRE_EMPTED), ("command-c1", End.DONE)]


def test_an_emergency_sounds_outside_the_hours(post: Post) -> None:
    plan = replace(a_plan(), unit="20662", issued=BEGIN, hours=(("05:00", "06:00"),))
    post.offer(plan)
    post.order(a_command(post, a_sound()), a_sound(), "binh", "hanh")
    post.run(3)
    assert post.heard_since()


def test_a_newer_plan_does_not_silence_an_emergency(post: Post) -> None:
    post.order(a_command(post, a_sound()), a_sound(), "binh", "hanh")
    post.run(2)
    post.offer(replace(a_plan(), unit="20662", issued=BEGIN))
    post.run(6)
    assert post.phases()[-1] is Phase.PLAYED


def test_a_cancel_is_silence_within_half_a_second(post: Post) -> None:
    post.order(a_command(post, a_sound(), repeat=5), a_sound(), "binh", "hanh")
    post.run(4)
    assert post.level(post.second - 1) > 500
    cancel = a_command(post, None, id="c2", kind=Kind.CANCEL, ends=("c1",), seq=2)
    post.order(cancel, None, "hanh")
    post.run(2)
    assert post.level(post.second - 1.3) == 0
    assert post.phases() == [Phase.ACCEPTED, Phase.SOUNDING, Phase.INTERRUPTED]
    assert post.phases("c2") == [Phase.DONE]
    post.order(a_command(post, a_sound()), a_sound(), "binh", "hanh")
    post.run(2)
    assert post.level(post.second - 1) == 0


def test_a_stop_silences_the_programme_too_and_leaves_what_comes_later(post: Post) -> None:
    soon, later = (
        an_item(audio_of(LOUD, 1.5), post.true_now + timedelta(seconds=s), id=f"p{s}")
        for s in (2, 8)
    )
    post.offer(replace(a_plan(soon, later), unit="20662", issued=BEGIN))
    post.run(2.7)
    post.order(a_command(post, None, kind=Kind.STOP), None, "binh")
    post.run(9)
    ends = {event.item: event.end for event in post.all_of(PlayEnded)}  # type: ignore[attr-defined]
    assert ends == {"p2": End.STOPPED, "p8": End.DONE}


def test_an_update_replaces_what_sounds(post: Post) -> None:
    post.order(a_command(post, a_sound(), repeat=9), a_sound(), "binh", "hanh")
    post.run(3)
    update = a_command(post, a_sound(), id="c2", ends=("c1",), seq=2)
    post.order(update, a_sound(), "binh", "hanh")
    post.run(9)
    assert post.phases() == [Phase.ACCEPTED, Phase.SOUNDING, Phase.INTERRUPTED]
    assert post.phases("c2") == [Phase.ACCEPTED, Phase.SOUNDING, Phase.PLAYED]


def test_the_tone_sounds_while_the_words_are_on_their_way(post: Post) -> None:
    sound = a_sound(Piece(Part.TONE, 1_000), Piece(Part.SPEECH, 2_000, audio_of(LATE, 2)))
    asked = post.second
    post.order(a_command(post, sound), sound, "binh", "hanh")
    assert post.agent.commander.wanted() == [audio_of(LATE, 2)]
    post.run(4)
    assert post.level(asked + 1.2) > 500
    post.stock(LATE)
    post.run(8)
    assert post.phases() == [Phase.ACCEPTED, Phase.SOUNDING, Phase.PLAYED]


def test_what_never_arrives_is_cut_off_at_its_limit(post: Post) -> None:
    sound = a_sound(Piece(Part.TONE, 1_000), Piece(Part.SPEECH, 2_000, audio_of(LATE, 2)))
    post.order(a_command(post, sound, max_play_ms=5_000), sound, "binh", "hanh")
    post.run(9)
    (ended,) = post.all_of(PlayEnded)
    assert isinstance(ended, PlayEnded)
    assert ended.end is End.MAX_PLAY
    assert ended.frames == pytest.approx(5 * RATE, abs=RATE // 10)


def test_a_swapped_file_is_never_heard(post: Post) -> None:
    """Same name and size, other sound: it is thrown away, the tone goes on."""
    sound = a_sound(Piece(Part.TONE, 1_000), Piece(Part.SPEECH, 3_000, audio_of(WORDS, 3)))
    post.agent.store.path(audio_of(WORDS, 3)).write_bytes(WORDS[:-1] + b"x")
    post.order(a_command(post, sound, max_play_ms=4_000), sound, "binh", "hanh")
    post.run(7)
    assert not post.agent.store.has(audio_of(WORDS, 3))
    assert post.phases()[-1] is Phase.PLAYED


def test_a_swapped_description_does_not_use_up_the_order(post: Post) -> None:
    other = a_sound(Piece(Part.SPEECH, 2_000, audio_of(LATE, 2)))
    command = a_command(post, a_sound())
    post.order(command, other, "binh", "hanh")
    post.order(command, None, "binh", "hanh")
    assert [one.reason for one in post.receipts] == [Reason.MANIFEST_WRONG] * 2
    post.order(command, a_sound(), "binh", "hanh")
    assert post.phases()[-1] is Phase.ACCEPTED


def test_a_drill_says_so_at_its_beginning_every_half_minute_and_at_its_end(post: Post) -> None:
    long = opus_file(noise(70, head_s=0, level=300))
    post.stock(long)
    sound = a_sound(Piece(Part.SPEECH, 70_000, audio_of(long, 70)), mode=Mode.EXERCISE)
    drill = a_command(post, sound, mode=Mode.EXERCISE, volume_db=-10, max_play_ms=120_000)
    post.order(drill, sound, "binh", "hanh")
    post.run(100)
    (ended,) = post.all_of(PlayEnded)
    assert isinstance(ended, PlayEnded)
    assert ended.end is End.DONE
    assert ended.frames is not None
    own = ended.frames / RATE - 70 - 0.6
    times = 1 + 70 * RATE // ANNOUNCED_EVERY + 1
    assert own == pytest.approx(times * 4.38, abs=0.5)
    (started,) = post.all_of(PlayStarted)
    assert isinstance(started, PlayStarted)
    assert started.volume_db == TEST_DB


def test_a_power_cut_is_taken_up_once_and_then_no_more(post: Post) -> None:
    post.order(a_command(post, a_sound(), repeat=3), a_sound(), "binh", "hanh")
    post.run(3)
    for expected in (2, 2):
        post.switch_off()
        post.switch_on()
        post.ask_server()
        post.listen()
        post.run(4)
        assert len(post.all_of(PlayStarted)) == expected


def test_what_was_ordered_is_kept_through_a_power_cut_before_it_sounded(post: Post) -> None:
    post.order(a_command(post, a_sound()), a_sound(), "binh", "hanh")
    post.switch_off()
    post.switch_on()
    post.ask_server()
    post.listen()
    post.run(8)
    assert post.phases()[-1] is Phase.PLAYED
    assert len(post.all_of(PlayStarted)) == 1


def test_a_full_disk_does_not_sound_and_says_nothing_false(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: Path, _data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(post.agent.book, "_write", full)
    post.order(a_command(post, a_sound()), a_sound(), "binh", "hanh")
    post.run(3)
    assert post.receipts == []
    assert not post.heard_since()
    monkeypatch.setattr(post.agent.book, "_write", write_private)
    post.order(a_command(post, a_sound()), a_sound(), "binh", "hanh")
    post.run(3)
    assert post.heard_since()


def test_the_same_command_again_is_answered_with_what_became_of_it(post: Post) -> None:
    command = a_command(post, a_sound())
    for _time in range(3):
        post.order(command, a_sound(), "binh", "hanh")
    post.run(8)
    post.order(command, a_sound(), "binh", "hanh")
    assert post.phases() == [
        Phase.ACCEPTED,
        Phase.ACCEPTED,
        Phase.ACCEPTED,
        Phase.SOUNDING,
        Phase.PLAYED,
        Phase.PLAYED,
    ]
    assert len(post.all_of(PlayStarted)) == 1


def test_a_refusal_is_answered_and_written_down_but_a_flood_is_not(post: Post) -> None:
    post.order(a_command(post, a_sound()), a_sound(), "binh")
    (receipt,) = post.receipts
    assert receipt.reason is Reason.TOO_FEW_PEOPLE
    for number in range(500):
        post.order(a_command(post, a_sound(), id=f"f{number}"), a_sound(), "binh")
    assert len(post.receipts) == 60
    assert len(post.all_of(OrderRefused)) == 60
    post.order(a_command(post, a_sound(), id="good"), a_sound(), "binh", "hanh")
    post.run(1)
    assert post.phases("good") == [Phase.ACCEPTED, Phase.SOUNDING]


def test_a_sound_card_that_comes_back_in_time_is_used(post: Post) -> None:
    post.agent.sink_failure = "unplugged"
    post.order(a_command(post, a_sound()), a_sound(), "binh", "hanh")
    post.run(30)
    assert post.phases() == [Phase.ACCEPTED]
    post.agent.sink_failure = None
    post.run(8)
    assert post.phases()[-1] is Phase.PLAYED


def test_one_that_does_not_come_back_ends_the_command(post: Post) -> None:
    post.agent.sink_failure = "unplugged"
    command = a_command(post, a_sound())
    post.order(replace(command, expires=command.issued + timedelta(seconds=20)), a_sound(),
               "binh", "hanh")  # fmt: skip
    post.run(25)
    assert post.phases() == [Phase.ACCEPTED, Phase.INTERRUPTED]
    assert post.receipts[-1].detail == "sink-failed"
    (missed,) = post.all_of(Missed)
    assert isinstance(missed, Missed)
    assert missed.reason is Reason.SINK_FAILED


def test_an_ordered_loudness_holds_from_then_on(post: Post) -> None:
    quiet = a_command(post, None, kind=Kind.SET_VOLUME, volume_db=-20)
    post.order(quiet, None, "binh")
    assert post.phases() == [Phase.DONE]
    item = an_item(audio_of(LOUD, 1.5), post.true_now + timedelta(seconds=2))
    post.offer(replace(a_plan(item), unit="20662", issued=BEGIN))
    post.run(5)
    (started,) = post.all_of(PlayStarted)
    assert isinstance(started, PlayStarted)
    assert started.volume_db == -20


def test_a_link_test_makes_no_sound(post: Post) -> None:
    grants = (*GRANTS, grant("t", kinds=frozenset({Kind.LINK_TEST}), threshold=1))
    post.agent.policies.policy = replace(POLICY, grants=grants)
    post.order(a_command(post, None, kind=Kind.LINK_TEST), None, "binh")
    post.run(2)
    assert post.phases() == [Phase.DONE]
    assert not post.heard_since()


def test_the_servers_own_key_orders_nothing(post: Post) -> None:
    command = a_command(post, a_sound())
    data = signed(command, KEY, KEY)
    post.agent.offer_command(data, encode_manifest(a_sound()))
    post.run(2)
    assert [one.reason for one in post.receipts] == [Reason.UNKNOWN_KEY]
    assert not post.heard_since()


class PowerCut(BaseException):
    """The power goes as this write begins: nothing after it happens."""


WRITES = 14
"""More than a command and its sound ever write: the last of them are never reached."""


@pytest.mark.parametrize("mode", [Mode.ACTUAL, Mode.EXERCISE])
@pytest.mark.parametrize("cut", range(WRITES))
def test_p8_a_power_cut_at_any_write_of_ledger_or_journal_lets_it_begin_twice_at_most(
    post: Post, monkeypatch: pytest.MonkeyPatch, cut: int, mode: Mode
) -> None:
    """Once as ordered, and once taken up again where that was cut off; announced each time when it
    is a drill. After that never, however often it is sent and the node is switched on."""
    left = iter(range(cut))

    def counting(write: Callable[..., None]) -> Callable[..., None]:
        def guarded(*given: Any) -> None:
            if next(left, None) is None:
                raise PowerCut
            write(*given)

        return guarded

    short = (Piece(Part.SPEECH, 3_000, audio_of(WORDS, 3)),)
    sound = a_sound(*short, mode=mode)
    order = a_command(post, sound, mode=mode, volume_db=-10, max_play_ms=60_000)
    monkeypatch.setattr(post.agent.book, "_write", counting(write_private))
    monkeypatch.setattr(post.agent.journal, "_append", counting(post.agent.journal._append))
    with suppress(PowerCut):
        post.order(order, sound, "binh", "hanh")
        post.run(14)
    for _again in range(3):
        post.switch_off()
        post.switch_on()
        post.listen()
        post.ask_server()
        post.order(order, sound, "binh", "hanh")
        post.run(14)
    begun = post.all_of(PlayStarted)
    assert 1 <= len(begun) <= 2
    assert post.agent.book.ledger.standing == {}
