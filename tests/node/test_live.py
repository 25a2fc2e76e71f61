"""A live voice on one node, in hand-turned time: heard at its stamps, by nobody else's word."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import av
import pytest

from tests.node.ordering import policy_of_town
from tests.node.speaker import BEGIN, LOUD, Speaker, audio_of, set_up
from tests.node.tape import noise
from tests.node.town import UNIT, a_plan, an_item, opus_file
from tests.protocol.province import a_command, signed
from vang_node.live.frames import GAP_US
from vang_node.sinks import Block
from vang_protocol import strict_json
from vang_protocol.beacons import Beacon
from vang_protocol.commands import Audience, Command, Kind, Live, Mode
from vang_protocol.instants import from_us, to_us
from vang_protocol.live import FRAME_SAMPLES, FRAME_US, Frame, SessionKey, seal_frame
from vang_protocol.manifests import Manifest, Part, Piece, encode_manifest
from vang_protocol.plans import Audio, Priority, Resume
from vang_protocol.reasons import Reason
from vang_protocol.receipts import Phase, Receipt, parse_receipt
from vang_protocol.records import End, LiveHeard, OrderRefused, PlayEnded, PlayStarted
from vang_protocol.strict_json import digest
from vang_protocol.volumes import ClusterOrders

SESSION = "0a" * 8
GROUP = bytes(32)


def packets(sound: Block) -> list[bytes]:
    """Opus of 60 ms each."""
    context = av.CodecContext.create("libopus", "w")
    context.sample_rate, context.layout, context.format = 48_000, "mono", "s16"
    context.bit_rate = 24_000
    context.options = {"frame_duration": "60"}
    found: list[bytes] = []
    for start in range(0, len(sound) - FRAME_SAMPLES, FRAME_SAMPLES):
        frame = av.AudioFrame(format="s16", layout="mono", samples=FRAME_SAMPLES)
        frame.rate, frame.pts = 48_000, start
        frame.planes[0].update(sound[start : start + FRAME_SAMPLES].tobytes())
        found += [bytes(one) for one in context.encode(frame)]
    return found


PACKETS = packets(noise(12.0, head_s=0))


@dataclass
class Voice:
    """Somebody speaks: ``lost`` frames never arrive, ``delay_us`` late is what does."""

    speaker: Speaker
    key: SessionKey = field(default_factory=SessionKey)
    lost: frozenset[int] = frozenset()
    group: bytes = GROUP
    delay_us: int = 100_000
    sent: list[bytes] = field(default_factory=list)
    at: int = 0

    def begin(self) -> None:
        self.base_us = to_us(self.speaker.true_now) + 1_000_000

    def frame(self, seq: int, **changed: Any) -> Frame:
        before = PACKETS[seq - 1] if seq else b""
        usual: dict[str, Any] = {
            "session": bytes.fromhex(SESSION), "seq": seq, "packet": PACKETS[seq],
            "play_at": self.base_us + seq * FRAME_US, "before": before,
        }  # fmt: skip
        return Frame(**{**usual, **changed})

    def sealed(self, frame: Frame, key: SessionKey | None = None) -> bytes:
        return seal_frame(frame, sign=(key or self.key).sign, group_key=self.group)

    def run(self, seconds: float) -> None:
        """Time passes while frames come."""
        for _step in range(round(seconds * 1e6 / FRAME_US)):
            now_us = to_us(self.speaker.true_now)
            while self.base_us - 1_000_000 + self.at * FRAME_US + self.delay_us <= now_us:
                if self.at not in self.lost:
                    self.sent.append(self.sealed(self.frame(self.at)))
                    self.speaker.agent.live.hear(self.sent[-1])
                self.at += 1
            self.speaker.run(FRAME_US / 1e6)


@dataclass
class Told:
    receipts: list[Receipt] = field(default_factory=list)

    def phases(self, command: str = "v1") -> list[Phase]:
        return [one.phase for one in self.receipts if one.command == command]


@pytest.fixture
def speaker(tmp_path: Path) -> Iterator[Speaker]:
    made = set_up(tmp_path, unit=UNIT)
    made.ask_server()
    policy = policy_of_town(issued=BEGIN - timedelta(days=1), expires=BEGIN + timedelta(days=90))
    made.agent.commander._policies = SimpleNamespace(policy=policy)
    made.agent.book.greet(Beacon("n1", "q", BEGIN, 1, ()))
    made.run(2)
    yield made
    made.switch_off()


@pytest.fixture
def told(speaker: Speaker) -> Told:
    found = Told()

    def note(data: bytes) -> None:
        payload = strict_json.decode(data, limit=10**5)["payload"]
        found.receipts.append(parse_receipt(base64.b64decode(payload)))

    speaker.agent.on_receipt = note
    return found


def plan(speaker: Speaker, *items: Any, **changed: Any) -> None:
    now = BEGIN
    made = a_plan(*items, issued=now, covers_from=now, expires=now + timedelta(days=8), **changed)
    speaker.offer(made)


def an_opening(speaker: Speaker, key: SessionKey, seconds: int = 30, **changed: Any) -> Command:
    now = speaker.true_now.replace(microsecond=0)
    until = now + timedelta(seconds=seconds)
    usual: dict[str, Any] = {
        "id": "v1",
        "kind": Kind.OPEN_LIVE,
        "priority": Priority.PRIORITY,
        "issuer": UNIT,
        "audience": Audience(units=(UNIT,)),
        "issued": now,
        "not_before": now,
        "expires": until,
        "manifest": None,
        "repeat": 1,
        "max_play_ms": seconds * 1000,
        "live": Live(SESSION, key.public, until, 1000),
    }
    return a_command(**{**usual, **changed})


def opened(speaker: Speaker, seconds: int = 30, **changed: Any) -> Voice:
    """Hạnh ordered it, and the link let the node in."""
    voice = Voice(speaker, **changed)
    command = an_opening(speaker, voice.key, seconds)
    speaker.agent.offer_command(signed(command, "hanh"), None)
    speaker.agent.live.joined(SESSION, GROUP.hex())
    voice.begin()
    return voice


def stocked(speaker: Speaker, data: bytes) -> Audio:
    audio = audio_of(data, 6.0)
    speaker.agent.store.part(audio).write_bytes(data)
    speaker.agent.store.adopt(audio)
    return audio


def onset(speaker: Speaker, since: int) -> int:
    """The first audible sample from ``since`` on."""
    heard = speaker.card.heard
    return next(at for at in range(since, len(heard)) if abs(heard[at]) > 300)


def test_each_frame_is_heard_at_its_stamp(speaker: Speaker, told: Told) -> None:
    plan(speaker)
    voice, since = opened(speaker), len(speaker.card.heard)
    voice.run(4)
    assert told.phases() == [Phase.ACCEPTED, Phase.SOUNDING]
    (started,) = speaker.all_of(PlayStarted)
    assert abs(to_us(started.first_sample) - voice.base_us) <= 500_000  # type: ignore[attr-defined]
    heard_us = to_us(BEGIN) + speaker.card.instant_of(onset(speaker, since))
    assert abs(heard_us - voice.base_us) < 40_000  # the encoder begins softly


def test_an_installers_delay_holds_for_a_voice_as_for_the_plan(speaker: Speaker) -> None:
    """Everything is heard 300 ms after its instant, so that the next loudspeaker's sound arrives
    together with it."""
    item = an_item(
        stocked(speaker, opus_file(noise(6.0, head_s=0))), speaker.true_now + timedelta(seconds=2),
        max_play_ms=1_000,
    )  # fmt: skip
    plan(speaker, item, orders=(ClusterOrders("c1", delay_ms=300),))
    since = len(speaker.card.heard)
    speaker.run(5)
    heard_us = to_us(BEGIN) + speaker.card.instant_of(onset(speaker, since))
    assert 290_000 < heard_us - to_us(item.start) < 340_000
    voice, since = opened(speaker), len(speaker.card.heard)
    voice.run(3)
    heard_us = to_us(BEGIN) + speaker.card.instant_of(onset(speaker, since))
    assert 290_000 < heard_us - voice.base_us < 340_000


def test_what_is_lost_is_taken_from_the_frame_after_and_what_is_late_is_left_out(
    speaker: Speaker,
) -> None:
    plan(speaker)
    voice = opened(speaker, lost=frozenset({20, 30, 40, 41, 42}))
    voice.run(5)
    stopped = voice.frame(voice.at, packet=b"", before=b"")
    speaker.agent.live.hear(voice.sealed(stopped))
    speaker.run(2)
    (heard,) = speaker.all_of(LiveHeard)
    assert (heard.repaired, heard.concealed) == (3, 2)  # type: ignore[attr-defined]
    (ended,) = speaker.all_of(PlayEnded)
    assert ended.end is End.DONE  # type: ignore[attr-defined]


def test_nobody_elses_frame_is_heard(speaker: Speaker) -> None:
    """A stranger, a node of the session with the group key, yesterday's frames, another base."""
    plan(speaker)
    voice = opened(speaker)
    voice.run(2)
    hear = speaker.agent.live.hear
    good = voice.frame(voice.at + 3)
    assert hear(voice.sealed(good))
    assert not hear(voice.sealed(good))  # again
    assert not hear(voice.sent[0])  # replayed
    assert not hear(voice.sealed(voice.frame(voice.at + 4), SessionKey()))  # an insider's own key
    foreign = seal_frame(voice.frame(voice.at + 5), sign=voice.key.sign, group_key=bytes([1] * 32))
    assert not hear(foreign)
    moved = voice.frame(voice.at + 6, play_at=voice.base_us)
    assert not hear(voice.sealed(moved))
    assert not hear(voice.sealed(voice.frame(voice.at + 7, session=b"8 others")))
    assert not hear(voice.sealed(voice.frame(150)))  # far ahead of its time
    assert hear(voice.sealed(voice.frame(voice.at + 8)))


def test_after_two_seconds_without_a_frame_the_plan_goes_on_and_then_the_voice(
    speaker: Speaker, told: Told
) -> None:
    plan(speaker)
    voice = opened(speaker, lost=frozenset(range(25, 75)))
    voice.run(4.5)
    assert [one.end for one in speaker.all_of(PlayEnded)] == [End.ERROR]  # type: ignore[attr-defined]
    assert told.phases()[-1] is Phase.SOUNDING
    voice.run(2.5)
    assert [one.part for one in speaker.all_of(PlayStarted)] == [1, 2]  # type: ignore[attr-defined]
    (first, *_rest) = speaker.all_of(LiveHeard)
    assert first.longest_gap_ms * 1000 > GAP_US  # type: ignore[attr-defined]


def test_an_end_said_after_silence_closes_it(speaker: Speaker, told: Told) -> None:
    plan(speaker)
    voice = opened(speaker)
    voice.run(3)
    speaker.run(4)
    assert told.phases()[-1] is Phase.SOUNDING
    seq = (to_us(speaker.true_now) + 1_000_000 - voice.base_us) // FRAME_US
    last = Frame(bytes.fromhex(SESSION), seq, voice.base_us + seq * FRAME_US, b"")
    speaker.agent.live.hear(voice.sealed(last))
    speaker.run(1)
    assert told.phases()[-1] is Phase.PLAYED


def test_it_ends_hard_when_its_time_is_over(speaker: Speaker, told: Told) -> None:
    plan(speaker)
    voice = opened(speaker, seconds=4)
    voice.run(7)
    assert told.phases()[-1] is Phase.PLAYED
    loud = [at for at, one in enumerate(speaker.card.heard) if abs(one) > 300]
    last_us = to_us(BEGIN) + speaker.card.instant_of(loud[-1])
    assert voice.base_us + 2_500_000 < last_us <= voice.base_us + 3_000_000 + FRAME_US


def test_an_emergency_takes_the_loudspeaker_and_gives_it_back(speaker: Speaker) -> None:
    plan(speaker)
    voice = opened(speaker)
    voice.run(2)
    words = Piece(Part.SPEECH, 1000, audio_of(LOUD, 1))
    tone = Manifest(Mode.ACTUAL, "vi", "Lũ", "ef" * 32, "", (Piece(Part.TONE, 1000), words))
    now, sound = speaker.true_now.replace(microsecond=0), encode_manifest(tone)
    order = a_command(
        id="e1", issuer=UNIT, audience=Audience(units=(UNIT,)), manifest=digest(sound), repeat=1,
        max_play_ms=5_000, seq=2, issued=now, not_before=now, expires=now + timedelta(minutes=5),
    )  # fmt: skip
    speaker.agent.offer_command(signed(order, "binh", "hanh"), sound)
    voice.run(5)
    assert [(one.item, one.part) for one in speaker.all_of(PlayStarted)] == [  # type: ignore[attr-defined]
        ("command-v1", 1), ("command-e1", 1), ("command-v1", 2),
    ]  # fmt: skip
    ends = [one.end for one in speaker.all_of(PlayEnded)]  # type: ignore[attr-defined]
    assert ends == [End.PRE_EMPTED, End.DONE]


def test_a_planned_item_gives_way_and_goes_on_as_the_plan_says(speaker: Speaker) -> None:
    data = opus_file(noise(6.0, head_s=0))
    item = an_item(
        stocked(speaker, data), speaker.true_now + timedelta(seconds=2), resume=Resume.RESTART,
        priority=Priority.PRIORITY,
    )  # fmt: skip
    plan(speaker, item)
    speaker.run(3)
    voice = opened(speaker)
    voice.run(2)
    ended = voice.sealed(voice.frame(voice.at, packet=b"", before=b""))
    speaker.agent.live.hear(ended)
    speaker.run(4)
    assert [(one.item, one.part) for one in speaker.all_of(PlayStarted)] == [  # type: ignore[attr-defined]
        (item.id, 1), ("command-v1", 1), (item.id, 2),
    ]  # fmt: skip


def test_somebody_else_can_close_it(speaker: Speaker, told: Told) -> None:
    plan(speaker)
    voice = opened(speaker)
    voice.run(2)
    cancel = a_command(
        id="v2", kind=Kind.CANCEL, manifest=None, repeat=1, max_play_ms=0, ends=("v1",), seq=2,
        issuer=UNIT, audience=Audience(units=(UNIT,)), issued=from_us(voice.base_us),
        not_before=from_us(voice.base_us), expires=from_us(voice.base_us) + timedelta(minutes=5),
    )  # fmt: skip
    speaker.agent.offer_command(signed(cancel, "binh"), None)
    voice.run(2)
    assert told.phases("v2") == [Phase.DONE]
    assert told.phases()[-1] is Phase.INTERRUPTED
    assert len(speaker.all_of(PlayStarted)) == 1
    assert not speaker.heard_since(len(speaker.card.heard) - 24_000)


@pytest.mark.parametrize(
    ("hours", "reason"),
    [(None, Reason.NO_PLAN), ((("05:00", "06:00"),), Reason.OUTSIDE_HOURS)],
)
def test_outside_the_plans_hours_it_is_refused(
    speaker: Speaker, told: Told, hours: Any, reason: Reason
) -> None:
    """It is four in the afternoon."""
    if hours is not None:
        plan(speaker, hours=hours)
    opened(speaker)
    speaker.run(1)
    assert [one.reason for one in told.receipts] == [reason]
    assert [one.reason for one in speaker.all_of(OrderRefused)] == [reason]  # type: ignore[attr-defined]


def test_a_power_cut_ends_a_part_and_not_the_voice(speaker: Speaker, told: Told) -> None:
    plan(speaker)
    voice = opened(speaker)
    voice.run(2)
    policies = speaker.agent.commander._policies
    speaker.switch_off()
    speaker.switch_on()
    speaker.agent.commander._policies = policies
    asked: list[str] = []
    speaker.agent.live.on_join = asked.append
    speaker.ask_server()
    speaker.agent.live.joined(SESSION, GROUP.hex())
    voice.run(8)
    assert asked == [SESSION]
    assert [one.end for one in speaker.all_of(PlayEnded)][:1] == [End.POWER_LOST]  # type: ignore[attr-defined]
    assert len(speaker.all_of(PlayStarted)) == 2
