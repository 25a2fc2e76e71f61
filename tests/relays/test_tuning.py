"""A source is read whatever it is in, tried again for ever, and never from inside the network."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.relays.conftest import RATE, Station, sound_file
from vang.base.streams import StreamFailed
from vang.relays.tuning import BLOCK, Address, Block, Kind, Tuner, blocks_of
from vang.relays.watching import decibels


def pitch(blocks: list[Block]) -> float:
    sound = np.concatenate(blocks).astype(np.float64)
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    return float(np.argmax(spectrum)) * RATE / len(sound)


@pytest.mark.parametrize("name", ["vov.ogg", "vov.mp3", "vov.m3u8"])
def test_every_usual_form_is_read(station: Station, tmp_path: Path, name: str) -> None:
    form = name.partition(".")[2].replace("m3u8", "hls")
    made = sound_file(tmp_path / name, hz=440, seconds=4, form=form)
    for one in tmp_path.iterdir():
        station.files[f"/{one.name}"] = one
    address = Address(Kind.STREAM, f"{station.url}/{made.name}")
    blocks = list(blocks_of(address, station.inside))
    assert all(len(block) == BLOCK for block in blocks)
    assert 3.8 < len(blocks) * BLOCK / RATE < 4.1
    assert abs(pitch(blocks[5:-5]) - 440) < 2
    assert abs(decibels(float(np.mean(np.square(blocks[20], dtype=np.float64)))) + 18) < 1.5


def test_a_redirect_is_followed_and_examined(station: Station, tmp_path: Path) -> None:
    station.files["/live"] = sound_file(tmp_path / "a.ogg", hz=300, seconds=1, form="ogg")
    station.redirects["/moved"] = "/live"
    station.redirects["/inside"] = "http://127.0.0.1:1/private"
    station.redirects["/round"] = "/round"
    assert list(blocks_of(Address(Kind.STREAM, f"{station.url}/moved"), station.inside))
    for path, code in [("/inside", "not-https"), ("/round", "refused"), ("/gone", "refused")]:
        with pytest.raises(StreamFailed) as failed:
            list(blocks_of(Address(Kind.STREAM, station.url + path), station.inside))
        assert failed.value.code == code


def test_a_playlist_cannot_read_files_or_neighbours(station: Station, tmp_path: Path) -> None:
    secret = sound_file(tmp_path / "secret.ogg", hz=300, seconds=2, form="ogg")
    for part in [f"file://{secret}", str(secret), "http://127.0.0.1:1/x.ts", "concat:/etc/passwd"]:
        playlist = tmp_path / "evil.m3u8"
        playlist.write_text(
            f"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n{part}\n#EXT-X-ENDLIST\n"
        )
        station.files["/evil.m3u8"] = playlist
        heard: list[Block] = []
        with pytest.raises((OSError, ValueError, IndexError)):
            heard.extend(
                blocks_of(Address(Kind.STREAM, f"{station.url}/evil.m3u8"), station.inside)
            )
        assert heard == []


def test_without_being_allowed_a_neighbour_is_refused(station: Station, tmp_path: Path) -> None:
    station.files["/live"] = sound_file(tmp_path / "a.ogg", hz=300, seconds=1, form="ogg")
    with pytest.raises(StreamFailed, match="not-https"):
        list(blocks_of(Address(Kind.STREAM, f"{station.url}/live"), ()))
    assert station.asked == []


@pytest.fixture
def tuned(station: Station) -> Iterator[Tuner]:
    tuner = Tuner(Address(Kind.STREAM, f"{station.url}/live"), station.inside)
    yield tuner
    tuner.close()


def given(tuner: Tuner, least: int, within_s: float = 20) -> list[Block]:
    """So many blocks, as they come."""
    blocks: list[Block] = []
    ends = time.monotonic() + within_s
    idle = threading.Event()
    while len(blocks) < least:
        assert time.monotonic() < ends, f"only {len(blocks)} blocks: {tuner.problem}"
        block = tuner.take()
        if block is None:
            idle.wait(0.01)
        else:
            blocks.append(block)
    return blocks


def test_a_station_that_was_away_is_found_again(
    station: Station, tuned: Tuner, tmp_path: Path
) -> None:
    ends = time.monotonic() + 20
    while tuned.problem != "refused":
        assert time.monotonic() < ends
    assert tuned.take() is None
    station.hanging.add("/live")
    station.files["/live"] = sound_file(tmp_path / "a.ogg", hz=500, seconds=3, form="ogg")
    assert abs(pitch(given(tuned, 40)) - 500) < 2
    assert tuned.problem == ""


def test_what_is_no_sound_is_told(station: Station, tuned: Tuner, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<html>" + "x" * 100_000)
    station.files["/live"] = page
    ends = time.monotonic() + 20
    while tuned.problem != "not-sound":
        assert time.monotonic() < ends
    assert tuned.take() is None


def test_a_source_that_bursts_is_held_back(station: Station, tuned: Tuner, tmp_path: Path) -> None:
    """A file that arrives at once is not all in memory, and nothing of it is lost."""
    station.hanging.add("/live")
    station.files["/live"] = sound_file(tmp_path / "a.ogg", hz=500, seconds=12, form="ogg")
    blocks = given(tuned, 195)
    assert abs(pitch(blocks) - 500) < 1
    steps = np.abs(np.diff(np.concatenate(blocks).astype(np.int32)))
    assert steps.max() < 600  # a lost block would be a jump


@pytest.fixture
def line_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A card of the real libasound whose input is a file: two channels, as cards have."""
    at = np.arange(RATE * 4) / RATE
    tone = (8000 * np.sin(2 * np.pi * 440 * at)).astype("<i2")
    np.repeat(tone, 2).tofile(tmp_path / "in.raw")
    (tmp_path / "asoundrc").write_text(
        'pcm.quiet { type null }\npcm.linein { type file slave.pcm quiet file "/dev/null" '
        f'infile "{tmp_path / "in.raw"}" format raw }}\n'
    )
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(tmp_path / "asoundrc"))
    return "linein"


def test_a_line_in_is_heard(line_in: str) -> None:
    found: list[Block] = []
    for block in blocks_of(Address(Kind.LINE_IN, line_in), ()):
        found.append(block)
        if len(found) == 30:
            break
    assert abs(pitch(found) - 440) < 2
    assert abs(decibels(float(np.mean(np.square(found[5], dtype=np.float64)))) + 15.3) < 0.5


def test_a_card_that_is_not_there_is_told(line_in: str) -> None:
    with pytest.raises(StreamFailed) as failed:
        list(blocks_of(Address(Kind.LINE_IN, "absent"), ()))
    assert failed.value.code == "no-card"


def test_nothing_below_tmp_configures_the_sound_card(tmp_path: Path) -> None:
    """The wheel's libasound was built to look there; whoever may write there could load code."""
    words = (
        "from vang.relays.tuning import Address, Kind, blocks_of\n"
        "try: list(blocks_of(Address(Kind.LINE_IN, 'absent'), ()))\n"
        "except OSError: print('told')\n"
    )
    environment = {one: told for one, told in os.environ.items() if not one.startswith("ALSA_")}
    done = subprocess.run(
        [sys.executable, "-c", words], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == "told\n"
    assert "/tmp" not in done.stderr.replace("/project", "")
