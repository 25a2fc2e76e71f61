from pathlib import Path

import numpy as np
import pytest

from vang.voice.cache import ResultCache, SentenceCache, key_of, spoken
from vang.voice.failures import SynthesisFailed
from vang.voice.sound import Pcm


class CountingEngine:
    """A voice of plain tones that counts how often it speaks."""

    name, version, trial = "tones", "1", True

    def __init__(self, fingerprint: str = "tones 1") -> None:
        self.fingerprint = fingerprint
        self.said: list[str] = []

    def speak(self, sentence: str) -> Pcm:
        if sentence == "unspeakable":
            raise SynthesisFailed(sentence, "it cannot be said")
        self.said.append(sentence)
        t = np.arange(2205 * len(sentence)) / 22_050
        return Pcm((0.3 * np.sin(2 * np.pi * 440 * t)).astype(np.float32), 22_050)

    def rest(self) -> None:
        pass


def test_a_sentence_is_spoken_once_for_each_voice(tmp_path: Path) -> None:
    cache, engine, other = SentenceCache(tmp_path), CountingEngine(), CountingEngine("tones 2")
    first = spoken(cache, engine, "xin chào")
    again = spoken(SentenceCache(tmp_path), engine, "xin chào")
    assert engine.said == ["xin chào"]
    assert np.array_equal(first.samples, again.samples)
    spoken(cache, other, "xin chào")
    assert other.said == ["xin chào"]


@pytest.mark.parametrize("damage", [b"", b"RIFF", bytes(5000)])
def test_a_damaged_file_counts_as_absent(damage: bytes, tmp_path: Path) -> None:
    cache, engine = SentenceCache(tmp_path), CountingEngine()
    first = spoken(cache, engine, "xin chào")
    path = cache.path(engine, "xin chào")
    path.write_bytes(path.read_bytes()[:200] if damage == b"RIFF" else damage)
    assert np.array_equal(spoken(cache, engine, "xin chào").samples, first.samples)
    assert engine.said == ["xin chào"] * 2


def test_a_finished_file_with_a_flipped_bit_counts_as_absent(tmp_path: Path) -> None:
    cache, key = ResultCache(tmp_path), key_of("x")
    cache.keep(key, b"OggS sound", {"lufs": -16.0})
    assert cache.find(key) == (b"OggS sound", {"lufs": -16.0})
    (path,) = tmp_path.rglob("*.opus")
    path.write_bytes(b"OggS sounE")
    assert cache.find(key) is None


def test_facts_that_are_no_facts_count_as_absent(tmp_path: Path) -> None:
    cache, key = ResultCache(tmp_path), key_of("x")
    cache.keep(key, b"sound", {"lufs": -16.0})
    (path,) = tmp_path.rglob("*.json")
    for nonsense in (b"", b"[]", b"{}", b"null"):
        path.write_bytes(nonsense)
        assert cache.find(key) is None


def test_keys_keep_their_parts_apart() -> None:
    assert key_of("a", "bc") != key_of("ab", "c")
    assert key_of("a", "bc") == key_of("a", "bc")


def test_pruning_removes_the_longest_unused_and_what_killed_writers_left(tmp_path: Path) -> None:
    cache, engine = SentenceCache(tmp_path), CountingEngine()
    for sentence in ("một", "hai", "ba"):
        spoken(cache, engine, sentence)
    size = sum(p.stat().st_size for p in tmp_path.rglob("*.wav"))
    left = tmp_path / "sentences" / ".writing-abc"
    left.write_bytes(b"half")
    newest = left.stat().st_mtime
    assert cache.prune(keep_bytes=10 * size, now=newest + 10) == 0
    assert cache.prune(keep_bytes=10 * size, now=newest + 4000) == 1
    assert not left.exists()
    assert cache.prune(keep_bytes=size - 1, now=newest) == 1
    assert len(list(tmp_path.rglob("*.wav"))) == 2
