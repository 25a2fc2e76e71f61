import hashlib

import numpy as np

from tests.voice.sounds import hum
from vang.voice import opus
from vang.voice.sound import RATE, silence


def test_the_same_samples_give_the_same_bytes() -> None:
    sound = hum(3)
    first, second = opus.encode([sound]), opus.encode([sound[:RATE], sound[RATE:]])
    assert hashlib.sha256(first).digest() == hashlib.sha256(second).digest()
    assert opus.encode([hum(3, hertz=301)]) != first


def test_decoding_gives_back_the_same_length_and_the_same_sound() -> None:
    sound = np.concatenate([silence(500), hum(3)])
    heard = np.concatenate(list(opus.decode(opus.encode([sound]))))
    assert len(heard) == len(sound)
    assert np.abs(heard[: RATE // 4]).max() < 0.001
    assert np.corrcoef(heard, sound)[0, 1] > 0.95


def test_a_minute_takes_about_190_kilobytes() -> None:
    noise = np.random.default_rng(7).standard_normal(60 * RATE).astype(np.float32) * 0.05
    assert 150_000 < len(opus.encode([noise])) < 230_000
