"""Putting signed metadata in place: never before it was verified exactly as a node will."""

import logging
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from tuf.api.exceptions import DownloadError, RepositoryError
from tuf.api.metadata import Root, Targets

from vang.base.files import write_atomic
from vang.trust import folder as places
from vang.trust.changes import policy_published
from vang.trust.metadata import (
    ONLINE_LASTS,
    check_delegation,
    check_root,
    new_snapshot,
    new_timestamp,
    online_keyid,
    read,
    read_root,
    signed,
)
from vang.trust.online import online_signer
from vang.trust.queries import is_demonstration, published_payload
from vang.trust.refusing import TrustRefused
from vang.trust.services import note_published
from vang.trust.signers import read_limited
from vang_protocol.limits import POLICY_BYTES, ROOT_BYTES
from vang_protocol.policies import Policy, parse_policy
from vang_protocol.provinces import Fetch, newest_policy
from vang_protocol.reasons import Refused
from vang_protocol.releases import ROLE, listed_release, release_named
from vang_protocol.strict_json import digest

DAILY = timedelta(days=1)
_KEPT_SNAPSHOTS = 20
_TIMESTAMP = "metadata/timestamp.json"
METADATA_BYTES = max(ROOT_BYTES, 64 * 1024)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Offer:
    """What the holders bring back: any of a new root, new targets, and the policy itself; and
    what the signers of software do: a new list of releases."""

    roots: tuple[bytes, ...] = ()
    targets: bytes | None = None
    policy: bytes | None = None
    software: bytes | None = None


@dataclass
class _Stage:
    """Files by their path below the folder, in the order in which they are put in place."""

    files: dict[str, bytes] = field(default_factory=dict)

    def fetch(self, path: str) -> bytes | None:
        """As a node would fetch it once the stage is in place."""
        found = self.files.get(path)
        return places.file(path) if found is None else found


def read_offer(paths: Iterable[Path]) -> Offer:
    """Files from the holders' stick. Raises TrustRefused."""
    roots: list[bytes] = []
    targets = policy = software = None
    for path in paths:
        if path.name.endswith(".policy.json"):
            policy = read_limited(path, POLICY_BYTES)
            continue
        content = read_limited(path, METADATA_BYTES)
        if path.name.endswith(f".{ROLE}.json"):
            software = content
            continue
        part = read(content).signed
        if isinstance(part, Root):
            roots.append(content)
        elif isinstance(part, Targets):
            targets = content
        else:
            raise TrustRefused("not-a-holders", f"{path} is not a file that holders sign.")
    roots.sort(key=lambda content: read_root(content).version)
    return Offer(tuple(roots), targets, policy, software)


def publish(offer: Offer, *, now: datetime) -> Policy | None:
    """Verify the offer as every node will, then put it in place; the policy now in force.

    A root that is published before there is any policy stands alone, and None is answered. Raises
    TrustRefused, and then nothing was changed.
    """
    with places.alone():
        _vouch_if_due(now)
        stage = _staged(offer, now)
        policy = _verified(stage, now)
        _put(stage)
    return policy


def _staged(offer: Offer, now: datetime) -> _Stage:
    stage = _Stage()
    root = _root_of(offer)
    if offer.policy is not None:
        stage.files[f"targets/{digest(offer.policy)}.policy.json"] = offer.policy
    targets = offer.targets or _standing("targets")
    if targets is not None:
        _vouched(stage, targets, root, now, offer.software)
    elif offer.software is not None:
        raise TrustRefused("no-policy", "Publish a policy that names the signers of software.")
    # The timestamp comes last: until it stands, nodes see what was before.
    timestamp = stage.files.pop(_TIMESTAMP, None)
    for content in offer.roots:
        stage.files[f"metadata/{read_root(content).version}.root.json"] = content
    _refuse_to_write_over(stage)
    if timestamp is not None:
        stage.files[_TIMESTAMP] = timestamp
    return stage


def _root_of(offer: Offer) -> Root:
    """The newest root once the offer is in place."""
    for content in offer.roots:
        check_root(read_root(content))
    newest = offer.roots[-1] if offer.roots else places.root_bytes()
    if newest is None:
        raise TrustRefused("no-root", "There is no root yet: it comes first.")
    return read_root(newest)


def _refuse_to_write_over(stage: _Stage) -> None:
    for path, content in stage.files.items():
        if places.file(path) not in (None, content):
            raise TrustRefused("exists", f"Another {path} is published already.")


def _vouched(
    stage: _Stage, targets: bytes, root: Root, now: datetime, software: bytes | None = None
) -> None:
    """The targets, and the list of releases, with a snapshot and a timestamp by the server's own
    key."""
    signer = online_signer(online_keyid(root))
    part = read(targets).signed
    check_delegation(part)
    version = part.version
    stage.files[f"metadata/{version}.targets.json"] = targets
    releases = _list_version(part, software)
    if software is not None:
        stage.files[f"metadata/{releases}.{ROLE}.json"] = software
    number = _later(places.newest_version(places.folder(), "snapshot"), now)
    stage.files[f"metadata/{number}.snapshot.json"] = signed(
        new_snapshot(version, version=number, now=now, software=releases), signer
    )
    stage.files[_TIMESTAMP] = signed(
        new_timestamp(number, version=_later(_timestamp_version(), now), now=now), signer
    )


def _list_version(targets: Targets, software: bytes | None) -> int:
    """Of the list of releases. One that was signed stays in the snapshot: TUF lets none vanish."""
    if software is None:
        return places.newest_version(places.folder(), ROLE)
    if targets.delegations is None:
        raise TrustRefused("no-signers", "The policy in force names nobody who may sign software.")
    return int(read(software).signed.version)


def _later(version: int, now: datetime) -> int:
    """The next number, at least the minutes since 1970: after an older backup was put back, what
    is signed anew is still newer than what any device has seen."""
    return max(version + 1, int(now.timestamp()) // 60)


def _standing(role: str) -> bytes | None:
    version = places.newest_version(places.folder(), role)
    return places.file(f"metadata/{version}.{role}.json") if version else None


def _timestamp_version() -> int:
    content = places.file(_TIMESTAMP)
    return int(read(content).signed.version) if content is not None else 0


def _verified(stage: _Stage, now: datetime) -> Policy | None:
    """By a node that enrols now, and by one that has followed from the first root on."""
    first = stage.fetch("metadata/1.root.json")
    newest = _newest_root(stage)
    if first is None:
        raise TrustRefused("no-root", "The first root is missing.")
    if _TIMESTAMP not in stage.files:
        _check_root_alone(newest)
        return None
    standing: Policy | None = None
    with _node() as old:
        if places.file(_TIMESTAMP) is not None:
            standing = _seen(old, first, places.file, now)
        found = _seen(old, first, stage.fetch, now)
    with _node() as fresh:
        if _seen(fresh, newest, stage.fetch, now) != found:
            raise TrustRefused("two-policies", "A new node and an old one see two policies.")
        _check_list(fresh, newest, stage, now)
    if found.demonstration and not is_demonstration():
        raise TrustRefused("demonstration", "Software keys count in a demonstration only.")
    if standing is not None and found != standing and found.version <= standing.version:
        number = standing.version
        raise TrustRefused("not-newer", f"Policy {number} is in force; this one must be newer.")
    return found


def _newest_root(stage: _Stage) -> bytes:
    staged = [path for path in stage.files if path.endswith(".root.json")]
    found = stage.files[staged[-1]] if staged else places.root_bytes()
    if found is None:
        raise TrustRefused("no-root", "There is no root yet: it comes first.")
    return found


def _check_root_alone(content: bytes) -> None:
    """A first root, signed by enough of its own holders."""
    whole = read(content)
    if whole.signed.version != 1:
        raise TrustRefused("no-policy", "Publish a first policy before the root is changed.")
    try:
        whole.verify_delegate("root", whole)
    except (RepositoryError, ValueError) as error:
        raise TrustRefused("root-unsigned", f"The root is not signed by two: {error}") from None


@contextmanager
def _node() -> Iterator[Path]:
    """The folder of a node that exists only to try."""
    home = Path(tempfile.mkdtemp(prefix="vang-trust-"))
    (home / "metadata").mkdir()
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _seen(home: Path, root: bytes, fetch: Fetch, now: datetime) -> Policy:
    try:
        return parse_policy(newest_policy(home, root, fetch, now=now))
    except (RepositoryError, DownloadError, ValueError) as error:
        name = type(error).__name__
        raise TrustRefused("nodes-refuse", f"Nodes would refuse it: {name}: {error}") from None
    except Refused as error:
        raise TrustRefused("nodes-refuse", f"Nodes would refuse it: {error.detail}") from None


def _check_list(home: Path, root: bytes, stage: _Stage, now: datetime) -> None:
    """A new list of releases, as a node takes it that is offered one of them."""
    path = next((one for one in stage.files if one.endswith(f".{ROLE}.json")), None)
    if path is None:
        return
    targets = read(stage.files[path]).signed.targets
    try:
        for name in targets:
            release = release_named(name)
            if release is None:
                raise TrustRefused("other-targets", f"{name} is no release.")
            listed_release(home, root, stage.fetch, release, now=now)
    except (RepositoryError, DownloadError, ValueError) as error:
        raise TrustRefused("nodes-refuse", f"Nodes would refuse it: {error}") from None


def _put(stage: _Stage) -> None:
    for path, content in stage.files.items():
        write_atomic(places.folder() / path, content)


def resign_due(*, now: datetime) -> int:
    """Once a day the server says again that the newest is the newest. Cheap: one small file."""
    if _is_fresh(now):
        return 0
    with places.alone():
        return _vouch_if_due(now)


def _is_fresh(now: datetime) -> bool:
    content = places.file(_TIMESTAMP)
    return content is None or bool(read(content).signed.expires > now + ONLINE_LASTS - DAILY)


def _vouch_if_due(now: datetime) -> int:
    root, targets = places.root_bytes(), _standing("targets")
    if _is_fresh(now) or root is None or targets is None:
        return 0
    stage = _Stage()
    _vouched(stage, targets, read_root(root), now)
    _put(stage)
    _forget_snapshots()
    return 1


def _forget_snapshots() -> None:
    """Nobody asks for a snapshot that no timestamp names."""
    found = (places.folder() / "metadata").glob("*.snapshot.json")
    oldest_first = sorted(found, key=lambda one: int(one.name.partition(".")[0]))
    for one in oldest_first[:-_KEPT_SNAPSHOTS]:
        one.unlink(missing_ok=True)


def publish_and_note(offer: Offer, *, now: datetime) -> Policy | None:
    """As :func:`publish`, and the pages know it too. Raises TrustRefused."""
    policy = publish(offer, now=now)
    payload = published_payload()
    if policy is not None and payload is not None:
        note_published(
            payload=payload, number=policy.version, demonstration=policy.demonstration, now=now
        )
        policy_published()
    return policy
