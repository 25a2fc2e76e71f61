import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.voice.sounds import ENCODERS, hum, wav_bytes, write_sound, write_video
from vang.voice.failures import RecordingRefused, RefusalCode
from vang.voice.recordings import Limits, decode_recording, inspect_recording
from vang.voice.sound import RATE, silence

SECONDS = 6.0
SIGNAL = hum(SECONDS)


def heard(path: Path, limits: Limits | None = None) -> np.ndarray:
    return np.concatenate(list(decode_recording(path, limits or Limits())))


def likeness(samples: np.ndarray, original: np.ndarray) -> float:
    """Largest normalised cross-correlation; encoders may shift the sound a little."""
    size = 2 * max(len(samples), len(original))
    product = np.fft.rfft(samples, size) * np.conj(np.fft.rfft(original, size))
    scale = np.linalg.norm(samples) * np.linalg.norm(original)
    return float(np.fft.irfft(product).max() / scale)


def decoders() -> list[int]:
    """Process ids of our own decoding processes."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return [int(c) for c in children if b"recording_process" in cmdline(c)]


def cmdline(process: str) -> bytes:
    return Path(f"/proc/{process}/cmdline").read_bytes()


def refusal(path: Path, limits: Limits | None = None) -> RefusalCode:
    with pytest.raises(RecordingRefused) as refused:
        inspect_recording(path, limits or Limits())
    with pytest.raises(RecordingRefused) as again:
        heard(path, limits)
    assert refused.value.code == again.value.code
    return refused.value.code


@pytest.mark.parametrize("suffix", ENCODERS)
def test_every_usual_format_is_decoded_to_its_sound(suffix: str, tmp_path: Path) -> None:
    path = write_sound(tmp_path / f"take.{suffix}", SIGNAL)
    facts = inspect_recording(path)
    assert facts.duration_ms == pytest.approx(1000 * SECONDS, abs=120)
    samples = heard(path)
    assert len(samples) == pytest.approx(RATE * SECONDS, abs=RATE * 0.12)
    assert likeness(samples, SIGNAL) > 0.9


def test_stereo_at_another_rate_becomes_mono_at_48_khz(tmp_path: Path) -> None:
    path = tmp_path / "take.wav"
    path.write_bytes(wav_bytes(SIGNAL[::3], rate=16_000, channels=2))
    facts = inspect_recording(path)
    assert (facts.channels, facts.rate) == (2, 16_000)
    assert len(heard(path)) == pytest.approx(SECONDS * RATE, abs=100)


@pytest.mark.parametrize("suffix", ["wav", "mp3", "m4a", "ogg", "opus", "flac"])
def test_a_file_cut_in_the_middle_is_refused_and_the_whole_one_is_not(
    suffix: str, tmp_path: Path
) -> None:
    whole = write_sound(tmp_path / f"whole.{suffix}", SIGNAL)
    assert inspect_recording(whole).duration_ms > 5000
    cut = tmp_path / f"cut.{suffix}"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size * 6 // 10])
    assert refusal(cut) is RefusalCode.TRUNCATED


def test_an_empty_file_is_named_empty(tmp_path: Path) -> None:
    path = tmp_path / "take.mp3"
    path.touch()
    assert refusal(path) is RefusalCode.EMPTY


def test_sound_without_a_single_sample_is_named_empty(tmp_path: Path) -> None:
    path = tmp_path / "take.wav"
    path.write_bytes(wav_bytes(silence(0)))
    assert refusal(path) is RefusalCode.EMPTY


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"Thong bao lich cat dien\n" * 50, id="text"),
        pytest.param("Thông báo\n".encode("utf-16") * 50, id="utf-16 text"),
        pytest.param(b"#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n", id="play list"),
        pytest.param(b"ffconcat version 1.0\nfile /etc/passwd\n", id="concat script"),
        pytest.param(b"PK\x03\x04" + bytes(400), id="zip"),
        pytest.param(b"%PDF-1.7\n" + bytes(400), id="pdf"),
        pytest.param(b"ID3\x04\x00\x00\x00\x00\x00\x10" + b"not sound" * 99, id="bare tag"),
        pytest.param(bytes(5000), id="zeros"),
    ],
)
def test_other_files_named_mp3_are_not_audio(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "take.mp3"
    path.write_bytes(content)
    assert refusal(path) is RefusalCode.NOT_AUDIO


def test_noise_after_a_true_header_is_refused(tmp_path: Path) -> None:
    noise = np.random.default_rng(5).bytes(60_000)
    for suffix in ("mp3", "ogg", "m4a", "flac", "webm"):
        whole = write_sound(tmp_path / f"whole.{suffix}", SIGNAL).read_bytes()
        path = tmp_path / f"noise.{suffix}"
        path.write_bytes(whole[:2000] + noise)
        assert refusal(path) in {
            RefusalCode.TRUNCATED,
            RefusalCode.DAMAGED,
            RefusalCode.NOT_AUDIO,
        }


def test_a_film_is_refused_as_a_film(tmp_path: Path) -> None:
    assert refusal(write_video(tmp_path / "film.m4a")) is RefusalCode.VIDEO


def test_size_and_length_are_limited(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "take.mp3", SIGNAL)
    assert refusal(path, Limits(bytes=1000)) is RefusalCode.TOO_LARGE
    assert refusal(path, Limits(duration_s=5)) is RefusalCode.TOO_LONG
    assert inspect_recording(path, Limits(duration_s=7)).duration_ms < 7000


def test_half_an_hour_of_nothing_in_a_small_file_is_stopped_at_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "bomb.flac"
    write_sound(path, silence(1_800_000))
    assert path.stat().st_size < 1_000_000
    assert refusal(path, Limits(duration_s=60)) is RefusalCode.TOO_LONG


def test_sample_rates_outside_the_usual_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "take.wav"
    path.write_bytes(wav_bytes(SIGNAL[::12], rate=4000))
    assert refusal(path) is RefusalCode.UNSUPPORTED


def test_memory_and_processor_time_are_bounded(tmp_path: Path) -> None:
    path = tmp_path / "take.wav"
    path.write_bytes(wav_bytes(SIGNAL))
    assert refusal(path, Limits(memory=60_000_000)) is RefusalCode.DAMAGED
    assert refusal(path, Limits(cpu_s=0)) is RefusalCode.DAMAGED
    assert inspect_recording(path).duration_ms == 6000


def test_a_crash_of_the_decoder_is_a_refusal_and_not_a_crash_here(tmp_path: Path) -> None:
    path = tmp_path / "take.wav"
    path.write_bytes(wav_bytes(silence(60_000)))
    chunks = decode_recording(path)
    next(chunks)
    os.kill(decoders()[0], signal.SIGSEGV)
    with pytest.raises(RecordingRefused) as refused:
        list(chunks)
    assert refused.value.code is RefusalCode.DAMAGED


def test_a_reader_that_stops_early_leaves_no_process_behind(tmp_path: Path) -> None:
    path = tmp_path / "take.wav"
    path.write_bytes(wav_bytes(silence(60_000)))
    chunks = decode_recording(path)
    next(chunks)
    assert len(decoders()) == 1
    chunks.close()  # type: ignore[attr-defined]
    assert decoders() == []


def test_a_module_in_the_current_folder_is_not_run(tmp_path: Path) -> None:
    (tmp_path / "av.py").write_text("raise SystemExit(9)")
    path = tmp_path / "take.wav"
    path.write_bytes(wav_bytes(SIGNAL))
    code = (
        "import sys; from pathlib import Path; sys.path.remove('') if '' in sys.path else None;"
        "from vang.voice.recordings import inspect_recording;"
        f"print(inspect_recording(Path({str(path)!r})).duration_ms)"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "6000"
