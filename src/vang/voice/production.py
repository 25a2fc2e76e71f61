"""From speakable text, or from a recording, to a file that may be approved and aired."""

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from vang.voice.cache import ResultCache, SentenceCache, key_of, spoken
from vang.voice.engines import SpeechEngine
from vang.voice.failures import NoSignal, RecordingRefused, RefusalCode, SynthesisFailed
from vang.voice.filters import resampled
from vang.voice.loudness import prepared
from vang.voice.mastering import Mastered, master
from vang.voice.recordings import DEFAULT_LIMITS, Limits, decode_recording
from vang.voice.sound import Chunk, silence, spooled
from vang.voice.speech import Sentence, sentences

HEAD_SILENCE_MS = 500
"""Players lose up to the first tenths of a second of a file; so nothing is said in them."""

TAIL_SILENCE_MS = 300
HUMAN_TAKE = "human"
"""Engine name of a recording made by a person."""

_RECIPE = 1  # raise when the same sentences would give different bytes

Progress = Callable[[int, int], None]
"""Called with sentences done and sentences in all."""


@dataclass(frozen=True)
class ProducedAudio:
    """An Ogg Opus file (mono, 24 kbit/s) with what was measured on its decoded samples."""

    opus: bytes
    sha256: str
    duration_ms: int
    lufs: float
    true_peak_dbtp: float
    engine: str
    trial: bool
    seconds_of_work: float
    from_cache: bool


def produce(
    speakable_text: str,
    engine: SpeechEngine,
    *,
    sentences_cache: SentenceCache,
    progress: Progress | None = None,
) -> ProducedAudio:
    """Speak ``speakable_text`` and bring it to the loudness that may be aired.

    Killed at any point, the next call goes on from the sentences already spoken.
    Raises SynthesisFailed (naming the sentence) and LoudnessOutOfTolerance.
    """
    began = time.perf_counter()
    report = progress or _unheeded
    parts = sentences(speakable_text)
    if not parts:
        raise SynthesisFailed(speakable_text, "there is nothing to say")
    results = ResultCache(sentences_cache.root)
    key = key_of("finished", _RECIPE, engine.fingerprint, [(p.text, p.pause_ms) for p in parts])
    found = results.find(key)
    if found is not None:
        report(len(parts), len(parts))
        return _from_cache(found, engine, began)
    made = _mastered_text(parts, engine, sentences_cache, report)
    results.keep(key, made.opus, _facts(made))
    return _produced(made, engine.name, began, trial=engine.trial)


def produce_from_recording(
    path: Path, *, limits: Limits = DEFAULT_LIMITS, work_folder: Path | None = None
) -> ProducedAudio:
    """Bring a person's recording to the same loudness and form.

    The file is decoded in a process of its own, so a hostile one harms nothing here. Samples
    (700 MB an hour) are kept, without a name, in ``work_folder`` or beside the recording: /tmp
    is often memory.
    Raises RecordingRefused and LoudnessOutOfTolerance.
    """
    began = time.perf_counter()
    taken = _between_silences(prepared(decode_recording(path, limits)))
    try:
        with spooled(taken, work_folder or path.parent) as sound:
            return _produced(master(sound), HUMAN_TAKE, began, trial=False)
    except NoSignal as error:
        raise RecordingRefused(RefusalCode.SILENT, str(error)) from None


def _unheeded(done: int, total: int) -> None:
    pass


def _mastered_text(
    parts: Sequence[Sentence], engine: SpeechEngine, cache: SentenceCache, progress: Progress
) -> Mastered:
    try:
        with spooled(_joined(parts, engine, cache, progress), _made(cache.root)) as sound:
            return master(sound)
    except NoSignal:
        raise SynthesisFailed(parts[0].text, "the voice made no audible sound") from None
    finally:
        engine.rest()


def _made(folder: Path) -> Path:
    """The folder, which exists from now on; /tmp is often memory."""
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _joined(
    parts: Sequence[Sentence], engine: SpeechEngine, cache: SentenceCache, progress: Progress
) -> Iterator[Chunk]:
    """All sentences at ``RATE``, free of rumble, each followed by its pause."""
    progress(0, len(parts))
    yield silence(HEAD_SILENCE_MS)
    for done, part in enumerate(parts, start=1):
        pcm = spoken(cache, engine, part.text)
        yield from prepared(resampled([pcm.samples], pcm.rate))
        yield silence(part.pause_ms if done < len(parts) else TAIL_SILENCE_MS)
        progress(done, len(parts))


def _between_silences(chunks: Iterator[Chunk]) -> Iterator[Chunk]:
    yield silence(HEAD_SILENCE_MS)
    yield from chunks
    yield silence(TAIL_SILENCE_MS)


def _facts(made: Mastered) -> dict[str, float]:
    return {
        "duration_ms": made.duration_ms,
        "lufs": made.loudness.lufs,
        "true_peak_dbtp": made.loudness.true_peak_dbtp,
    }


def _produced(made: Mastered, engine: str, began: float, *, trial: bool) -> ProducedAudio:
    return ProducedAudio(
        opus=made.opus,
        sha256=hashlib.sha256(made.opus).hexdigest(),
        duration_ms=made.duration_ms,
        lufs=made.loudness.lufs,
        true_peak_dbtp=made.loudness.true_peak_dbtp,
        engine=engine,
        trial=trial,
        seconds_of_work=time.perf_counter() - began,
        from_cache=False,
    )


def _from_cache(
    found: tuple[bytes, dict[str, float]], engine: SpeechEngine, began: float
) -> ProducedAudio:
    opus, facts = found
    return ProducedAudio(
        opus=opus,
        sha256=hashlib.sha256(opus).hexdigest(),
        duration_ms=int(facts["duration_ms"]),
        lufs=facts["lufs"],
        true_peak_dbtp=facts["true_peak_dbtp"],
        engine=engine.name,
        trial=engine.trial,
        seconds_of_work=time.perf_counter() - began,
        from_cache=True,
    )
