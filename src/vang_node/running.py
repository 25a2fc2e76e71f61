"""``vang-node run``: all threads of the agent, until a signal asks it to end."""

import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path

import httpx

from vang_node.agent import Agent
from vang_node.allegiance import Allegiance, Told
from vang_node.fetch import Fetcher
from vang_node.home import Home, HomeUnfit
from vang_node.launcher import AGAIN
from vang_node.link import Link
from vang_node.listening import Ear, Microphone
from vang_node.live.wire import Wire
from vang_node.microphones import make_microphone
from vang_node.mqtt import MqttWay
from vang_node.outbox import Outbox
from vang_node.poll import Poller
from vang_node.readings import mono_us
from vang_node.realtime import raise_priority
from vang_node.releases import settings_followed
from vang_node.sensors import Machine, Sensors
from vang_node.server import Server, make_client
from vang_node.sinks import Sink
from vang_node.sinks.alsa import AlsaSink
from vang_node.sinks.wav import WavSink
from vang_node.stick import Offers, StickReader
from vang_node.supervised import Supervisor
from vang_node.threads import Threads
from vang_node.updating import Updater, release_store
from vang_node.upload import Uploader
from vang_node.ways import Ways
from vang_node.websocket import WebSocketWay
from vang_node.words import said
from vang_protocol.links import POLICY_CHANGED, Order

FADE_WAIT_S = 3.0

log = logging.getLogger(__name__)


def make_sink(text: str, home: Home) -> Sink:
    """``alsa``, ``alsa:DEVICE`` or ``wav:FOLDER``; raises HomeUnfit for anything else."""
    kind, _, rest = text.partition(":")
    if kind == "alsa":
        return AlsaSink(rest or "default")
    if kind == "wav" and rest:
        return WavSink(Path(rest), keep_bytes=home.local().capture_mb * 1024 * 1024)
    words = "{text} is no sound output: use alsa, alsa:DEVICE or wav:FOLDER."
    raise HomeUnfit(said(words, text=repr(text)))


def usual_sink(file: Path = Path("/etc/default/vang-node")) -> str:
    """The sound output of the package's service, else ``alsa``."""
    told = os.environ.get("VANG_NODE_SINK")
    if told:
        return told
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return "alsa"
    named = [line.partition("=")[2] for line in lines if line.startswith("VANG_NODE_SINK=")]
    return named[-1].strip().strip("\"'") if named else "alsa"


def run(home: Home, sink_text: str) -> int:
    """Until SIGTERM or SIGINT. 0; 1 when a part of the node died; AGAIN for another release."""
    home.pinned()  # raises HomeUnfit before anything is made in a folder that is not a node's
    with locked(home):
        agent = Agent(home, make_sink(sink_text, home))
        with make_client(agent.pinned.server, ca_file=agent.local.ca_file) as client:
            return _Node(agent, client).run()


def _microphone(text: str | None) -> Microphone | None:
    try:
        return make_microphone(text)
    except ValueError as error:
        raise HomeUnfit(str(error)) from None


@contextmanager
def locked(home: Home) -> Iterator[None]:
    """One agent a folder: two would break the journal's chain."""
    with home.lock_file.open("w") as file:
        try:
            flock(file, LOCK_EX | LOCK_NB)
        except OSError:
            words = said("Another vang-node is running in {home}.", home=home.root)
            raise HomeUnfit(words) from None
        file.write(str(os.getpid()))
        file.flush()
        yield


def _ways(agent: Agent, server: Server) -> Ways:
    answer, ca_file = agent.pinned.answer, agent.local.ca_file
    return Ways(
        server,
        node=answer.node,
        kept=agent.home.paths_file,
        socket=lambda: WebSocketWay(server, ca_file=ca_file),
        broker=lambda brokers, number: MqttWay(
            server, brokers, number, unit=answer.unit, ca_file=ca_file
        ),
    )


class _Node:
    """Wires the agent to its threads."""

    def __init__(self, agent: Agent, client: httpx.Client) -> None:
        self._agent = agent
        answer, key = agent.pinned.answer, agent.home.key()
        server = Server(
            client,
            node=answer.node,
            key=key,
            on_exchange=lambda exchange: agent.tell(lambda: agent.time.observe(exchange)),
            on_standing=lambda reason: agent.tell(lambda: agent.observe_standing(reason)),
        )
        self.receipts = Outbox()
        self.link = Link(
            server,
            state=lambda: agent.reporter.latest,
            on_hint=self._hinted,
            on_turn=self._look_now,
            on_order=self._ordered,
            receipts=self.receipts,
            ways=_ways(agent, server),
            on_exchange=lambda exchange: agent.tell(lambda: agent.time.observe(exchange)),
        )
        self.wire = Wire(
            on_exchange=lambda exchange: agent.tell(lambda: agent.time.observe(exchange)),
            on_frame=agent.live.hear,
            where=lambda: server.session().link_url,
        )
        self.wire.attach(self.link, agent.live, agent.tell)
        self.poller = Poller(
            server,
            poll_s=settings_followed()[1].poll_s or answer.poll_s,
            link_up=lambda: self.link.up,
            on_plan=lambda data: agent.tell(lambda: agent.offer_plan(data)),
            state=lambda: agent.reporter.latest,
        )
        self.uploader = Uploader(
            server,
            agent.home,
            node=answer.node,
            key=key,
            accepted=lambda through: agent.tell(lambda: agent.server_has(through)),
        )
        self.fetcher = Fetcher(
            server,
            agent.store,
            record=lambda event: agent.tell(lambda: agent.recorder.record_if_possible(event)),
            changed=lambda: agent.tell(agent.on_change),
        )
        self.allegiance = Allegiance(
            server,
            Told(
                order=self._ordered,
                beacon=lambda answer: agent.tell(lambda: agent.observe_beacon(answer)),
                pinned=lambda audio: agent.tell(lambda: agent.keep_ready(audio)),
                policy=lambda: agent.offer_policy(server.trust),
            ),
            self.receipts,
            link_up=lambda: self.link.up,
            has_policy=lambda: agent.policies.policy is not None,
            greeted=lambda: agent.book.ledger.greeted,
        )
        watch, ear = agent.player.watch, Ear(_microphone(agent.local.microphone))
        agent.player.ear = ear
        self.sensors = Sensors(
            Machine(agent.home.root),
            lambda health: replace(health, silence=watch.last, heard=ear.last),
        )
        agent.health = self.sensors.latest
        agent.on_receipt = self._answered
        agent.commander.on_behind = self.allegiance.behind
        agent.on_newer_policy = self.allegiance.policy_now
        agent.fetcher = self.fetcher
        agent.recorder.on_record = self.uploader.wake
        agent.on_change = self._changed
        agent.link_is_up = lambda: self.link.up
        self.updater = Updater(
            server, agent, release_store(agent), restart=self._restart_for_release
        )
        self.stick = StickReader(
            agent.home,
            Offers(
                policy=agent.offer_policy,
                plan=lambda data: agent.tell(lambda: agent.offer_plan(data)),
                order=self._ordered,
                sound=self.fetcher.bring,
            ),
            self.receipts,
        )
        self._parts = (
            self.poller, self.fetcher, self.uploader, self.link, self.allegiance, self.sensors,
            self.wire, self.updater, ear, self.stick,
        )  # fmt: skip
        self._again = False
        self._ending: str | None = None
        self._threads = Threads(on_death=self._died)

    def run(self) -> int:
        signal.signal(signal.SIGTERM, self._signalled)
        signal.signal(signal.SIGINT, self._signalled)
        sys.setswitchinterval(0.001)  # the audio thread must not wait 5 ms for its turn
        agent, threads = self._agent, self._threads
        player = threads.start("sound", self._sound)
        agent.start()
        agent.turn(0.0)
        for part in self._parts:
            threads.start(type(part).__name__.lower(), part.run)
        supervisor = Supervisor()
        while self._ending is None:
            agent.turn()
            supervisor.turned(mono_us())
        supervisor.ends()
        self._end(player)
        if threads.dead:
            return 1
        return AGAIN if self._again else 0

    def _restart_for_release(self) -> None:
        self._again, self._ending = True, "another release begins"

    def _sound(self) -> None:
        raise_priority()
        self._agent.player.run()

    def _end(self, player: threading.Thread) -> None:
        log.info("Ending: %s.", self._ending)
        for part in self._parts:
            part.stop()
        self._agent.player.stop()
        player.join(FADE_WAIT_S)
        self._agent.close(self._ending or "")

    def _signalled(self, number: int, _frame: object) -> None:
        self._ending = signal.Signals(number).name

    def _died(self, name: str) -> None:
        self._ending = f"the {name} thread died"

    def _hinted(self, plan: int) -> None:
        if plan == POLICY_CHANGED:
            self.allegiance.policy_now()
        self._look_now()

    def _look_now(self) -> None:
        self.poller.look_now()
        self.allegiance.look_now()

    def _ordered(self, order: Order) -> None:
        manifest = order.manifest.encode() or None
        self._agent.tell(lambda: self._agent.offer_command(order.command.encode(), manifest))

    def _answered(self, receipt: bytes) -> None:
        self.receipts.put(receipt)
        if self.link.up:
            self.link.state_changed()
        else:
            self.allegiance.answered()

    def _changed(self) -> None:
        self._agent.reporter.build()
        self.link.state_changed()
