"""The sound that a virtual node captured, and when it was heard."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import av
import numpy as np

from vang.evidence.capture import Match, Samples, compare

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class NoTake(Exception):
    """The node captured nothing for the item."""


@dataclass(frozen=True)
class Take:
    """One captured play: mono samples, rate in Hz, instants of samples from its sidecar."""

    wav: Path
    samples: Samples
    rate: int
    instants: tuple[tuple[int, datetime], ...]

    def heard_at(self, sample: int) -> datetime:
        """When a sample of the file was heard, by the last instant noted before it."""
        known, instant = [pair for pair in self.instants if pair[0] <= sample][-1]
        return instant + timedelta(seconds=(sample - known) / self.rate)


@dataclass(frozen=True)
class Verdict:
    """A captured play held against the approved sound and the planned instant."""

    wav: Path
    match: Match
    error_ms: float
    seconds: float


def read_sound(path: Path) -> tuple[Samples, int]:
    """Mono float samples and their rate, of any file that libav decodes."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        resampler = av.AudioResampler(format="flt", layout="mono", rate=48_000)
        frames = [
            part.to_ndarray().reshape(-1)
            for frame in [*container.decode(stream), None]
            for part in resampler.resample(frame)
        ]
    return np.concatenate(frames).astype(np.float32), 48_000


def find_take(captured: Path, item: str) -> Take:
    """The take of one plan item in a node's folder. Raises NoTake."""
    for wav in sorted(captured.glob("*.wav")):
        if item in wav.stem:
            samples, rate = read_sound(wav)
            return Take(wav, samples, rate, _instants(wav.with_suffix(".jsonl")))
    raise NoTake(f"nothing was captured for {item} in {captured}")


def _instants(sidecar: Path) -> tuple[tuple[int, datetime], ...]:
    rows = [json.loads(line) for line in sidecar.read_text().splitlines()]
    return tuple((row["sample"], _EPOCH + timedelta(microseconds=row["wall_us"])) for row in rows)


def judge(take: Take, approved: Path, planned: datetime) -> Verdict:
    """Compare the signal, and find when its first sample was heard."""
    sound, rate = read_sound(approved)
    match = compare(sound, take.samples, rate)
    heard = take.heard_at(max(0, match.offset))
    error_ms = (heard - planned) / timedelta(milliseconds=1)
    return Verdict(take.wav, match, error_ms, len(sound) / rate)
