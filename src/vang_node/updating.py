"""Taking releases: ask, fetch, verify, wait for a quiet hour, and prove oneself afterwards.

One thread. It never touches what sounds: whether the loudspeaker is free, and whether the new
release is well, is asked on the main loop.
"""

import logging
import os
import queue
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from vang_node.backoff import Backoff
from vang_node.examining import complaints
from vang_node.readings import mono_us
from vang_node.releases import (
    NotTaken,
    NoWord,
    ReleaseStore,
    Trial,
    factory_folder,
    running_version,
)
from vang_node.server import Server, Unreachable
from vang_protocol.reasons import Reason, Refused
from vang_protocol.releases import Failure, Listed, Offer, Phase, Told
from vang_protocol.states import ReleaseState

if TYPE_CHECKING:
    from vang_node.agent import Agent

BEFORE_A_PLAY = timedelta(minutes=5)
"""No release begins so shortly before something is due, its trial included."""
QUIET_EVERY_S = 5.0
PROVE_EVERY_S = 2.0
FIRST_S = 10.0
NO_UPDATES_S = 3600.0
ANSWER_S = 10.0
MINUTE_US = 60_000_000

T = TypeVar("T")
log = logging.getLogger(__name__)


def release_store(agent: "Agent") -> ReleaseStore:
    return ReleaseStore(
        agent.home.software,
        factory=factory_folder(),
        root=agent.pinned.answer.trust_root.encode(),
    )


class Updater:
    """``restart`` ends this process so that the launcher starts what was chosen."""

    def __init__(
        self, server: Server, agent: "Agent", store: ReleaseStore, *, restart: Callable[[], None]
    ) -> None:
        self._server, self._agent, self._store = server, agent, store
        self._restart = restart
        self._trial = store.trial() if os.environ.get("VANG_NODE_GUARDED") else None
        self._phase = Phase.IDLE
        self._ready: Offer | None = None
        self._due_us = self._began_us = 0
        self._backoff = Backoff(most=300.0)
        self._stopping = threading.Event()
        agent.release = self.state()

    def state(self) -> ReleaseState | None:
        """For the node's report of itself; None when nothing could go back."""
        if not self._store.managed:
            return None
        return ReleaseState(
            running_version(),
            self._agent.configuration,
            self._store.installed_at(),
            healthy=self._trial is None,
        )

    def stop(self) -> None:
        self._stopping.set()

    def run(self) -> None:
        self._began_us = mono_us()
        with_files = self._guarded(self._store.tidy)
        wait_s = PROVE_EVERY_S if self._trial else FIRST_S
        while with_files and not self._stopping.wait(wait_s):
            self._note_minute()
            wait_s = self._look()
        self._stopping.wait()

    def _note_minute(self) -> None:
        if self._began_us and mono_us() - self._began_us > MINUTE_US:
            self._began_us = 0
            self._guarded(self._store.ran_a_minute)

    def _guarded(self, act: Callable[[], None]) -> bool:
        try:
            act()
        except OSError as error:
            log.warning("Releases: %s", error)
        return True

    def _look(self) -> float:
        try:
            wait_s = self._prove(self._trial) if self._trial else self._follow()
        except (Unreachable, Refused, OSError, NoWord) as error:
            if isinstance(error, Refused) and error.reason is Reason.FILE_NOT_FOUND:
                return NO_UPDATES_S  # a server without roll-outs
            wait_s = self._backoff.failed()
            log.info("No word about releases: %s. Asking again in %.0f s.", error, wait_s)
            return wait_s
        self._backoff.succeeded()
        return wait_s

    def _prove(self, trial: Trial) -> float:
        """A new release is kept once it is well and the server has heard it."""
        found = self._on_main(lambda: complaints(self._agent))
        said = ["the main loop does not answer"]
        if found is not None:
            said = [words for name, words in found.items() if name not in trial.before]
        try:
            self._server.release(self._told(Phase.TRYING))
        except (Unreachable, Refused) as error:
            said = [*said, f"the server is not heard: {error}"]
        if said:
            self._store.complain("; ".join(said))
            return PROVE_EVERY_S
        self._store.keep(trial)
        self._trial = None
        self._agent.release = self.state()
        return 0.0

    def _follow(self) -> float:
        if mono_us() >= self._due_us:
            self._ask()
        left_s = max(1.0, (self._due_us - mono_us()) / 1e6)
        if self._ready is None:
            return left_s
        span = timedelta(minutes=self._ready.minutes) + BEFORE_A_PLAY
        if self._on_main(lambda: self._agent.is_free_for(span)):
            self._begin(self._ready)
            return NO_UPDATES_S
        return min(QUIET_EVERY_S, left_s)

    def _ask(self) -> None:
        answered = self._server.release(self._told(self._phase))
        self._due_us = mono_us() + answered.again_s * 1_000_000
        offer = answered.offer
        if offer is None or not self._is_to_be_taken(offer):
            self._phase, self._ready = Phase.IDLE, None
            return
        if self._ready == offer:
            return
        self._ready = None
        try:
            self._fetch(offer)
        except NotTaken as error:
            log.warning("Release %s is not taken: %s", offer.release.version, error)
            self._store.give_up(offer.ask, error.reason, error.detail)
            self._phase = Phase.IDLE
            self._server.release(self._told(Phase.IDLE))
        else:
            self._phase, self._ready = Phase.WAITING, offer
            self._server.release(self._told(Phase.WAITING))

    def _is_to_be_taken(self, offer: Offer) -> bool:
        if not self._store.managed or self._told(Phase.IDLE).follows(offer.release):
            return False
        failed = self._store.failed()
        return failed is None or failed.ask != offer.ask

    def _fetch(self, offer: Offer) -> None:
        now = self._on_main(self._agent.time.plan_time)
        if now is None:
            raise NoWord("the main loop does not answer")
        listed = self._store.listed(offer.release, self._server.trust, now=now)
        if self._store.has(listed):
            return
        self._server.release(self._told(Phase.FETCHING))
        self._download(listed)
        self._store.adopt(listed)
        log.info("Release %s is here and verified.", offer.release.version)

    def _download(self, listed: Listed) -> None:
        """Go on where it broke off; a server that sends too much is cut off."""
        part = self._store.part(listed)
        part.parent.mkdir(parents=True, exist_ok=True)
        have = part.stat().st_size if part.exists() else 0
        if have >= listed.bytes:
            return
        if self._agent.store.free_bytes() < listed.bytes * 8:
            raise NotTaken(Failure.NO_ROOM, f"{listed.bytes} bytes, unpacked some more")
        with (
            self._server.file(listed.sha256, start=have) as (start, chunks),
            part.open("ab" if start else "wb") as file,
        ):
            for chunk in chunks:
                if file.tell() + len(chunk) > listed.bytes:
                    file.truncate(0)
                    raise NotTaken(Failure.WRONG_FILE, "the server sends more than was signed")
                file.write(chunk)
                if self._stopping.is_set():
                    raise NoWord("the node is stopping")

    def _begin(self, offer: Offer) -> None:
        before = self._on_main(lambda: complaints(self._agent)) or {}
        self._store.try_out(Trial(offer, tuple(before)))
        log.info("Release %s begins its trial.", offer.release.version)
        self._restart()

    def _told(self, phase: Phase) -> Told:
        return Told(
            software=running_version(),
            configuration=self._agent.configuration,
            managed=self._store.managed,
            phase=phase,
            trial=self._trial.offer.release if self._trial else None,
            failed=self._store.failed(),
        )

    def _on_main(self, question: Callable[[], T]) -> T | None:
        """What the main loop answers; None when it does not in time."""
        answers: queue.SimpleQueue[T] = queue.SimpleQueue()
        self._agent.tell(lambda: answers.put(question()))
        try:
            return answers.get(timeout=ANSWER_S)
        except queue.Empty:
            return None
