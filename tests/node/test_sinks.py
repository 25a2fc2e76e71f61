"""The capture sink keeps what was heard and when; libasound takes our samples unchanged."""

import json
import wave
from array import array
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.node.tape import constant
from vang_node import RATE
from vang_node.sinks import BLOCK, BUFFERED, Block, SinkFailed
from vang_node.sinks.alsa import AlsaSink
from vang_node.sinks.wav import WavSink

WALL = 1_795_424_400_000_000


@dataclass
class HandTime:
    """Time passes only by sleeping."""

    us: int = 1_000_000

    def now(self) -> int:
        return self.us

    def civil(self) -> int:
        return WALL + self.us

    def sleep(self, seconds: float) -> None:
        self.us += round(seconds * 1e6)


def a_sink(folder: Path, time: HandTime, keep_bytes: int = 10**9) -> WavSink:
    sink = WavSink(
        folder, keep_bytes=keep_bytes, now_us=time.now, civil_us=time.civil, sleep=time.sleep
    )
    sink.open()
    return sink


def feed(sink: WavSink, samples: Block) -> None:
    for start in range(0, len(samples), BLOCK):
        sink.write(samples[start : start + BLOCK])


def kept(folder: Path) -> tuple[Block, list[dict[str, int]]]:
    (path,) = folder.glob("*.wav")
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getframerate(), file.getsampwidth()) == (1, RATE, 2)
        samples = array("h", file.readframes(file.getnframes()))
    notes = path.with_suffix(".jsonl").read_text().splitlines()
    return samples, [json.loads(note) for note in notes]


def test_it_takes_no_more_than_its_buffer_ahead_of_time(tmp_path: Path) -> None:
    time = HandTime()
    sink = a_sink(tmp_path, time)
    feed(sink, constant(10, 0))
    assert time.us - 1_000_000 == pytest.approx(10_000_000 - BUFFERED * 1e6 / RATE, abs=2000)
    assert sink.delay() == pytest.approx(BUFFERED, abs=100)
    assert sink.xruns == 0


def test_a_play_is_kept_with_a_second_on_either_side_and_its_instants(tmp_path: Path) -> None:
    sink = a_sink(tmp_path, HandTime())
    feed(sink, constant(5, 0))
    sink.label("p1")
    feed(sink, constant(2, 1000))
    sink.label(None)
    feed(sink, constant(5, 0))
    samples, (note,) = kept(tmp_path)
    first = next(index for index, sample in enumerate(samples) if sample)
    assert len(samples) == 4 * RATE
    assert first == RATE
    assert note["sample"] == 0
    assert note["mono_us"] == 1_000_000 + 4_000_000
    assert note["wall_us"] == WALL + note["mono_us"]


def test_nothing_is_kept_while_nothing_plays(tmp_path: Path) -> None:
    feed(a_sink(tmp_path, HandTime()), constant(30, 0))
    assert list(tmp_path.iterdir()) == []


def test_an_interruption_is_counted_and_noted_with_its_new_instant(tmp_path: Path) -> None:
    time = HandTime()
    sink = a_sink(tmp_path, time)
    sink.label("p1")
    feed(sink, constant(2, 1000))
    time.us += 1_000_000
    feed(sink, constant(2, 1000))
    sink.close()
    _, (begin, again) = kept(tmp_path)
    assert sink.xruns == 1
    assert again["sample"] == 2 * RATE
    gap_us = again["mono_us"] - begin["mono_us"] - 2_000_000
    assert gap_us == pytest.approx(1_000_000 - BUFFERED * 1e6 / RATE, abs=2000)


def test_the_file_can_be_read_while_it_grows(tmp_path: Path) -> None:
    sink = a_sink(tmp_path, HandTime())
    sink.label("p1")
    feed(sink, constant(3, 1000))
    samples, _ = kept(tmp_path)
    sink.close()
    assert 2 * RATE <= len(samples) <= 3 * RATE


def test_old_recordings_go_when_the_folder_is_full(tmp_path: Path) -> None:
    sink = a_sink(tmp_path, HandTime(), keep_bytes=600_000)
    for number in range(5):
        sink.label(f"p{number}")
        feed(sink, constant(1, 1000))
        sink.label(None)
        feed(sink, constant(4, 0))
    left = sorted(path.stem[-2:] for path in tmp_path.glob("*.wav"))
    assert left[-1] == "p4"
    assert "p0" not in left
    assert len(list(tmp_path.glob("*.jsonl"))) == len(left)


def test_a_folder_that_cannot_be_made_is_a_failed_sink(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(SinkFailed):
        a_sink(tmp_path / "file" / "below", HandTime())


@pytest.fixture
def asoundrc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """libasound with one device that writes raw samples into a file."""
    raw = tmp_path / "raw"
    config = tmp_path / "asoundrc"
    config.write_text(
        f'pcm.kept {{ type file slave.pcm "null" file "{raw}" format "raw" }}\n'
        "pcm.null { type null }\n"
    )
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(config))
    return raw


def test_libasound_takes_our_samples_unchanged(asoundrc: Path) -> None:
    sink = AlsaSink("kept")
    sink.open()
    samples = array("h", [(n * 37) % 20_000 - 10_000 for n in range(5 * BLOCK)])
    for start in range(0, len(samples), BLOCK):
        sink.write(samples[start : start + BLOCK])
    assert sink.delay() >= 0
    sink.close()
    assert asoundrc.read_bytes()[: 2 * len(samples)] == samples.tobytes()
    assert sink.xruns == 0


def test_a_device_that_is_not_there_is_a_failure_in_words(asoundrc: Path) -> None:
    with pytest.raises(SinkFailed, match="alsa:absent"):
        AlsaSink("absent").open()
    AlsaSink("kept").open()


def test_a_device_must_be_opened_before_it_is_written_to(asoundrc: Path) -> None:
    sink = AlsaSink("kept")
    with pytest.raises(SinkFailed, match="not open"):
        sink.write(constant(0.02, 0))
