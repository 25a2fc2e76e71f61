"""Sound already made, kept on disk by the hash of everything it depends on."""

import hashlib
import io
import json
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vang.base.files import write_atomic
from vang.voice.engines import SpeechEngine
from vang.voice.sound import Pcm

_ABANDONED_S = 3600
_FULL_SCALE = 32767


def key_of(*parts: object) -> str:
    """Lower-case hex SHA-256 of the parts, unambiguous however they are made up."""
    canonical = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True)
class SentenceCache:
    """A folder of spoken sentences (16-bit WAV) and finished files; safe to delete at any time.

    Every file is written whole or not at all; a damaged one counts as absent.
    """

    root: Path

    def find(self, engine: SpeechEngine, sentence: str) -> Pcm | None:
        path = self.path(engine, sentence)
        try:
            return _read_wave(path.read_bytes())
        except (OSError, EOFError, wave.Error, ValueError):
            return None

    def keep(self, engine: SpeechEngine, sentence: str, pcm: Pcm) -> None:
        write_atomic(self.path(engine, sentence), pcm_as_wave(pcm))

    def path(self, engine: SpeechEngine, sentence: str) -> Path:
        key = key_of("sentence", engine.fingerprint, sentence)
        return self.root / "sentences" / key[:2] / f"{key}.wav"

    def prune(self, *, keep_bytes: int, now: float) -> int:
        """Remove the longest unused files beyond ``keep_bytes`` and what killed writers left.

        ``now`` in seconds since the epoch. Returns the number of files removed.
        """
        files = sorted((p for p in self.root.rglob("*") if p.is_file()), key=_last_use)
        surplus = sum(path.stat().st_size for path in files) - keep_bytes
        removed = 0
        for path in files:
            abandoned = path.name.startswith(".writing-") and now - _last_use(path) > _ABANDONED_S
            if surplus > 0 or abandoned:
                surplus -= path.stat().st_size
                path.unlink(missing_ok=True)
                removed += 1
        return removed


@dataclass(frozen=True)
class ResultCache:
    """Finished files beside their measured facts; the facts are written last and seal the pair."""

    root: Path

    def find(self, key: str) -> tuple[bytes, dict[str, float]] | None:
        """The file and its facts, or None when absent or not what was written."""
        try:
            facts = json.loads(self._facts_path(key).read_bytes())
            content = self._sound_path(key).read_bytes()
            sealed = facts.pop("sha256") == hashlib.sha256(content).hexdigest()
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        return (content, facts) if sealed else None

    def keep(self, key: str, content: bytes, facts: dict[str, float]) -> None:
        write_atomic(self._sound_path(key), content)
        sealed = {**facts, "sha256": hashlib.sha256(content).hexdigest()}
        write_atomic(self._facts_path(key), json.dumps(sealed).encode())

    def _sound_path(self, key: str) -> Path:
        return self.root / "finished" / key[:2] / f"{key}.opus"

    def _facts_path(self, key: str) -> Path:
        return self.root / "finished" / key[:2] / f"{key}.json"


def spoken(cache: SentenceCache, engine: SpeechEngine, sentence: str) -> Pcm:
    """The sentence from the cache, or from the engine and then into the cache.

    Raises SynthesisFailed.
    """
    found = cache.find(engine, sentence)
    if found is None:
        cache.keep(engine, sentence, engine.speak(sentence))
        # Read back what was stored, so that the first run and the next give the same bytes.
        found = cache.find(engine, sentence)
    if found is None:
        raise OSError(f"{cache.path(engine, sentence)} cannot be read back")
    return found


def pcm_as_wave(pcm: Pcm) -> bytes:
    """A 16-bit WAV file."""
    whole = np.round(np.clip(pcm.samples, -1, 1) * _FULL_SCALE).astype("<i2")
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(pcm.rate)
        file.writeframes(whole.tobytes())
    return content.getvalue()


def _read_wave(content: bytes) -> Pcm:
    with wave.open(io.BytesIO(content)) as file:
        count, rate = file.getnframes(), file.getframerate()
        samples = np.frombuffer(file.readframes(count), dtype="<i2")
    if len(samples) != count or not count:
        raise ValueError("shorter than its header says")
    return Pcm(samples.astype(np.float32) / np.float32(_FULL_SCALE), rate)


def _last_use(path: Path) -> float:
    state = path.stat()
    return max(state.st_atime, state.st_mtime)
