import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from tests.voice.sounds import hum, write_sound
from tests.voice.test_cache import CountingEngine
from vang.voice import opus
from vang.voice.cache import SentenceCache
from vang.voice.engines.espeak import Espeak
from vang.voice.failures import RecordingRefused, RefusalCode, SynthesisFailed
from vang.voice.loudness import measure
from vang.voice.production import produce, produce_from_recording
from vang.voice.sound import RATE, silence
from vang.voice.speech import sentences

NOTICE = (
    "Uỷ ban nhân dân xã Quế Sơn thông báo lịch cắt điện.\n"
    "Ngày mười tháng sáu, từ bảy giờ đến mười một giờ ba mươi phút, ngừng cấp điện thôn một.\n"
    "Đề nghị bà con chủ động. Xin cảm ơn."
)


def test_a_notice_becomes_a_file_that_may_be_aired(tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    made = produce(
        NOTICE,
        Espeak(),
        sentences_cache=SentenceCache(tmp_path),
        progress=lambda done, total: steps.append((done, total)),
    )
    heard = np.concatenate(list(opus.decode(made.opus)))
    found = measure([heard])
    assert (made.lufs, made.true_peak_dbtp) == (found.lufs, found.true_peak_dbtp)
    assert found.is_acceptable()
    assert made.duration_ms == round(1000 * len(heard) / RATE)
    assert np.abs(heard[: round(0.45 * RATE)]).max() < 0.002
    assert steps == [(n, 4) for n in range(5)]
    assert made.trial


def test_pauses_follow_the_sentences(tmp_path: Path) -> None:
    cache, engine = SentenceCache(tmp_path), Espeak()
    made = produce(NOTICE, engine, sentences_cache=cache)
    parts = sentences(NOTICE)
    lengths = [pcm.duration_ms for p in parts if (pcm := cache.find(engine, p.text))]
    assert len(lengths) == len(parts)
    pauses = sum(p.pause_ms for p in parts[:-1])
    assert made.duration_ms == pytest.approx(500 + sum(lengths) + pauses + 300, abs=10)
    heard = np.concatenate(list(opus.decode(made.opus)))
    start = RATE * (500 + lengths[0] + 50) // 1000
    assert np.abs(heard[start : start + RATE * (parts[0].pause_ms - 100) // 1000]).max() < 0.02


def test_the_same_text_gives_the_same_bytes_from_the_cache_and_from_anew(tmp_path: Path) -> None:
    first = produce(NOTICE, Espeak(), sentences_cache=SentenceCache(tmp_path / "a"))
    again = produce(NOTICE, Espeak(), sentences_cache=SentenceCache(tmp_path / "a"))
    anew = produce(NOTICE, Espeak(), sentences_cache=SentenceCache(tmp_path / "b"))
    assert first.sha256 == again.sha256 == anew.sha256
    assert (first.from_cache, again.from_cache, anew.from_cache) == (False, True, False)


def test_a_changed_sentence_costs_only_that_sentence(tmp_path: Path) -> None:
    cache, engine = SentenceCache(tmp_path), CountingEngine()
    produce("Một câu.\nHai câu.", engine, sentences_cache=cache)
    produce("Một câu.\nBa câu đây.", engine, sentences_cache=cache)
    assert engine.said == ["Một câu.", "Hai câu.", "Ba câu đây."]


def test_a_failure_names_the_sentence_and_keeps_the_others(tmp_path: Path) -> None:
    cache, engine = SentenceCache(tmp_path), CountingEngine()
    with pytest.raises(SynthesisFailed) as failure:
        produce("Một câu.\nunspeakable", engine, sentences_cache=cache)
    assert failure.value.sentence == "unspeakable"
    produce("Một câu.", engine, sentences_cache=cache)
    assert engine.said == ["Một câu."]


def test_nothing_to_say_is_told(tmp_path: Path) -> None:
    for text in ("", " \n \n"):
        with pytest.raises(SynthesisFailed):
            produce(text, CountingEngine(), sentences_cache=SentenceCache(tmp_path))


_SLOW_WORK = """
import sys, time
from pathlib import Path
from vang.voice.cache import SentenceCache
from vang.voice.engines.espeak import Espeak
from vang.voice.production import produce

class Slow(Espeak):
    def speak(self, sentence):
        time.sleep(0.2)
        return super().speak(sentence)

text, folder = sys.argv[1:]
produce(text, Slow(), sentences_cache=SentenceCache(Path(folder)))
"""


def test_killed_in_the_middle_nothing_is_half_written_and_work_goes_on(tmp_path: Path) -> None:
    text = "\n".join(
        f"Đây là câu số {word}." for word in ["một", "hai", "ba", "bốn", "năm", "sáu", "bảy"]
    )
    process = subprocess.Popen([sys.executable, "-c", _SLOW_WORK, text, str(tmp_path)])
    while len(list(tmp_path.rglob("*.wav"))) < 3:
        assert process.poll() is None
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()

    cache, said = SentenceCache(tmp_path), []
    kept = [p.text for p in sentences(text) if cache.find(Espeak(), p.text) is not None]
    assert 3 <= len(kept) < 7
    assert len(kept) == len(list(tmp_path.rglob("*.wav")))
    assert not list(tmp_path.rglob("*.opus"))

    class Watched(Espeak):
        def speak(self, sentence: str):  # type: ignore[no-untyped-def]
            said.append(sentence)
            return super().speak(sentence)

    resumed = produce(text, Watched(), sentences_cache=cache)
    assert sorted([*kept, *said]) == sorted(p.text for p in sentences(text))
    unbroken = produce(text, Espeak(), sentences_cache=SentenceCache(tmp_path / "unbroken"))
    assert resumed.sha256 == unbroken.sha256


@pytest.mark.parametrize("suffix", ["mp3", "wav", "m4a", "ogg"])
def test_a_recording_becomes_a_file_that_may_be_aired(suffix: str, tmp_path: Path) -> None:
    made = produce_from_recording(write_sound(tmp_path / f"take.{suffix}", hum(5, level_db=-30)))
    assert measure(opus.decode(made.opus)).is_acceptable()
    assert made.duration_ms == pytest.approx(5800, abs=150)
    assert not made.trial
    assert made.engine == "human"


def test_a_silent_recording_is_refused_and_a_quiet_one_is_not(tmp_path: Path) -> None:
    silent = write_sound(tmp_path / "silent.wav", silence(4000))
    with pytest.raises(RecordingRefused) as refused:
        produce_from_recording(silent)
    assert refused.value.code is RefusalCode.SILENT
    quiet = write_sound(tmp_path / "quiet.wav", hum(4, level_db=-40))
    assert produce_from_recording(quiet).lufs == pytest.approx(-16, abs=1)


def test_a_cut_recording_leaves_nothing_behind(tmp_path: Path) -> None:
    whole = write_sound(tmp_path / "whole.mp3", hum(5))
    cut = tmp_path / "cut.mp3"
    cut.write_bytes(whole.read_bytes()[:20_000])
    work = tmp_path / "work"
    work.mkdir()
    with pytest.raises(RecordingRefused) as refused:
        produce_from_recording(cut, work_folder=work)
    assert refused.value.code is RefusalCode.TRUNCATED
    assert list(work.iterdir()) == []
