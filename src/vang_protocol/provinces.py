"""The policy as a province's TUF folder brings it: verified by one rule, on the node and, before
anything is put in place, on the server.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from tuf.api.exceptions import DownloadHTTPError, RepositoryError
from tuf.api.metadata import Metadata, Root, Targets
from tuf.ngclient import FetcherInterface, Updater, UpdaterConfig

from vang_protocol.limits import POLICY_BYTES

TARGET = "policy.json"
METADATA, TARGETS = "metadata/", "targets/"

Fetch = Callable[[str], bytes | None]
"""The bytes at a path below the server's trust folder; None where there is none."""


def newest_policy(folder: Path, root: bytes, fetch: Fetch, *, now: datetime) -> bytes:
    """The policy's bytes, following from ``root`` and from what ``folder`` has verified before.

    Raises tuf's DownloadError when nothing answers and RepositoryError for anything that is not
    the province's; OSError when the disk does not take it.
    """
    updater = verified(folder, root, fetch, now=now)
    found = updater.get_targetinfo(TARGET)
    if found is None:
        raise RepositoryError("the policy is not among the targets")
    if found.length > POLICY_BYTES:
        raise RepositoryError("the policy is too large")
    aside = folder / "offered.json"
    updater.download_target(found, str(aside))
    return aside.read_bytes()


def verified(folder: Path, root: bytes, fetch: Fetch, *, now: datetime) -> Updater:
    """The province's newest metadata, every rule of it checked. Raises as above."""
    metadata = folder / "metadata"
    updater = Updater(
        str(metadata),
        METADATA,
        str(folder),
        TARGETS,
        fetcher=_Fetcher(fetch),
        config=UpdaterConfig(max_root_rotations=32, targets_max_length=64 * 1024),
        bootstrap=root,
    )
    # The library reads the system's clock, which a node may not trust.
    updater._trusted_set.reference_time = now
    updater.refresh()
    _check_keys(metadata)
    return updater


def _check_keys(metadata: Path) -> None:
    """One key under two names would count as two of the province's signers."""
    root = Metadata[Root].from_file(str(metadata / "root.json")).signed
    material = [material_of(key.keyval) for key in root.keys.values()]
    targets = Metadata[Targets].from_file(str(metadata / "targets.json")).signed
    delegated = targets.delegations.keys.values() if targets.delegations else ()
    material += [material_of(key.keyval) for key in delegated]
    if len(set(material)) != len(material):
        raise RepositoryError("one key stands under two names")


def material_of(keyval: dict[str, object]) -> str:
    """The public part alone, however it is wrapped."""
    return "".join(str(keyval.get("public", "")).split()).lower()


class _Fetcher(FetcherInterface):
    """Only paths below the server's trust folder, through the caller's own way."""

    def __init__(self, fetch: Fetch) -> None:
        self._get = fetch

    def _fetch(self, url: str) -> Iterator[bytes]:
        data = self._get(url)
        if data is None:
            raise DownloadHTTPError(f"{url} is not there", 404)
        return iter([data])
