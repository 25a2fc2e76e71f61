"""Acting on the schedule's decisions: arm, begin, halt, miss; and noting how plays ended."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Protocol

from vang_node import RATE
from vang_node.audio_store import AudioStore
from vang_node.clock import TrustedClock
from vang_node.decoder import Feed, decoded_blocks
from vang_node.journal import JournalFailed
from vang_node.level import gain_of
from vang_node.occurrence import Arm, Begin, Decision, Halt, Miss
from vang_node.plain import plain
from vang_node.player import Ended, Play, Player
from vang_node.recorder import Recorder
from vang_node.schedule import Schedule
from vang_node.sinks import Block
from vang_node.voice import Voice
from vang_protocol.instants import from_us, to_us
from vang_protocol.plans import PlanItem
from vang_protocol.reasons import Reason, Refused
from vang_protocol.records import Armed, End, FetchFailed, Missed, PlayEnded, PlayStarted

DECODE_WAIT_S = 3.0
MOST_TURN_US = 200
"""A better knowledge of the time moves what sounds by so much at once, not audibly."""


class Sound(Protocol):
    """Sound that is ready to begin."""

    failure: str | None

    def ready(self, timeout_s: float) -> bool: ...

    def take(self, count: int) -> Block: ...

    @property
    def exhausted(self) -> bool: ...

    def close(self) -> None: ...

    def begins(self, at_us: int) -> None:
        """Its first sample is heard at ``at_us``, µs of trusted time since 1970."""


class Performs(Protocol):
    """What an order lets be heard."""

    def feed(self, made: type[Feed]) -> Sound: ...


log = logging.getLogger(__name__)


class Stage:
    """Holds the feeds of armed items. Runs on the main loop only."""

    def __init__(
        self,
        schedule: Schedule,
        store: AudioStore,
        player: Player,
        recorder: Recorder,
        clock: TrustedClock,
        *,
        mono_us: Callable[[], int],
        ceiling_db: int,
        feed: type[Feed] = Feed,
    ) -> None:
        self._schedule, self._store, self._player = schedule, store, player
        self._recorder, self._clock, self._mono_us = recorder, clock, mono_us
        self.ceiling_db, self._feed = ceiling_db, feed
        self._armed: dict[str, Sound] = {}
        self._performances: dict[str, Performs] = {}
        self._placed: tuple[str, datetime] | None = None
        self._level: tuple[str, int] | None = None
        self.plan_version = 0
        self.on_audio_lost: Callable[[], None] = lambda: None
        self.on_order_over: Callable[[str, End | Reason], None] = lambda _item, _how: None
        self.on_order_begun: Callable[[str], None] = lambda _item: None

    def perform(self, item_id: str, performance: Performs) -> None:
        """What an ordered item sounds like, before it is armed."""
        self._performances[item_id] = performance

    def apply(self, decision: Decision) -> None:
        match decision:
            case Arm(item):
                self._arm(item)
            case Begin():
                self._begin(decision)
            case Halt(item, end, at):
                self._halt(item, end, at)
            case Miss(item, reason):
                self._miss(item, reason)

    def adjust_volume(self, now: datetime) -> None:
        """What sounds grows softer or louder when its hour ends, gliding, never in a step."""
        sounding = self._schedule.sounding
        if sounding is None or self._level is None:
            return
        item = sounding.occurrence.item
        wanted = self._schedule.rules.level_db(item, now, self.ceiling_db)
        if self._level[0] == item.id and self._level[1] != wanted:
            log.info("Volume of %s: %d dB.", plain(item.title), wanted)
            self._level = (item.id, wanted)
            self._player.turn(item.id, gain_of(wanted))

    def keep_time(self) -> None:
        """The clock is known better now than when this began: what sounds follows it in steps
        that nobody hears, never at once."""
        if self._placed is not None:
            item_id, at = self._placed
            self._player.aim(item_id, self._on_device(at), within_us=MOST_TURN_US)

    def drop_stale_arms(self) -> None:
        """A newer plan moved or left out what was armed."""
        ready = self._schedule.armed_items()
        for item_id in [item_id for item_id in self._armed if item_id not in ready]:
            self._disarm(item_id)

    def clear(self) -> None:
        for item_id in list(self._armed):
            self._disarm(item_id)

    def close_interrupted(self) -> None:
        """Plays that a power cut left open are closed, not played again."""
        for event in self._recorder.journal.memory.interrupted():
            log.warning("The power went while %s sounded; it is not played again.", event.item)
            self._recorder.record_if_possible(
                PlayEnded(event.item, End.POWER_LOST, event.part, None, None, None, None, None)
            )

    def ended(self, event: Ended) -> None:
        """The player is done with an item."""
        measured = event.measured
        self._schedule.ended(event.item, event.end, sounded_ms=measured.frames * 1000 // RATE)
        log.info("Ended %s: %s, start error %s µs.", event.item, event.end.value, event.error_us)
        self._recorder.record_if_possible(
            PlayEnded(
                item=event.item,
                end=event.end,
                part=event.part,
                first_sample_at=self._instant(event.first_us),
                error_us=event.error_us,
                frames=measured.frames,
                xruns=event.xruns,
                rms_cdb=measured.rms_cdb,
            )
        )
        if self._performances.pop(event.item, None) is not None:
            self._schedule.forget_order(event.item)
            self.on_order_over(event.item, event.end)

    def _arm(self, item: PlanItem) -> None:
        """Verify the very file that will sound and decode its beginning."""
        self._disarm(item.id)
        try:
            feed = self._sound(item)
        except Refused as error:
            self._lose(item, error.reason, error.detail)
            return
        if not feed.ready(DECODE_WAIT_S):
            feed.close()
            self._give_up(item, Reason.DECODE_FAILED)
            return
        self._armed[item.id] = feed
        self._schedule.armed(item.id)
        log.info("Armed: %s at %s.", plain(item.title), item.start.isoformat())
        self._recorder.record_if_possible(Armed(item.id, item.audio.sha256, item.start))

    def _sound(self, item: PlanItem) -> Sound:
        """Raises Refused when the file is not here, or not what was planned."""
        performance = self._performances.get(item.id)
        return (
            self._feed(self._blocks(item)) if performance is None else performance.feed(self._feed)
        )

    def _blocks(self, item: PlanItem) -> Iterator[Block]:
        file = self._store.open_verified(item.audio)
        return decoded_blocks(file, skip=self._schedule.offset_ms(item.id) * RATE // 1000)

    def _lose(self, item: PlanItem, reason: Reason, detail: str) -> None:
        """The file here was damaged after it was fetched: it is gone, fetch it again."""
        log.error("Audio of %s: %s %s", item.id, reason.text, detail)
        failure = FetchFailed(item.audio.sha256, reason, detail[:200], 1)
        self._recorder.record_if_possible(failure)
        self._schedule.audio_lost(item.id)
        self.on_audio_lost()

    def _begin(self, begin: Begin) -> None:
        """The journal first, on the disk, then the sound."""
        item = begin.item
        feed = self._armed.pop(item.id)
        volume_db = self._schedule.rules.level_db(item, begin.at, self.ceiling_db)
        try:
            if item.id in self._performances:
                self.on_order_begun(item.id)
            self._recorder.record(self._started(begin, volume_db))
        except (JournalFailed, OSError) as error:
            log.critical("Not playing %s: %s", item.id, error)
            feed.close()
            self._give_up(item, Reason.DISK_FULL)
            return
        self._schedule.begun(begin)
        self._level, self._placed = (item.id, volume_db), (item.id, begin.at)
        feed.begins(to_us(begin.at))
        self._player.begin(self._play(begin, feed, volume_db))
        log.info("Playing %s (%s) at %s.", plain(item.title), item.id, begin.at.isoformat())

    def _started(self, begin: Begin, volume_db: int) -> PlayStarted:
        item = begin.item
        return PlayStarted(
            item=item.id,
            edition=item.edition,
            sha256=item.audio.sha256,
            plan=self.plan_version,
            planned=item.start,
            first_sample=begin.at,
            volume_db=volume_db,
            part=begin.part,
            offset_ms=begin.offset_ms,
        )

    def _play(self, begin: Begin, feed: Sound, volume_db: int) -> Play:
        voice = Voice(
            feed,
            gain=gain_of(volume_db),
            most_frames=begin.limit_ms * RATE // 1000,
            fade_in=begin.offset_ms > 0,
        )
        return Play(begin.item.id, begin.part, self._on_device(begin.at), voice)

    def _halt(self, item: PlanItem, end: End, at: datetime | None) -> None:
        log.info("Ending %s: %s.", item.id, end.value)
        self._player.halt(item.id, end, None if at is None else self._on_device(at))

    def _give_up(self, item: PlanItem, reason: Reason) -> None:
        self._miss(item, reason)
        self._schedule.missed(item.id)

    def _miss(self, item: PlanItem, reason: Reason) -> None:
        log.warning("Missed %s at %s: %s", item.id, item.start.isoformat(), reason.text)
        self._disarm(item.id)
        missed = Missed(item.id, item.edition, item.start, reason)
        self._recorder.record_if_possible(missed)
        if self._performances.pop(item.id, None) is not None:
            self._schedule.forget_order(item.id)
            self.on_order_over(item.id, reason)

    def _disarm(self, item_id: str) -> None:
        feed = self._armed.pop(item_id, None)
        if feed is not None:
            feed.close()

    def _on_device(self, instant: datetime) -> int:
        """The monotonic microsecond of ``instant``, the installer's delay added."""
        return (
            to_us(instant) - self._clock.anchor_us(self._mono_us()) + self._schedule.rules.delay_us
        )

    def _instant(self, mono_us: int | None) -> datetime | None:
        if mono_us is None:
            return None
        return from_us(mono_us + self._clock.anchor_us(self._mono_us()))
