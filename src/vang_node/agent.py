"""The node's main loop. One thread decides and writes the journal; others only bring news."""

import logging
import queue
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

from vang_node import BUILT, SOFTWARE
from vang_node.allegiance import Answered
from vang_node.audio_store import AudioStore
from vang_node.clock import Exchange, Reading, TrustedClock
from vang_node.commanding import Commander
from vang_node.decoder import Feed
from vang_node.fetch import Fetcher
from vang_node.home import Home, write_private
from vang_node.journal import Journal
from vang_node.keeping import PlanKeeper, refusal_key
from vang_node.live.receiver import LiveReceiver
from vang_node.orders import OrderBook
from vang_node.outlet import Outlet
from vang_node.player import Began, Ended, Player, PlayerEvent, Quiet, SinkChanged
from vang_node.policy import PolicyStore
from vang_node.readings import read_clocks
from vang_node.recorder import Recorder
from vang_node.releases import settings_followed
from vang_node.reporting import Reporter
from vang_node.schedule import Schedule, Surroundings
from vang_node.server import MS_US
from vang_node.sinks import Sink
from vang_node.stage import Stage
from vang_node.timepiece import Timepiece
from vang_protocol.acceptance import AcceptedPlan
from vang_protocol.beacons import open_beacon
from vang_protocol.healths import Health
from vang_protocol.instants import to_us
from vang_protocol.plans import Audio
from vang_protocol.provinces import Fetch
from vang_protocol.reasons import Reason, Refused
from vang_protocol.records import (
    Boot,
    ClockStep,
    End,
    OrderRefused,
    PlanAccepted,
    PlanRefused,
    Shutdown,
    Silence,
    SinkError,
)
from vang_protocol.states import ReleaseState

TICK_S = 0.25
STUCK_US = 5_000_000
REFUSALS_KEPT = 50

log = logging.getLogger(__name__)

News = Callable[[], None]


class Agent:
    """Everything between ``start`` and ``close`` happens on the thread that calls ``turn``."""

    def __init__(
        self,
        home: Home,
        sink: Sink,
        *,
        read: Callable[[], Reading] = read_clocks,
        feed: type[Feed] = Feed,
    ) -> None:
        self.home, self.sink = home, sink
        self.configuration, settings = settings_followed()
        self.pinned, self.local = home.pinned(), home.local(settings)
        self.release: ReleaseState | None = None
        self.boot = uuid4().hex[:12]
        self.journal = Journal(home.journal, node=self.pinned.answer.node, boot=self.boot)
        memory = self.journal.memory
        booted = read()
        clock = TrustedClock(booted, built=BUILT, written=memory.last_at)
        self.time = Timepiece(clock, booted=booted, read=read)
        self.recorder = Recorder(self.journal, clock, read=read)
        self.store = AudioStore(home.audio, reserve=self.local.reserve_mb * 1024 * 1024)
        self.keeper = PlanKeeper(home, self.pinned, memory.plan)
        self.schedule = Schedule(cluster=self.pinned.answer.cluster, memory=memory)
        self.player = Player(
            sink, self.time.mono_us, self._from_player, self.local.device_delay_ms * 1000
        )
        self.stage = Stage(
            self.schedule, self.store, self.player, self.recorder, clock,
            mono_us=self.time.mono_us, ceiling_db=0, feed=feed,
        )  # fmt: skip
        self.stage.on_audio_lost = self.ask_for_audio
        self.policies = PolicyStore(home.trust, self.pinned.answer.trust_root.encode())
        self.book = OrderBook(
            home.orders_file, unit=self.pinned.answer.unit, cluster=self.pinned.answer.cluster
        )
        self.outlet = Outlet(self.schedule, self.stage, self.store, self.recorder, self.time.now)
        self.commander = Commander(
            self.book, self.policies, self.outlet, node=self.pinned.answer.node, key=home.key(),
            sounds=home.sounds, now=self.time.now, trusted=self.time.is_trusted,
            send=self._answer,
        )  # fmt: skip
        self.live = LiveReceiver(
            self.outlet, self.schedule, self.book, over=self.commander.over, now=self.time.now,
            memory=self.journal.memory,
        )  # fmt: skip
        self.commander.live = self.live
        self.stage.on_order_begun = self.commander.begun
        self.stage.on_order_over = self._order_over
        self.on_receipt: Callable[[bytes], None] = lambda _receipt: None
        self.on_newer_policy: Callable[[], None] = lambda: None
        self.pinned_audio: list[Audio] = []
        self.stage.ceiling_db = self.volume_ceiling_db
        self.reporter = Reporter(self)
        self.fetcher: Fetcher | None = None
        self.on_change: Callable[[], None] = lambda: None
        self.link_is_up: Callable[[], bool] = lambda: False
        self.health: Callable[[], Health | None] = lambda: None
        self.uploaded_through = 0
        self.sink_failure: str | None = "not opened yet"
        self.silent = False
        self._news: queue.SimpleQueue[News] = queue.SimpleQueue()
        self._refusals: list[tuple[str, str]] = []
        self.barred = home.barred_file.exists()
        self.engaged: list[Callable[[], bool]] = []

    @property
    def volume_ceiling_db(self) -> int:
        """The lowest of the server's, the technician's, and what was ordered."""
        installed = min(self.pinned.answer.volume_ceiling_db, self.local.volume_ceiling_db)
        return min(installed, self.book.ledger.ceiling_db)

    def tell(self, news: News) -> None:
        """From any thread: run ``news`` on the main loop."""
        self._news.put(news)

    def start(self) -> None:
        """Write the first records of this boot and take up the plan kept on the disk."""
        boot = Boot(SOFTWARE, self.sink.name[:200], self.journal.torn_bytes)
        self.recorder.record_if_possible(boot)
        self._heed_policy()
        self.stage.close_interrupted()
        accepted = self.keeper.reread(now=self.time.plan_time())
        if accepted is not None:
            self._follow(accepted)
        self.commander.take_up()
        self.ask_for_audio()

    def turn(self, timeout_s: float = TICK_S) -> None:
        """Wait for news or the next tick, and act."""
        self._take_news(timeout_s)
        self._watch_clock()
        while self._act():
            pass
        self.reporter.write_status()

    def close(self, detail: str) -> None:
        """After the player has faded out and ended."""
        self._take_news(0.0)
        self.stage.clear()
        self.recorder.record_if_possible(Shutdown(detail))
        self.reporter.write_status(running=False)
        self.journal.close()

    def is_free_for(self, span: timedelta) -> bool:
        """Whether nothing sounds, was ordered, or is due within ``span``: the time to begin
        another release. ``engaged`` says what else occupies the loudspeaker."""
        if self.schedule.busy or self.book.ledger.standing or any(one() for one in self.engaged):
            return False
        due = self.schedule.next_due()
        return due is None or due > self.time.now() + span

    def offer_plan(self, data: bytes) -> None:
        """A plan came from the server: follow it, or say in the journal why not."""
        try:
            accepted = self.keeper.consider(data, now=self.time.plan_time())
            if accepted is not None:
                self.keeper.keep(accepted, data)
                self._follow(accepted)
        except Refused as error:
            self._refuse(data, error)
        except OSError as error:
            log.critical("The plan could not be kept: %s", error)

    def offer_command(self, data: bytes, manifest: bytes | None) -> None:
        """A command came, over the link or with a poll."""
        self.commander.offer(data, manifest)
        self.stage.ceiling_db = self.volume_ceiling_db
        self.ask_for_audio()
        self.on_change()

    def offer_policy(self, fetch: Fetch) -> None:
        """Look whether the province signed a newer policy, and say when it is not one.

        From any thread: what is followed changes in one step.
        """
        try:
            if self.policies.refresh(fetch, now=self.time.plan_time()):
                self.tell(self._heed_policy)
        except Refused as error:
            log.warning("A policy was refused: %s", error)
            refusal = OrderRefused("policy", "0" * 64, error.reason, error.detail[:200])
            self.tell(lambda: self.recorder.record_if_possible(refusal))
        except OSError as error:
            log.critical("The policy could not be kept: %s", error)

    def observe_standing(self, withdrawn: Reason | None) -> None:
        """Whether the office lets this node in, or why not. Withdrawn or suspended it is silent,
        also after the next boot; whoever could fake that could as well cut the line."""
        if (withdrawn is not None) is self.barred:
            return
        log.critical("The office: %s", withdrawn.text if withdrawn else "this node is trusted.")
        self.barred = withdrawn is not None
        try:
            if withdrawn is None:
                self.home.barred_file.unlink(missing_ok=True)
            else:
                write_private(self.home.barred_file, withdrawn.value.encode())
        except OSError as error:
            log.critical("That could not be kept: %s", error)
        if self.barred:
            self.outlet.silence()
            self.on_change()

    def observe_beacon(self, told: Answered) -> None:
        """The server said, signed and to this node's own question, where it stands and what the
        time is."""
        answer, nonce = self.pinned.answer, told.nonce
        try:
            beacon = open_beacon(
                told.envelope, node=answer.node, nonce=nonce, keys=answer.routine_keys
            )
            self.book.greet(beacon)
        except Refused as error:
            log.warning("A beacon was refused: %s", error)
        except OSError as error:
            log.critical("Where this node stands could not be kept: %s", error)
        else:
            said_us = to_us(beacon.time)
            self.time.observe(Exchange(told.sent_us - MS_US, said_us, said_us, told.received_us))
            standing = self.policies.policy
            if standing is not None and beacon.policy > standing.version:
                self.on_newer_policy()

    def keep_ready(self, audio: list[Audio]) -> None:
        """These sounds stay here for whatever may come."""
        self.pinned_audio = audio
        self.ask_for_audio()

    def server_has(self, through: int) -> None:
        """The server has the journal up to ``through``; very old segments may go."""
        self.uploaded_through = through
        self.journal.forget(accepted_through=through, now=self.time.now())

    def ask_for_audio(self) -> None:
        if self.fetcher is not None:
            planned = [item.audio for item in self.schedule.wanted()]
            urgent, ready = self.commander.wanted(), self.pinned_audio
            kept = {audio.sha256 for audio in (*urgent, *ready)}
            self.fetcher.want([*urgent, *planned, *ready], self.schedule.referenced() | kept)

    def _heed_policy(self) -> None:
        """It was signed by the holders then, so it is not earlier now."""
        if self.policies.policy is not None:
            self.time.clock.raise_floor(self.policies.policy.issued)

    def _take_news(self, timeout_s: float) -> None:
        try:
            self._news.get(timeout=timeout_s)()
            while True:
                self._news.get_nowait()()
        except queue.Empty:
            pass

    def _follow(self, accepted: AcceptedPlan) -> None:
        plan, refused = accepted.plan, len(accepted.refused_items)
        self.time.clock.raise_floor(plan.issued)
        if self.journal.memory.plan != (plan.version, accepted.sha256):
            self.recorder.record_if_possible(
                PlanAccepted(plan.version, accepted.sha256, len(plan.items), refused)
            )
        log.info("Following plan %d: %d items, %d refused.", plan.version, len(plan.items), refused)
        self.stage.plan_version = plan.version
        for decision in self.schedule.follow(accepted, now=self.time.now()):
            self.stage.apply(decision)
        self.stage.drop_stale_arms()
        self.ask_for_audio()
        self.on_change()

    def _refuse(self, data: bytes, error: Refused) -> None:
        """Said once: the same bad plan comes back with every poll."""
        key = refusal_key(data, error)
        if key in self._refusals:
            return
        log.warning("A plan was refused: %s", error)
        self._refusals = [*self._refusals[1 - REFUSALS_KEPT :], key]
        refusal = PlanRefused(error.reason, error.detail[:200], key[0])
        self.recorder.record_if_possible(refusal)

    def _act(self) -> bool:
        """Apply what is due; whether anything was."""
        if self.barred or not self.time.is_trusted():
            return False
        acted = False
        self.stage.adjust_volume(self.time.now())
        self.stage.keep_time()
        self.live.tick()
        for decision in self.schedule.tick(self._surroundings()):
            self.stage.apply(decision)
            acted = True
        if acted:
            self.on_change()
        return acted

    def _surroundings(self) -> Surroundings:
        return Surroundings(
            now=self.time.now(),
            booted=self.time.booted(),
            trusted_since=self.time.trusted_since(),
            has_audio=self.store.has,
            sink_works=self.sink_failure is None and not self._player_stuck(),
            disk_full=self.fetcher is not None and self.fetcher.disk_full,
        )

    def _player_stuck(self) -> bool:
        return self.time.mono_us() - self.player.beat_us > STUCK_US

    def _watch_clock(self) -> None:
        step = self.time.watch()
        if step is not None:
            log.warning("The system clock jumped by %.1f s.", step.by_us / 1e6)
            self.recorder.record_if_possible(ClockStep(step.by_us // 1000, step.kept))

    def _answer(self, receipt: bytes) -> None:
        self.on_receipt(receipt)

    def _order_over(self, item: str, how: End | Reason) -> None:
        if not self.live.over(item, how):
            self.commander.over(item, how)
        self.ask_for_audio()

    def _from_player(self, event: PlayerEvent) -> None:
        self.tell(lambda: self._heard(event))

    def _heard(self, event: PlayerEvent) -> None:
        match event:
            case Began():
                log.info("%s is heard, %d µs from its time.", event.item, event.error_us)
            case Ended():
                self.silent = False
                self.stage.ended(event)
            case Quiet(item, lasted_ms, rms):
                self._silence(item, lasted_ms, rms)
            case SinkChanged(failure):
                self._sink_changed(failure)
        self.on_change()

    def _silence(self, item: str, lasted_ms: int, rms: int) -> None:
        self.silent = True
        log.warning("%s plays, but nothing is at the output.", item)
        self.recorder.record_if_possible(Silence(item, lasted_ms, rms))

    def _sink_changed(self, failure: str | None) -> None:
        self.sink_failure = failure
        if failure is not None:
            self.recorder.record_if_possible(SinkError(failure[:200]))
