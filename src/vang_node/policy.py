"""The node's own verified copy of the policy, brought by TUF and kept beyond its network.

TUF's metadata ends by design, and a node that lost its network must not fall silent for that: what
was verified once is kept here, and the policy's own grace says how long it still holds.
"""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from tuf.api.exceptions import DownloadError, DownloadHTTPError, RepositoryError
from tuf.api.metadata import Metadata, Root, Targets
from tuf.ngclient import FetcherInterface, Updater, UpdaterConfig

from vang_node.home import write_private
from vang_protocol.limits import POLICY_BYTES
from vang_protocol.policies import Policy, parse_policy
from vang_protocol.reasons import Reason, Refused

TARGET = "policy.json"
METADATA, TARGETS = "metadata/", "targets/"

log = logging.getLogger(__name__)

Fetch = Callable[[str], bytes | None]
"""The bytes at a path below the server's trust folder; None where there is none."""


class PolicyStore:
    """``folder`` holds TUF's metadata and ``policy.json``. ``root`` was pinned at enrolment."""

    def __init__(self, folder: Path, root: bytes) -> None:
        self._folder, self._root = folder, root
        self._kept = folder / TARGET
        self._metadata = folder / "metadata"
        self._metadata.mkdir(parents=True, exist_ok=True)
        self.policy = self._reread()

    def refresh(self, fetch: Fetch, *, now: datetime) -> bool:
        """Ask for a newer policy; whether one was taken. Without a root none ever is.

        Raises Refused(POLICY_REFUSED) for anything that is not the province's, and OSError when
        the disk does not take it. No answer at all is False: there will be another time.
        """
        if not self._root:
            return False
        try:
            payload = self._target(fetch, now)
        except DownloadError as error:
            log.info("No policy from the server: %s", error)
            return False
        except RepositoryError as error:
            raise Refused(Reason.POLICY_REFUSED, f"{type(error).__name__}: {error}"[:200]) from None
        return self._take(payload)

    def _target(self, fetch: Fetch, now: datetime) -> bytes:
        updater = Updater(
            str(self._metadata),
            METADATA,
            str(self._folder),
            TARGETS,
            fetcher=_Fetcher(fetch),
            config=UpdaterConfig(max_root_rotations=32, targets_max_length=64 * 1024),
            bootstrap=self._root,
        )
        # The library reads the system's clock, which a node may not trust.
        updater._trusted_set.reference_time = now
        updater.refresh()
        self._check_keys()
        found = updater.get_targetinfo(TARGET)
        if found is None:
            raise RepositoryError("the policy is not among the targets")
        if found.length > POLICY_BYTES:
            raise RepositoryError("the policy is too large")
        aside = self._folder / "offered.json"
        updater.download_target(found, str(aside))
        return aside.read_bytes()

    def _check_keys(self) -> None:
        """One key under two names would count as two of the province's signers."""
        root = Metadata[Root].from_file(str(self._metadata / "root.json")).signed
        material = [_material(key.keyval) for key in root.keys.values()]
        targets = Metadata[Targets].from_file(str(self._metadata / "targets.json")).signed
        delegated = targets.delegations.keys.values() if targets.delegations else ()
        material += [_material(key.keyval) for key in delegated]
        if len(set(material)) != len(material):
            raise RepositoryError("one key stands under two names")

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


def _material(keyval: dict[str, object]) -> str:
    """The public part alone, however it is wrapped."""
    return "".join(str(keyval.get("public", "")).split()).lower()


class _Fetcher(FetcherInterface):
    """Only paths below the server's trust folder, through the node's own session."""

    def __init__(self, fetch: Fetch) -> None:
        self._get = fetch

    def _fetch(self, url: str) -> Iterator[bytes]:
        data = self._get(url)
        if data is None:
            raise DownloadHTTPError(f"{url} is not there", 404)
        return iter([data])
