"""The plan kept on the node: accepted once, read again at every start by the same rule."""

import logging
from datetime import datetime

from vang_node.home import Home, Pinned, write_private
from vang_protocol.acceptance import AcceptedPlan, accept_plan
from vang_protocol.reasons import Refused
from vang_protocol.strict_json import digest

log = logging.getLogger(__name__)


class PlanKeeper:
    """``current`` is the plan followed; ``newest`` its version and hash, never falling."""

    def __init__(self, home: Home, pinned: Pinned, newest: tuple[int, str] | None) -> None:
        self._file, self._answer = home.plan_file, pinned.answer
        self.newest = newest
        self.current: AcceptedPlan | None = None

    def consider(self, data: bytes, *, now: datetime) -> AcceptedPlan | None:
        """The plan in ``data`` if it is to be followed from now on; None if it is followed.

        Raises Refused. ``keep`` must be called before anything is done by it.
        """
        accepted = self._accept(data, now)
        if self.current is not None and accepted.sha256 == self.current.sha256:
            return None
        return accepted

    def keep(self, accepted: AcceptedPlan, data: bytes) -> None:
        """Put it on the disk and follow it."""
        write_private(self._file, data)
        self._adopt(accepted)

    def reread(self, *, now: datetime) -> AcceptedPlan | None:
        """The plan kept before the last stop, if it is still good."""
        try:
            data = self._file.read_bytes()
        except OSError:
            return None
        try:
            accepted = self._accept(data, now)
        except Refused as error:
            log.warning("The plan kept here is not followed: %s", error)
            return None
        self._adopt(accepted)
        return accepted

    def _accept(self, data: bytes, now: datetime) -> AcceptedPlan:
        return accept_plan(
            data,
            unit=self._answer.unit,
            routine_keys=self._answer.routine_keys,
            current=self.newest,
            now=now,
        )

    def _adopt(self, accepted: AcceptedPlan) -> None:
        self.current = accepted
        self.newest = (accepted.plan.version, accepted.sha256)


def refusal_key(data: bytes, error: Refused) -> tuple[str, str]:
    """The same bad plan, offered again and again, is one line in the journal."""
    return digest(data), error.reason.value
