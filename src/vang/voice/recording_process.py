"""The process that decodes one file from outside; libav's faults end here.

Writes float32 mono samples at 48 kHz to standard output ("decode") or nothing ("inspect"),
and one line of JSON to standard error: the file's facts, or a refusal code and its detail.
"""

import dataclasses
import json
import os
import resource
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Disposition

from vang.voice.containers import (
    SNIFFED_BYTES,
    TOLERATED_LOSS_S,
    id3_length,
    is_cut,
    sniff,
    xing_frames,
)
from vang.voice.failures import RecordingRefused, RefusalCode
from vang.voice.filters import samples_of
from vang.voice.recordings import RecordingFacts
from vang.voice.sound import RATE, Chunk

_RATES = range(8_000, 192_001)
_CHANNELS = range(1, 9)
_MOST_BAD_PACKETS = 0.02
_DECLARING = ("flac", "matroska")  # containers whose stated length can be trusted


def main(arguments: list[str]) -> int:
    task, path, duration_s, cpu_s, memory = arguments
    _bound(int(cpu_s), int(memory))
    write = _write_samples if task == "decode" else _ignore
    try:
        with Path(path).open("rb") as file:
            facts = _decode(file, int(duration_s), write)
    except RecordingRefused as refused:
        _tell({"code": refused.code, "detail": refused.detail})
    else:
        _tell(dataclasses.asdict(facts))
    return 0


def _bound(cpu_s: int, memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _write_samples(chunk: Chunk) -> None:
    sys.stdout.buffer.write(chunk.tobytes())


def _ignore(chunk: Chunk) -> None:
    pass


def _tell(verdict: dict[str, object]) -> None:
    sys.stdout.flush()
    sys.stderr.write(json.dumps(verdict) + "\n")


def _decode(file: BinaryIO, duration_s: int, write: Callable[[Chunk], None]) -> RecordingFacts:
    name = sniff(file.read(SNIFFED_BYTES))
    if name is None:
        raise RecordingRefused(RefusalCode.NOT_AUDIO, "no known sound format")
    cut = is_cut(name, file, os.fstat(file.fileno()).st_size)
    declared_s = _declared_by_xing(file) if name == "mp3" else None
    file.seek(0)
    try:
        with av.open(file, "r", format=name) as container:
            stream = _sound_stream(container)
            count = _pass_on(container, stream, duration_s, write)
            declared_s = declared_s or _declared(name, container, stream)
    except (MemoryError, av.MemoryError) as error:
        raise RecordingRefused(RefusalCode.DAMAGED, f"{name}: needs too much memory") from error
    except (av.FFmpegError, ValueError) as error:
        code = RefusalCode.TRUNCATED if cut else RefusalCode.NOT_AUDIO
        raise RecordingRefused(code, f"{name}: {error}") from None
    _check_whole(count, declared_s, cut=cut)
    codec = stream.codec_context
    return RecordingFacts(name, codec.name, 1000 * count // RATE, codec.channels, codec.sample_rate)


def _check_whole(count: int, declared_s: float | None, *, cut: bool) -> None:
    """Raises RecordingRefused when the end of the sound is missing, or all of it."""
    missing_s = (declared_s or 0) - count / RATE
    if cut or missing_s > TOLERATED_LOSS_S:
        raise RecordingRefused(RefusalCode.TRUNCATED, f"{missing_s:.1f} s missing, cut: {cut}")
    if not count:
        raise RecordingRefused(RefusalCode.EMPTY, "no samples")


def _sound_stream(container: InputContainer) -> AudioStream:
    """The first sound of a file that holds no moving picture."""
    for video in container.streams.video:
        if not video.disposition & Disposition.attached_pic:
            raise RecordingRefused(RefusalCode.VIDEO, "the file holds moving pictures")
    if not container.streams.audio:
        raise RecordingRefused(RefusalCode.NOT_AUDIO, "no sound in the file")
    stream = container.streams.audio[0]
    codec = stream.codec_context
    if codec.sample_rate not in _RATES or codec.channels not in _CHANNELS:
        found = f"{codec.channels} channels at {codec.sample_rate} Hz"
        raise RecordingRefused(RefusalCode.UNSUPPORTED, found)
    codec.thread_count = 1
    return stream


def _pass_on(
    container: InputContainer,
    stream: AudioStream,
    duration_s: int,
    write: Callable[[Chunk], None],
) -> int:
    """Hand every piece to ``write``; the number of samples handed over."""
    count = 0
    for chunk in _samples(container, stream):
        count += len(chunk)
        if count > duration_s * RATE:
            raise RecordingRefused(RefusalCode.TOO_LONG, f"longer than {duration_s} s")
        write(chunk)
    return count


def _samples(container: InputContainer, stream: AudioStream) -> Iterator[Chunk]:
    resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
    packets = bad = 0
    for packet in container.demux(stream):
        packets += 1
        try:
            frames = stream.codec_context.decode(packet)
        except av.InvalidDataError:
            bad += 1
            continue
        for frame in frames:
            for part in resampler.resample(frame):
                yield samples_of(part)
    for part in resampler.resample(None):
        yield samples_of(part)
    if bad > 1 + _MOST_BAD_PACKETS * packets:
        raise RecordingRefused(RefusalCode.DAMAGED, f"{bad} of {packets} packets are unreadable")


def _declared(name: str, container: InputContainer, stream: AudioStream) -> float | None:
    """The length in seconds that the container states, where it can be trusted."""
    if name not in _DECLARING:
        return None
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    return container.duration / 1_000_000 if container.duration else None


def _declared_by_xing(file: BinaryIO) -> float | None:
    """Seconds an MP3 states in its Xing header; libav alone guesses from the file's size."""
    file.seek(0)
    file.seek(id3_length(file.read(10)))
    frame = file.read(2048)
    frames = xing_frames(frame)
    if frames is None or len(frame) < 4:
        return None
    lowered = 0 if frame[1] >> 3 & 3 == 3 else (1 if frame[1] >> 3 & 3 == 2 else 2)
    rate = (44_100, 48_000, 32_000, 44_100)[frame[2] >> 2 & 3] >> lowered
    return frames * (576 if lowered else 1152) / rate


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
