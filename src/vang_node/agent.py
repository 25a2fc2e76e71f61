"""The node's main loop. One thread decides and writes the journal; others only bring news."""

import logging
import queue
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

from vang_node import BUILT, RATE, SOFTWARE
from vang_node.audio_store import AudioStore
from vang_node.clock import Exchange, Reading, TrustedClock
from vang_node.decoder import Feed
from vang_node.fetch import Fetcher
from vang_node.home import Home
from vang_node.journal import Journal, JournalFailed
from vang_node.keeping import PlanKeeper, refusal_key
from vang_node.level import gain_of
from vang_node.player import Began, Ended, Play, Player, PlayerEvent, Quiet, SinkChanged
from vang_node.readings import mono_us, read_clocks
from vang_node.reporting import Reporter
from vang_node.schedule import Arm, Begin, Decision, Halt, Miss, Schedule, Surroundings
from vang_node.sinks import Sink
from vang_node.voice import Voice
from vang_protocol.acceptance import AcceptedPlan
from vang_protocol.instants import from_us, to_us
from vang_protocol.journals import Stamp
from vang_protocol.plans import PlanItem
from vang_protocol.reasons import Reason, Refused
from vang_protocol.records import (
    Armed,
    Boot,
    ClockStep,
    End,
    Event,
    FetchFailed,
    Missed,
    PlanAccepted,
    PlanRefused,
    PlayEnded,
    PlayStarted,
    Shutdown,
    Silence,
    SinkError,
)

TICK_S = 0.25
DECODE_WAIT_S = 3.0
STUCK_US = 5_000_000
NOISY = (FetchFailed, PlanRefused, SinkError, Silence)

log = logging.getLogger(__name__)

News = Callable[[], None]


class Agent:
    """Everything a node does between ``start`` and ``close``, on the thread that calls ``turn``."""

    def __init__(
        self, home: Home, sink: Sink, *, read: Callable[[], Reading] = read_clocks
    ) -> None:
        self.home, self._read = home, read
        self.pinned, self.local = home.pinned(), home.local()
        self.boot = uuid4().hex[:12]
        self._booted = read()
        node = self.pinned.answer.node
        self.journal = Journal(home.journal, node=node, boot=self.boot)
        self.clock = TrustedClock(self._booted, built=BUILT, written=self.journal.memory.last_at)
        self.store = AudioStore(home.audio, reserve=self.local.reserve_mb * 1024 * 1024)
        self.keeper = PlanKeeper(home, self.pinned, self.journal.memory.plan)
        self.schedule = Schedule(cluster=self.pinned.answer.cluster, memory=self.journal.memory)
        self.sink = sink
        self.player = Player(sink, mono_us, self._from_player, self.local.device_delay_ms * 1000)
        self.reporter = Reporter(self)
        self.fetcher: Fetcher | None = None
        self.on_record: Callable[[], None] = lambda: None
        self.on_change: Callable[[], None] = lambda: None
        self.link_is_up: Callable[[], bool] = lambda: False
        self.uploaded_through = 0
        self.sink_failure: str | None = "not opened yet"
        self.silent = False
        self._news: queue.SimpleQueue[News | None] = queue.SimpleQueue()
        self._armed: dict[str, tuple[PlanItem, int, Feed]] = {}
        self._trusted_since_us: int | None = None
        self._refusals: set[tuple[str, str]] = set()

    @property
    def volume_ceiling_db(self) -> int:
        return min(self.pinned.answer.volume_ceiling_db, self.local.volume_ceiling_db)

    def tell(self, news: News) -> None:
        """From any thread: run ``news`` on the main loop."""
        self._news.put(news)

    def start(self) -> None:
        """Write the first records of this boot and take up the plan kept on the disk."""
        if self.clock.trusted(self._booted.mono_us):
            self._trusted_since_us = self._booted.mono_us
        self.record(Boot(SOFTWARE, self.sink.name[:200], self.journal.torn_bytes))
        self._close_interrupted()
        accepted = self.keeper.reread(now=self._plan_time())
        if accepted is not None:
            self._follow(accepted)

    def turn(self, timeout_s: float = TICK_S) -> None:
        """Wait for news or the next tick, and act."""
        try:
            news = self._news.get(timeout=timeout_s)
            while news is not None:
                news()
                news = self._news.get_nowait()
        except queue.Empty:
            pass
        self._watch_clock()
        while self._act():
            pass
        self.reporter.write_status()

    def close(self, detail: str) -> None:
        """After the player has faded out and ended."""
        while not self._news.empty():
            news = self._news.get_nowait()
            if news is not None:
                news()
        for item_id in list(self._armed):
            self._disarm(item_id)
        self.record(Shutdown(detail))
        self.reporter.write_status(running=False)
        self.journal.close()

    def record(self, event: Event) -> None:
        """Append to the journal; raises JournalFailed."""
        if isinstance(event, NOISY) and self.journal.crowded:
            return
        now_us = self._mono_us()
        state = self.clock.state(now_us)
        error_ms = None if state.error_us is None else -(-state.error_us // 1000)
        self.journal.append(event, at=self.clock.now(now_us), clock=Stamp(state.source, error_ms))
        self.clock.note_written(now_us)
        self.on_record()

    def record_if_possible(self, event: Event) -> None:
        """For what only informs: a full disk must not stop the loop."""
        try:
            self.record(event)
        except JournalFailed as error:
            log.critical("%s", error)

    def reading(self) -> Reading:
        return self._read()

    def server_has(self, through: int) -> None:
        """The server has the journal up to ``through``; very old segments may go."""
        self.uploaded_through = through
        self.journal.forget(accepted_through=through, now=self.now())

    def now(self) -> datetime:
        return self.clock.now(self._mono_us())

    def offer_plan(self, data: bytes) -> None:
        """A plan came from the server: follow it, or say in the journal why not."""
        try:
            accepted = self.keeper.consider(data, now=self._plan_time())
            if accepted is not None:
                self.keeper.keep(accepted, data)
                self._follow(accepted)
        except Refused as error:
            self._refuse(data, error)
        except OSError as error:
            log.critical("The plan could not be kept: %s", error)

    def observe_exchange(self, exchange: Exchange) -> None:
        self.clock.observe_exchange(exchange)
        self._note_trust()

    def _mono_us(self) -> int:
        return self._read().mono_us

    def _plan_time(self) -> datetime:
        """An untrusted clock is behind; the floor it is behind of is nearer the truth."""
        return max(self.now(), self.clock.floor(self._mono_us()))

    def _follow(self, accepted: AcceptedPlan) -> None:
        plan = accepted.plan
        self.clock.raise_floor(plan.issued)
        refused = len(accepted.refused_items)
        if self.journal.memory.plan != (plan.version, accepted.sha256):
            self.record_if_possible(
                PlanAccepted(plan.version, accepted.sha256, len(plan.items), refused)
            )
        log.info("Following plan %d: %d items, %d refused.", plan.version, len(plan.items), refused)
        for decision in self.schedule.follow(accepted, now=self.now()):
            self._apply(decision)
        self._drop_stale_arms()
        self.ask_for_audio()
        self.on_change()

    def ask_for_audio(self) -> None:
        if self.fetcher is not None:
            self.fetcher.want(self.schedule.wanted(), self.schedule.referenced())

    def _refuse(self, data: bytes, error: Refused) -> None:
        key = refusal_key(data, error)
        log.warning("A plan was refused: %s", error)
        if key not in self._refusals:
            self._refusals = {*list(self._refusals)[-50:], key}
            self.record_if_possible(PlanRefused(error.reason, error.detail[:200], key[0]))

    def _act(self) -> bool:
        """Apply what is due; whether anything was."""
        if not self.clock.trusted(self._mono_us()):
            return False
        acted = False
        for decision in self.schedule.tick(self._surroundings()):
            self._apply(decision)
            acted = True
        if acted:
            self.on_change()
        return acted

    def _surroundings(self) -> Surroundings:
        now_us = self._mono_us()
        since_us = self._trusted_since_us if self._trusted_since_us is not None else now_us
        return Surroundings(
            now=self.clock.now(now_us),
            booted=self._past(now_us, self._booted.mono_us),
            trusted_since=self._past(now_us, since_us),
            has_audio=self.store.has,
            sink_works=self.sink_failure is None and not self._player_stuck(),
            disk_full=self.fetcher is not None and self.fetcher.disk_full,
        )

    def _past(self, now_us: int, then_us: int) -> datetime:
        return self.clock.now(now_us) - timedelta(microseconds=now_us - then_us)

    def _player_stuck(self) -> bool:
        return mono_us() - self.player.beat_us > STUCK_US

    def _apply(self, decision: Decision) -> None:
        match decision:
            case Arm(item):
                self._arm(item)
            case Begin():
                self._begin(decision)
            case Halt(item, end, at):
                self._halt(item, end, at)
            case Miss(item, reason):
                self._miss(item, reason)

    def _arm(self, item: PlanItem) -> None:
        """Verify the very file that will sound and decode its beginning."""
        self._disarm(item.id)
        offset_ms = self.schedule.offset_ms(item.id)
        try:
            file = self.store.open_verified(item.audio)
        except Refused as error:
            self._lose(item, error.reason, error.detail)
            return
        feed = Feed(file, skip=offset_ms * RATE // 1000)
        if not feed.ready(DECODE_WAIT_S):
            feed.close()
            self._miss(item, Reason.DECODE_FAILED)
            self.schedule.missed(item.id)
            return
        self._armed[item.id] = (item, offset_ms, feed)
        self.schedule.armed(item.id)
        log.info("Armed: %s at %s.", item.title, item.start.isoformat())
        self.record_if_possible(Armed(item.id, item.audio.sha256, item.start))

    def _lose(self, item: PlanItem, reason: Reason, detail: str) -> None:
        """The file here was damaged after it was fetched: it is gone, fetch it again."""
        log.error("Audio of %s: %s %s", item.id, reason.text, detail)
        self.record_if_possible(FetchFailed(item.audio.sha256, reason, detail[:200], 1))
        self.schedule.audio_lost(item.id)
        self.ask_for_audio()

    def _begin(self, begin: Begin) -> None:
        """The journal first, on the disk, then the sound."""
        item = begin.item
        _, _, feed = self._armed.pop(item.id)
        volume_db = min(item.volume_db, self.volume_ceiling_db)
        try:
            self.record(self._started(begin, volume_db))
        except JournalFailed as error:
            log.critical("Not playing %s: %s", item.id, error)
            feed.close()
            self._miss(item, Reason.DISK_FULL)
            self.schedule.missed(item.id)
            return
        self.schedule.begun(begin)
        self.player.begin(self._play(begin, feed, volume_db))
        log.info("Playing %s (%s) at %s.", item.title, item.id, begin.at.isoformat())

    def _started(self, begin: Begin, volume_db: int) -> PlayStarted:
        item, current = begin.item, self.keeper.current
        return PlayStarted(
            item=item.id,
            edition=item.edition,
            sha256=item.audio.sha256,
            plan=current.plan.version if current else 0,
            planned=item.start,
            first_sample=begin.at,
            volume_db=volume_db,
            part=begin.part,
            offset_ms=begin.offset_ms,
        )

    def _play(self, begin: Begin, feed: Feed, volume_db: int) -> Play:
        voice = Voice(
            feed,
            gain=gain_of(volume_db),
            most_frames=begin.limit_ms * RATE // 1000,
            fade_in=begin.offset_ms > 0,
        )
        return Play(begin.item.id, begin.part, self._to_mono_us(begin.at), voice)

    def _halt(self, item: PlanItem, end: End, at: datetime | None) -> None:
        log.info("Ending %s: %s.", item.id, end.value)
        self.player.halt(item.id, end, None if at is None else self._to_mono_us(at))

    def _miss(self, item: PlanItem, reason: Reason) -> None:
        log.warning("Missed %s at %s: %s", item.id, item.start.isoformat(), reason.text)
        self._disarm(item.id)
        self.record_if_possible(Missed(item.id, item.edition, item.start, reason))

    def _disarm(self, item_id: str) -> None:
        armed = self._armed.pop(item_id, None)
        if armed is not None:
            armed[2].close()

    def _drop_stale_arms(self) -> None:
        """A newer plan moved or left out what was armed."""
        ready = self.schedule.armed_items()
        for item_id in [item_id for item_id in self._armed if item_id not in ready]:
            self._disarm(item_id)

    def _to_mono_us(self, instant: datetime) -> int:
        return to_us(instant) - self.clock.anchor_us(self._mono_us())

    def _close_interrupted(self) -> None:
        for event in self.journal.memory.interrupted():
            log.warning("The power went while %s sounded; it is not played again.", event.item)
            self.record(
                PlayEnded(event.item, End.POWER_LOST, event.part, None, None, None, None, None)
            )

    def _watch_clock(self) -> None:
        step = self.clock.observe_system(self._read())
        if step is not None:
            log.warning("The system clock jumped by %.1f s.", step.by_us / 1e6)
            self.record_if_possible(ClockStep(step.by_us // 1000, step.kept))
        self._note_trust()

    def _note_trust(self) -> None:
        now_us = self._mono_us()
        if not self.clock.trusted(now_us):
            if self._trusted_since_us is not None:
                log.warning("The clock is not to be trusted; nothing plays until it is.")
            self._trusted_since_us = None
        elif self._trusted_since_us is None:
            self._trusted_since_us = now_us

    def _from_player(self, event: PlayerEvent) -> None:
        self.tell(lambda: self._heard(event))

    def _heard(self, event: PlayerEvent) -> None:
        match event:
            case Began():
                self.on_change()
            case Ended():
                self._ended(event)
            case Quiet(item, lasted_ms, rms):
                self.silent = True
                log.warning("%s plays, but nothing is at the output.", item)
                self.record_if_possible(Silence(item, lasted_ms, rms))
            case SinkChanged(failure):
                self.sink_failure = failure
                if failure is not None:
                    self.record_if_possible(SinkError(failure[:200]))
        self.on_change()

    def _ended(self, event: Ended) -> None:
        self.silent = False
        measured = event.measured
        self.schedule.ended(event.item, event.end, sounded_ms=measured.frames * 1000 // RATE)
        anchor_us = self.clock.anchor_us(self._mono_us())
        first = None if event.first_us is None else from_us(event.first_us + anchor_us)
        log.info("Ended %s: %s, start error %s µs.", event.item, event.end.value, event.error_us)
        self.record_if_possible(
            PlayEnded(
                item=event.item,
                end=event.end,
                part=event.part,
                first_sample_at=first,
                error_us=event.error_us,
                frames=measured.frames,
                xruns=event.xruns,
                rms_cdb=measured.rms_cdb,
            )
        )
