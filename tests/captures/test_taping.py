"""From real streams to a file; a part outlives the process that wrote it."""

import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import numpy as np

from tests.captures.test_captures import RATE, hertz
from tests.relays.conftest import Station, sound_file, tuned_in_turn
from vang.base.clock import now
from vang.captures.taping import Told, put_together, tape
from vang.voice import opus

_WRITING = """
import sys, time
from pathlib import Path
import numpy as np
from vang.captures.taping import Tape
tape = Tape(Path(sys.argv[1]))
tone = (9000 * np.sin(2 * np.pi * 440 * np.arange(2880) / 48000)).astype(np.int16)
for _block in range(200):
    tape.write(tone)
print("written", flush=True)
time.sleep(60)
"""


def test_a_killed_process_leaves_what_it_taped(tmp_path: Path) -> None:
    part = tmp_path / "1-1.ogg"
    with subprocess.Popen(
        [sys.executable, "-c", _WRITING, str(part)], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"written\n"
        process.kill()
    sound, length_ms = put_together([part])
    assert sound.startswith(b"OggS")
    assert 10_000 < length_ms <= 12_000


def test_nothing_taped_is_nothing(tmp_path: Path) -> None:
    assert put_together([]) == (b"", 0)
    (tmp_path / "1-1.ogg").write_bytes(b"OggS broken")
    assert put_together([tmp_path / "1-1.ogg", tmp_path / "gone.ogg"]) == (b"", 0)


def test_the_next_source_is_taped_when_the_first_dies(station: Station, tmp_path: Path) -> None:
    """The first has nine seconds and is gone then."""
    station.files["/first"] = sound_file(tmp_path / "a.ogg", hz=440, seconds=9, form="ogg")
    station.files["/second"] = sound_file(tmp_path / "b.ogg", hz=880, seconds=60, form="ogg")
    station.hanging |= {"/first", "/second"}
    station.dying.add("/first")
    urls = [f"{station.url}/first", f"{station.url}/second"]
    tuned = tuned_in_turn(urls, station)
    told, part = Told(), tmp_path / "1-1.ogg"
    times = (now(), now() + timedelta(seconds=16))
    try:
        tape(dict(zip(urls, tuned, strict=True)), times, part, told, threading.Event())
    finally:
        for tuner in tuned:
            tuner.close()
    assert [(source, why) for _at, source, why in told.changes] == [
        (urls[0], "begun"),
        (urls[1], "gone"),
    ]
    sound = np.concatenate(list(opus.decode(part.read_bytes())))
    assert abs(len(sound) / RATE - told.blocks * 0.06) < 0.1
    assert len(sound) / RATE > 12
    assert abs(hertz(sound[RATE : 2 * RATE]) - 440) < 5
    assert abs(hertz(sound[-2 * RATE : -RATE]) - 880) < 5
