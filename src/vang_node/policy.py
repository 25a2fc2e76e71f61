"""The node's own verified copy of the policy, brought by TUF and kept beyond its network.

TUF's metadata ends by design, and a node that lost its network must not fall silent for that: what
was verified once is kept here, and the policy's own grace says how long it still holds.
"""

import logging
from datetime import datetime
from pathlib import Path

from tuf.api.exceptions import DownloadError, RepositoryError

from vang_node.home import write_private
from vang_protocol.policies import Policy, parse_policy
from vang_protocol.provinces import TARGET, Fetch, newest_policy
from vang_protocol.reasons import Reason, Refused

log = logging.getLogger(__name__)


class PolicyStore:
    """``folder`` holds TUF's metadata and ``policy.json``. ``root`` was pinned at enrolment."""

    def __init__(self, folder: Path, root: bytes) -> None:
        self._folder, self._root = folder, root
        self._kept = folder / TARGET
        (folder / "metadata").mkdir(parents=True, exist_ok=True)
        self.policy = self._reread()

    def refresh(self, fetch: Fetch, *, now: datetime) -> bool:
        """Ask for a newer policy; whether one was taken. Without a root none ever is.

        Raises Refused(POLICY_REFUSED) for anything that is not the province's, and OSError when
        the disk does not take it. No answer at all is False: there will be another time.
        """
        if not self._root:
            return False
        try:
            payload = newest_policy(self._folder, self._root, fetch, now=now)
        except DownloadError as error:
            log.info("No policy from the server: %s", error)
            return False
        except RepositoryError as error:
            raise Refused(Reason.POLICY_REFUSED, f"{type(error).__name__}: {error}"[:200]) from None
        return self._take(payload)

    def _take(self, payload: bytes) -> bool:
        try:
            policy = parse_policy(payload)
        except Refused as error:
            raise Refused(Reason.POLICY_REFUSED, error.detail) from None
        standing = self.policy
        if standing is not None and policy.version < standing.version:
            raise Refused(Reason.POLICY_REFUSED, f"older: {policy.version}")
        if policy == standing:
            return False
        write_private(self._kept, payload)
        self.policy = policy
        log.info("Policy %d is in force until %s.", policy.version, policy.expires.isoformat())
        return True

    def _reread(self) -> Policy | None:
        """The copy from before the last boot: verified when it was written."""
        try:
            return parse_policy(self._kept.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, Refused) as error:
            log.critical("The policy kept here cannot be read: %s", error)
            return None
