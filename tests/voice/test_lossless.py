from pathlib import Path

import numpy as np

from tests.voice.spoken import syllables
from vang.library.recordings import kind_of
from vang.voice.lossless import encode_lossless
from vang.voice.recordings import decode_recording


def test_nothing_is_lost_and_the_bytes_are_always_the_same(tmp_path: Path) -> None:
    sound = syllables(4)
    content = encode_lossless([sound])
    assert content == encode_lossless([sound[:9000], sound[9000:]])
    assert kind_of(content) == ".ogg"
    (tmp_path / "x").write_bytes(content)
    back = np.concatenate(list(decode_recording(tmp_path / "x")))
    assert len(back) == len(sound)
    assert np.abs(back - sound).max() < 1 / 32000
