"""Looking for a new plan: at once on a hint, every ``poll_s`` without a link, rarely with one."""

import logging
import threading
from collections.abc import Callable

from vang_node.backoff import Backoff
from vang_node.server import Server, Unreachable
from vang_protocol.reasons import Reason, Refused
from vang_protocol.states import NodeState

WITH_LINK_S = 300.0

log = logging.getLogger(__name__)


class Poller:
    """Asks for the plan for ever and says when it cannot."""

    def __init__(
        self, server: Server, *, poll_s: int, link_up: Callable[[], bool],
        on_plan: Callable[[bytes], None], state: Callable[[], NodeState],
        backoff: Backoff | None = None,
    ) -> None:  # fmt: skip
        self._server, self._poll_s, self._link_up = server, poll_s, link_up
        self._on_plan, self._state = on_plan, state
        self._etag: str | None = None
        self._backoff = backoff or Backoff(most=max(60.0, float(poll_s)))
        self._wake = threading.Event()
        self._stopping = threading.Event()

    def look_now(self) -> None:
        self._wake.set()

    def stop(self) -> None:
        self._stopping.set()
        self._wake.set()

    def run(self) -> None:
        while not self._stopping.is_set():
            wait_s = self._look()
            self._wake.wait(wait_s)
            self._wake.clear()

    def _look(self) -> float:
        try:
            self._ask()
        except (Unreachable, Refused) as error:
            if isinstance(error, Refused) and error.reason is Reason.NO_PLAN:
                return float(self._poll_s)
            wait_s = self._backoff.failed()
            log.warning("No plan from the server: %s. Trying again in %.0f s.", error, wait_s)
            return wait_s
        self._backoff.succeeded()
        return WITH_LINK_S if self._link_up() else float(self._poll_s)

    def _ask(self) -> None:
        """How it is comes first: there may be no plan yet."""
        if not self._link_up():
            self._server.report(self._state())
            self._server.ask_time()
        found = self._server.plan(self._etag)
        if found.data is not None:
            self._on_plan(found.data)
        self._etag = found.etag
