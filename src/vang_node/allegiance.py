"""Asking what the province says: commands that wait, the policy, where this node stands.

Everything that has no hurry when the link is up, and all of it when the link is down: a dead link
costs a minute, not a warning.
"""

import logging
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass

from vang_node.backoff import Backoff
from vang_node.outbox import Outbox
from vang_node.readings import mono_us
from vang_node.server import Server, Unreachable
from vang_protocol.links import Order
from vang_protocol.plans import Audio
from vang_protocol.reasons import Refused

COMMANDS_EVERY_S = 60.0
LINK_TEST_EVERY_S = 180.0
"""The silent test: a question that only the pages, with the commune's key, can answer."""
WITH_LINK_S = 300.0
POLICY_EVERY_S = 6 * 3600.0
FIRST_POLICY_S = 60.0
BEHIND_EVERY_S = 20.0

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answered:
    """A beacon's envelope, the question it must answer, and when both travelled (monotonic)."""

    nonce: str
    envelope: bytes
    sent_us: int
    received_us: int


@dataclass(frozen=True)
class Told:
    """What the answers are given to; every one of them hands on to the main loop."""

    order: Callable[[Order], None]
    beacon: Callable[[Answered], None]
    pinned: Callable[[list[Audio]], None]
    policy: Callable[[], None]


class Allegiance:
    """One thread, for ever."""

    def __init__(
        self, server: Server, told: Told, receipts: Outbox, *, link_up: Callable[[], bool],
        has_policy: Callable[[], bool], greeted: Callable[[], bool], backoff: Backoff | None = None,
    ) -> None:  # fmt: skip
        self._server, self._told, self._receipts = server, told, receipts
        self._link_up, self._has_policy, self._greeted = link_up, has_policy, greeted
        self._backoff = backoff or Backoff(most=COMMANDS_EVERY_S)
        self._policy_due_us = self._commands_due_us = self._test_due_us = 0
        self._behind_due_us = 0
        self._wake = threading.Event()
        self._stopping = threading.Event()

    def look_now(self) -> None:
        """The link came up or a hint was heard: something may have been missed."""
        self._commands_due_us = 0
        self._wake.set()

    def policy_now(self) -> None:
        """There is a newer policy than this node has: a key may have been lost."""
        self._policy_due_us = 0
        self.look_now()

    def behind(self) -> None:
        """Something was refused that a newer policy might allow: look, but not for every forgery
        of a flood."""
        if mono_us() >= self._behind_due_us:
            self._behind_due_us = mono_us() + int(BEHIND_EVERY_S * 1e6)
            self.policy_now()

    def answered(self) -> None:
        """There is a receipt to be brought."""
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
        except (Unreachable, Refused, OSError) as error:
            wait_s = self._backoff.failed()
            log.info("No word from the province: %s. Asking again in %.0f s.", error, wait_s)
            return wait_s
        self._backoff.succeeded()
        due_us = min(self._commands_due_us, self._test_due_us)
        return max(0.0, (due_us - mono_us()) / 1e6)

    def _ask(self) -> None:
        if mono_us() >= self._test_due_us or not self._greeted():
            self._ask_where_it_stands()
            self._test_due_us = mono_us() + int(LINK_TEST_EVERY_S * 1e6)
        if mono_us() >= self._policy_due_us:
            self._ask_for_policy()
        self._bring_receipts()
        if mono_us() >= self._commands_due_us:
            every_s = WITH_LINK_S if self._link_up() else COMMANDS_EVERY_S
            self._commands_due_us = mono_us() + int(every_s * 1e6)
            for order in self._server.commands():
                self._told.order(order)

    def _ask_where_it_stands(self) -> None:
        self._server.session()  # its opening is not part of the answer's way
        nonce, sent_us = secrets.token_hex(16), mono_us()
        envelope = self._server.beacon(nonce)
        self._told.beacon(Answered(nonce, envelope, sent_us, mono_us()))

    def _ask_for_policy(self) -> None:
        # Put off beforehand: who says meanwhile that there is a newer one is not overheard.
        self._policy_due_us = mono_us() + int(POLICY_EVERY_S * 1e6)
        try:
            self._told.policy()
            self._told.pinned(self._server.pinned())
        except BaseException:
            self._policy_due_us = 0
            raise
        if not self._has_policy():
            self._policy_due_us = mono_us() + int(FIRST_POLICY_S * 1e6)

    def _bring_receipts(self) -> None:
        if self._link_up():
            return
        while receipts := self._receipts.take():
            try:
                self._server.answer(receipts)
            except (Unreachable, Refused):
                self._receipts.put_back(receipts)
                raise
