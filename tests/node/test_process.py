"""Real node processes, real files, real sound: what a village would hear, and power cuts."""

import json
import random
import signal
import time
from array import array
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from itertools import chain
from pathlib import Path

import pytest

from tests.node.pole import RATE, Pole, best_match, in_seconds, until
from tests.node.tape import noise
from tests.node.town import Town, a_plan, an_item, open_town, opus_file, utc_now
from vang_node.decoder import decoded_blocks
from vang_node.sinks import Block
from vang_protocol.instants import to_us
from vang_protocol.journals import verify_chain
from vang_protocol.plans import Audio, PlanItem
from vang_protocol.reasons import Reason
from vang_protocol.records import Boot, DiskFull, End, Missed, PlayEnded, PlayStarted, Shutdown


@pytest.fixture
def town() -> Iterator[Town]:
    with open_town(Town()) as town:
        yield town


@pytest.fixture
def pole(town: Town, tmp_path: Path) -> Iterator[Pole]:
    pole = Pole(town, tmp_path)
    yield pole
    if pole.process is not None:
        pole.kill()


def test_the_approved_sound_is_heard_on_its_instant_and_proved(town: Town, pole: Pole) -> None:
    audio = town.add_audio(noise(2.0))
    pole.switch_on()
    until(lambda: "n1" in town.states, pole)
    item = an_item(audio, in_seconds(4))
    town.publish(a_plan(item))
    until(lambda: town.events("n1", "play-ended"), pole)
    until(lambda: _peak(pole.recording(item)[0]) and pole.call("status").returncode == 0, pole)
    assert "n1" in pole.call("status").stdout
    assert pole.kill(signal.SIGTERM) == 0
    sound, first_us = pole.recording(item)
    approved = array("h", chain(*decoded_blocks(BytesIO(town.files[audio.sha256]))))
    lag, likeness = best_match(sound, approved)
    assert likeness > 0.99
    heard_us = first_us + lag * 1e6 / RATE
    assert heard_us == pytest.approx(to_us(item.start), abs=100_000)
    started, ended = town.events("n1", "play-started")[0], town.events("n1", "play-ended")[0]
    assert started.first_sample == item.start
    assert ended.end is End.DONE
    assert pole.all_of(Shutdown) == [Shutdown("SIGTERM")]
    assert pole.call("journal", "verify").returncode == 0


def _peak(samples: Block) -> int:
    return max(map(abs, samples), default=0)


def test_the_agent_is_small_while_it_plays(town: Town, pole: Pole) -> None:
    audio = town.add_audio(noise(6.0))
    pole.switch_on()
    town.publish(a_plan(an_item(audio, in_seconds(6))))
    until(lambda: pole.all_of(PlayStarted), pole)
    until(lambda: _playing(pole), pole)
    assert pole.process is not None
    status = Path(f"/proc/{pole.process.pid}/status").read_text()
    assert int(status.split("VmRSS:")[1].split()[0]) < 80 * 1024


def _playing(pole: Pole) -> bool:
    told = json.loads(pole.home.status_file.read_bytes())
    return told["state"]["playing"] is not None


def test_status_tells_what_plays_while_it_runs_and_when_it_is_stopped(
    town: Town, pole: Pole
) -> None:
    assert "has not run yet" in pole.call("status").stdout
    audio = town.add_audio(noise(1.0))
    pole.switch_on()
    town.publish(a_plan(an_item(audio, in_seconds(3600)), version=17))
    until(lambda: "  verified " in pole.call("status").stdout, pole)
    running = pole.call("status").stdout
    assert "running" in running
    assert "version 17" in running
    assert "Thông báo lịch cắt điện" in running
    assert "chain verified" in running
    pole.kill(signal.SIGTERM)
    assert "stopped" in pole.call("status").stdout


def test_two_agents_cannot_share_a_folder(pole: Pole) -> None:
    pole.switch_on()
    until(pole.home.status_file.exists, pole)
    second = pole.call("run", "--sink", "wav:/nowhere")
    assert second.returncode == 1
    assert "Another vang-node is running" in second.stderr


def test_a_meddled_journal_is_named_by_its_record(town: Town, pole: Pole) -> None:
    pole.switch_on()
    until(lambda: pole.all_of(Boot), pole)
    pole.kill(signal.SIGTERM)
    (segment,) = pole.home.journal.glob("*.jsonl")
    segment.write_bytes(segment.read_bytes().replace(b"vang-node 0", b"vang-node 9", 1))
    answer = pole.call("journal", "verify")
    assert answer.returncode == 1
    assert "record 3" in answer.stderr


def test_a_terminated_node_fades_out_and_says_so(town: Town, pole: Pole) -> None:
    audio = town.add_audio(noise(20.0, head_s=0))
    pole.switch_on()
    item = an_item(audio, in_seconds(5))
    town.publish(a_plan(item))
    until(lambda: pole.all_of(PlayStarted) and _captured(pole, item), pole)
    assert pole.kill(signal.SIGTERM) == 0
    (ended,) = pole.all_of(PlayEnded)
    assert isinstance(ended, PlayEnded)
    assert ended.end is End.STOPPED
    sound, _ = pole.recording(item)
    loud = [index for index, sample in enumerate(sound) if abs(sample) > 3000][-1]
    last = [index for index, sample in enumerate(sound) if abs(sample) > 30][-1]
    assert 1000 < last - loud < RATE  # it became quiet by and by, not at once


def _captured(pole: Pole, item: PlanItem) -> bool:
    return any(
        _peak(array("h", path.read_bytes()[44:])) > 3000
        for path in (pole.home.root / "capture").glob(f"*-{item.id}.wav")
    )


def test_without_the_server_the_plan_is_played_and_the_journal_delivered_later(
    tmp_path: Path,
) -> None:
    town = Town()
    with open_town(town):
        pole = Pole(town, tmp_path)
        audio = town.add_audio(noise(1.0))
        pole.switch_on()
        item = an_item(audio, in_seconds(9))
        town.publish(a_plan(item))
        until(lambda: pole.home.plan_file.exists() and _fetched(pole, audio), pole)
    until(lambda: pole.all_of(PlayEnded), pole)
    assert town.events("n1", "play-ended") == []
    with open_town(town):
        until(lambda: town.events("n1", "play-ended"), pole)
    pole.kill()


def _fetched(pole: Pole, audio: Audio) -> bool:
    return (pole.home.audio / f"{audio.sha256}.opus").exists()


def test_a_file_too_large_for_the_disk_is_said_and_the_others_play(town: Town, pole: Pole) -> None:
    """The limit is the kernel's on the size of one file: writes beyond it fail for real."""
    huge = bytes(900_000)
    town.files[sha := sha256(huge).hexdigest()] = huge
    audio = town.add_audio(noise(1.0))
    pole.switch_on(largest_file=700_000)
    large = an_item(Audio(sha, len(huge), "opus", 1000), in_seconds(8), id="large")
    small = an_item(audio, in_seconds(11), id="small")
    town.publish(a_plan(large, small))
    until(lambda: town.events("n1", "play-ended"), pole)
    assert town.events("n1", "fetch-failed")[0].reason is Reason.DISK_FULL
    (missed,) = town.events("n1", "missed")
    assert (missed.item, missed.reason) == ("large", Reason.DISK_FULL)
    assert town.events("n1", "play-ended")[0].item == "small"


def test_a_disk_kept_in_reserve_refuses_audio_with_a_record(town: Town, pole: Pole) -> None:
    pole.home.local_file.write_text('{"reserve_mb":1000000}')
    audio = town.add_audio(noise(1.0))
    pole.switch_on()
    town.publish(a_plan(an_item(audio, in_seconds(3600))))
    until(lambda: pole.all_of(DiskFull), pole)
    assert not _fetched(pole, audio)


def test_killed_at_any_moment_nothing_plays_twice_and_the_journal_holds(
    town: Town, pole: Pole
) -> None:
    chance = random.Random(20261123)
    clips = [town.add_audio(noise(1.2, seed=n, head_s=0.1)) for n in range(3)]
    items = [an_item(clips[n % 3], in_seconds(4 + 2 * n), id=f"k{n}") for n in range(300)]
    town.publish(a_plan(*items))
    kills = 0
    while kills < 6 or len(pole.all_of(PlayStarted)) < 4:
        pole.switch_on()
        _wait_for_boot(pole, kills + 1)
        time.sleep(chance.uniform(0.0, 4.0))  # the moment of the power cut is the test
        pole.kill()
        kills += 1
    due = [item for item in items if item.start < utc_now()]
    town.publish(a_plan(*due, version=2))
    pole.switch_on()
    _wait_for_boot(pole, kills + 1)
    until(lambda: _told(pole) >= {item.id for item in due}, pole)
    pole.kill(signal.SIGTERM)
    started = [event.item for event in pole.all_of(PlayStarted) if isinstance(event, PlayStarted)]
    assert len(started) == len(set(started))
    assert _told(pole) >= set(started)
    for item in items:
        heard = [
            path
            for path in (pole.home.root / "capture").glob(f"*-{item.id}.wav")
            if _peak(array("h", path.read_bytes()[44:])) > 3000
        ]
        assert len(heard) <= 1
    assert verify_chain(town.lines["n1"], node="n1")


def _wait_for_boot(pole: Pole, number: int) -> None:
    until(lambda: len(pole.all_of(Boot)) >= number and pole.home.plan_file.exists(), pole)


def _told(pole: Pole) -> set[str]:
    """Items whose fate is in the journal."""
    told = [*pole.all_of(PlayEnded), *pole.all_of(Missed)]
    return {event.item for event in told if isinstance(event, PlayEnded | Missed)}


def test_the_same_sound_is_not_another_one() -> None:
    """The likeness used above can tell two clips apart."""
    one, other = noise(1.0, seed=1), noise(1.0, seed=2)
    assert best_match(one, one)[1] > 0.99
    assert best_match(one, other)[1] < 0.2
    assert opus_file(one) != opus_file(other)
