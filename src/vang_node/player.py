"""The audio thread: feeds the device without pause and places every clip by the clock."""

import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from vang_node import RATE
from vang_node.backoff import Backoff
from vang_node.level import Limiter
from vang_node.listening import Ear
from vang_node.output_watch import OutputWatch
from vang_node.scale import DeviceScale, span_us
from vang_node.sinks import BLOCK, SILENCE, Block, Sink, SinkFailed
from vang_node.voice import FADE, Measured, Voice
from vang_protocol.records import End

SLIP_US = 300
"""Off by more than this, a clip is pulled back by one sample a block (1 ms a second)."""
SKIP_US = 30_000
"""Off by more than this, the device stood still: what should have sounded is left out."""
HURRY = 3 * RATE
"""A device that takes this much more than real time lets pass is not a loudspeaker."""

log = logging.getLogger(__name__)


@dataclass
class Play:
    """A clip given to the player. ``at_us``: monotonic instant of its first sample."""

    item: str
    part: int
    at_us: int
    voice: Voice
    first: int | None = None
    aimed_us: int = 0
    """Where ``at_us`` has been moved since, as the clock became better known."""
    first_us: int | None = None
    xruns_before: int = 0
    halt: tuple[End, int | None] | None = None
    told_silent: bool = False


@dataclass(frozen=True)
class Began:
    """The first sample was heard, ``error_us`` after it was planned."""

    item: str
    error_us: int


@dataclass(frozen=True)
class Ended:
    """``first_us`` None: not one sample was heard."""

    item: str
    part: int
    end: End
    first_us: int | None
    error_us: int | None
    measured: Measured
    xruns: int


@dataclass(frozen=True)
class Quiet:
    item: str
    lasted_ms: int
    rms_cdb: int


@dataclass(frozen=True)
class SinkChanged:
    """``failure`` None: the device takes sound again."""

    failure: str | None


PlayerEvent = Began | Ended | Quiet | SinkChanged


@dataclass
class Player:
    """Owns the sink. ``begin`` and ``halt`` may be called from any thread."""

    sink: Sink
    mono_us: Callable[[], int]
    report: Callable[[PlayerEvent], None]
    device_delay_us: int = 0
    backoff: Backoff = field(default_factory=lambda: Backoff(most=30.0))
    beat_us: int = 0
    watch: OutputWatch = field(default_factory=OutputWatch)
    ear: Ear = field(default_factory=Ear)
    _inbox: queue.SimpleQueue[Callable[[], None]] = field(default_factory=queue.SimpleQueue)
    _plays: list[Play] = field(default_factory=list)
    _scale: DeviceScale = field(default_factory=DeviceScale)
    _limiter: Limiter = field(default_factory=Limiter)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _position: int = 0
    _xruns: int = 0
    _opened_us: int = 0

    def begin(self, play: Play) -> None:
        self._inbox.put(lambda: self._add(play))

    def halt(self, item: str, end: End, at_us: int | None = None) -> None:
        """Fade the item out, silent at ``at_us`` or within 200 ms from now."""
        self._inbox.put(lambda: self._halt(item, end, at_us))

    def turn(self, item: str, gain: float) -> None:
        """Let the item glide to another loudness."""
        self._inbox.put(lambda: self._turn(item, gain))

    def aim(self, item: str, at_us: int, *, within_us: int) -> None:
        """Let the item glide to where its first sample should have been, a little at a time."""
        self._inbox.put(lambda: self._aim(item, at_us, within_us))

    def stop(self) -> None:
        """Fade out whatever sounds, then end ``run``."""
        self._inbox.put(self._halt_all)
        self._stopping.set()

    def run(self) -> None:
        """The thread. Reopens a failed device for ever, and says so."""
        while not self._stopping.is_set():
            try:
                self.open()
                self.backoff.succeeded()
                self._feed()
            except SinkFailed as error:
                self._failed(str(error))
                wait_s = self.backoff.failed()
                log.warning("Sound output failed: %s. Trying again in %.1f s.", error, wait_s)
                self._stopping.wait(wait_s)
        self.sink.close()

    def open(self) -> None:
        """Open the device; raises SinkFailed."""
        self.sink.open()
        self._scale.restart()
        self._position, self._xruns = 0, self.sink.xruns
        self._opened_us = self.mono_us()
        self.report(SinkChanged(None))
        log.info("Sound output is open: %s.", self.sink.name)

    def _failed(self, detail: str) -> None:
        self.sink.close()
        self._drain()
        for play in list(self._plays):
            self._finish(play, End.ERROR)
        self.report(SinkChanged(detail))

    def _feed(self) -> None:
        while self._goes_on():
            self.step()

    def _goes_on(self) -> bool:
        """Asked before the inbox is emptied, so that no clip begun before ``stop`` is lost."""
        stopping = self._stopping.is_set()
        self._drain()
        return bool(self._plays) or not stopping

    def step(self) -> None:
        """Hand the device its next 20 ms; raises SinkFailed."""
        self._drain()
        self._read_scale()
        block = self._render()
        self.sink.write(block)
        self._position += len(block)
        self._sweep()

    def _drain(self) -> None:
        while not self._inbox.empty():
            self._inbox.get_nowait()()

    def _read_scale(self) -> None:
        now_us = self.mono_us()
        delay = self.sink.delay()
        if self.sink.xruns != self._xruns:
            self._xruns = self.sink.xruns
            self._scale.restart()
            log.warning("The sound device ran dry (%d times in all).", self._xruns)
        self.beat_us = now_us
        self._scale.observe(now_us + self.device_delay_us, self._position, delay)
        if self._position > HURRY + (now_us - self._opened_us) * RATE // 1_000_000:
            raise SinkFailed("the device takes sound faster than time passes")

    def _render(self) -> Block:
        parts: list[tuple[int, Block]] = []
        given: list[tuple[Play, int]] = []
        for play in self._plays:
            offset = self._offset(play)
            if offset is not None:
                self._fade_in_time(play)
                block = play.voice.render(BLOCK - offset, slip=self._slip(play))
                parts.append((offset, block))
                given.append((play, len(block)))
        sent = self._limiter.limit(mixed(parts)) if parts else self._quiet()
        for play, count in given:
            if count:
                self.watch.note(play.item, play.voice.clip, sent, count)
        if given:
            self.ear.sent(given[0][0].item, sent)
        return sent

    def _quiet(self) -> Block:
        """Nothing sounds, as nearly the whole day: no sample is looked at."""
        self._limiter.rest()
        return SILENCE

    def _offset(self, play: Play) -> int | None:
        """Where in this block the clip goes on; None while its time has not come."""
        if play.first is not None:
            return 0
        sample = self._scale.sample_at(play.at_us)
        if sample >= self._position + BLOCK or not self._scale.settled:
            return None
        play.first = max(sample, self._position)
        return play.first - self._position

    def _slip(self, play: Play) -> int:
        """Keep the clip on its time although the device's quartz is not the clock's."""
        if not self._scale.settled or play.first == self._position or not play.voice.consumed:
            return 0
        due_us = play.at_us + play.aimed_us + span_us(play.voice.consumed)
        late_us = self._scale.heard_at(self._position) - due_us
        if late_us > SKIP_US:
            play.voice.skip(late_us * RATE // 1_000_000)
        return (late_us > SLIP_US) - (late_us < -SLIP_US)

    def _fade_in_time(self, play: Play) -> None:
        if play.halt is None:
            return
        end, at_us = play.halt
        if at_us is None or self._scale.sample_at(at_us) - FADE < self._position + BLOCK:
            play.voice.fade(end)

    def _sweep(self) -> None:
        """Report what was first heard, what fell silent, and what ended."""
        for play in list(self._plays):
            self._tell_began(play)
            self._tell_silent(play)
            if play.voice.end is not None:
                self._finish(play, play.voice.end)
            elif play.first is None and play.halt is not None and play.halt[1] is None:
                self._finish(play, play.halt[0])

    def _tell_began(self, play: Play) -> None:
        """Once the first sample is written its instant is settled: remember it before drift."""
        if play.first is None or play.first_us is not None or not play.voice.consumed:
            return
        play.first_us = self._scale.heard_at(play.first)
        self.report(Began(play.item, play.first_us - play.at_us))

    def _tell_silent(self, play: Play) -> None:
        frames = play.voice.silent_frames()
        if frames and not play.told_silent:
            level = play.voice.measured().rms_cdb
            self.report(Quiet(play.item, span_us(frames) // 1000, level))
        play.told_silent = bool(frames)

    def _add(self, play: Play) -> None:
        play.xruns_before = self.sink.xruns
        self._plays.append(play)
        self.sink.label(play.item)

    def _halt(self, item: str, end: End, at_us: int | None) -> None:
        for play in self._plays:
            if play.item == item:
                play.halt = (end, at_us)

    def _turn(self, item: str, gain: float) -> None:
        for play in self._plays:
            if play.item == item:
                play.voice.turn(gain)

    def _aim(self, item: str, at_us: int, within_us: int) -> None:
        for play in self._plays:
            if play.item == item:
                off_us = at_us - play.at_us - play.aimed_us
                play.aimed_us += max(-within_us, min(within_us, off_us))

    def _halt_all(self) -> None:
        for play in self._plays:
            play.halt = (End.STOPPED, None)

    def _finish(self, play: Play, end: End) -> None:
        self._plays.remove(play)
        play.voice.close()
        self.watch.ended(play.item)
        self.ear.ended(play.item)
        if not self._plays:
            self.sink.label(None)
        self.report(self._ended(play, end))

    def _ended(self, play: Play, end: End) -> Ended:
        measured = play.voice.measured()
        first_us = play.first_us
        error_us = None if first_us is None else first_us - play.at_us
        xruns = self.sink.xruns - play.xruns_before + measured.starved
        return Ended(play.item, play.part, end, first_us, error_us, measured, xruns)


def mixed(parts: list[tuple[int, Block]]) -> list[int] | Block:
    """One block of silence with every part added at its offset; sums may exceed 16 bits."""
    sounding = [(offset, block) for offset, block in parts if block]
    if len(sounding) == 1 and len(sounding[0][1]) == BLOCK:
        return sounding[0][1]
    total = [0] * BLOCK
    for offset, block in sounding:
        for index, sample in enumerate(block, offset):
            total[index] += sample
    return total if sounding else SILENCE
