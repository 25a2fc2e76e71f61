"""The province's TUF metadata: what each part says, and what it must never say. Pure.

The root names three holders, two of whom sign the root and the policy, and one key of the server
that vouches every day that the newest is the newest.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from securesystemslib.signer import CryptoSigner  # type: ignore[attr-defined]
from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Key,
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)

from vang.trust.refusing import TrustRefused
from vang.trust.signers import HOLDER, Holder
from vang_protocol.provinces import TARGET, material_of
from vang_protocol.releases import FEWEST_SIGNERS, MOST_SIGNERS, PREFIX, ROLE

HOLDERS, THRESHOLD = 3, 2
OFFLINE, ONLINE = ("root", "targets"), ("snapshot", "timestamp")
OFFLINE_LASTS, ONLINE_LASTS = timedelta(days=365), timedelta(days=14)


def first_root(holders: Iterable[Holder], online: Holder, *, now: datetime) -> Root:
    """Raises TrustRefused unless the holders are three with three keys."""
    root = Root(expires=ends(now, OFFLINE_LASTS), consistent_snapshot=True)
    for role in OFFLINE:
        for holder in holders:
            root.add_key(holder.key, role)
        root.roles[role].threshold = THRESHOLD
    for role in ONLINE:
        root.add_key(online.key, role)
    check_root(root)
    return root


def next_root(
    root: Root,
    *,
    now: datetime,
    out: str = "",
    holder: Holder | None = None,
    online: Holder | None = None,
) -> Root:
    """The following root: one holder (``out``, a key id) hands over to ``holder``, or the server
    has a new key, or only its end is moved. Raises TrustRefused."""
    after = Root.from_dict(root.to_dict())
    after.version += 1
    after.expires = ends(now, OFFLINE_LASTS)
    if holder is not None:
        if out not in root.roles["root"].keyids:
            raise TrustRefused("no-such-holder", "That key is none of the holders'.")
        for role in OFFLINE:
            after.revoke_key(out, role)
            after.add_key(holder.key, role)
    if online is not None:
        for role in ONLINE:
            for keyid in list(after.roles[role].keyids):
                after.revoke_key(keyid, role)
            after.add_key(online.key, role)
    check_root(after)
    return after


def check_root(root: Root) -> None:
    """What TUF itself would let pass: a key under two ids, too few holders, a weak threshold.

    Raises TrustRefused.
    """
    _check_ids(root.keys)
    for role in OFFLINE:
        one = root.roles[role]
        if len(set(one.keyids)) != HOLDERS or one.threshold != THRESHOLD:
            raise TrustRefused("holders", f"{role}: {THRESHOLD} of {HOLDERS} holders must sign.")
    if set(root.roles["root"].keyids) != set(root.roles["targets"].keyids):
        raise TrustRefused("holders", "Root and policy have the same holders.")
    daily = {keyid for role in ONLINE for keyid in root.roles[role].keyids}
    if len(daily) != 1 or daily & set(root.roles["root"].keyids):
        raise TrustRefused("server-key", "The server has one key, which is no holder's.")
    if not root.consistent_snapshot:
        raise TrustRefused("snapshot", "Consistent snapshots must be on.")


def _check_ids(keys: Mapping[str, Key]) -> None:
    material = [material_of(key.keyval) for key in keys.values()]
    if len(set(material)) != len(material):
        raise TrustRefused("one-key-twice", "One key stands under two names.")
    for keyid, key in keys.items():
        if keyid != Holder("?", material_of(key.keyval)).keyid:
            raise TrustRefused("false-id", f"The key id {keyid[:16]} is not that of its key.")


def holders_of(root: Root) -> list[Key]:
    """In the order in which they stand in the root."""
    return [root.keys[keyid] for keyid in root.roles["root"].keyids]


def holder_name(key: Any) -> str:
    return str(key.unrecognized_fields.get(HOLDER, "")) or f"{key.keyid[:16]}…"


def online_keyid(root: Root) -> str:
    return str(root.roles["timestamp"].keyids[0])


def new_targets(
    payload: bytes, *, version: int, now: datetime, software: Sequence[Holder] = ()
) -> Targets:
    """The one target is the policy; ``software``: who may sign releases, two of them together."""
    targets = Targets(version=version, expires=ends(now, OFFLINE_LASTS))
    targets.targets[TARGET] = TargetFile.from_data(TARGET, payload, ["sha256"])
    if software:
        targets.delegations = delegation(software)
    return targets


def delegation(signers: Sequence[Holder]) -> Delegations:
    """Raises TrustRefused unless they are two to five with as many keys."""
    keys = {one.keyid: one.key for one in signers}
    if len(keys) != len(signers) or not FEWEST_SIGNERS <= len(keys) <= MOST_SIGNERS:
        raise TrustRefused("software-signers", "Two to five people sign software, each one key.")
    role = DelegatedRole(ROLE, list(keys), THRESHOLD, terminating=True, paths=[f"{PREFIX}*"])
    return Delegations(dict(keys), {ROLE: role})


def check_delegation(targets: Targets) -> None:
    """Nothing but software is handed on, and never to fewer than two. Raises TrustRefused."""
    found = targets.delegations
    if found is None:
        return
    roles = found.roles or {}
    if set(roles) != {ROLE} or found.succinct_roles is not None:
        raise TrustRefused("other-targets", "The file hands on other things than software.")
    role = roles[ROLE]
    _check_ids(found.keys)
    if role.threshold != THRESHOLD or role.paths != [f"{PREFIX}*"] or not role.terminating:
        raise TrustRefused("other-targets", "The software's role is not as it must be.")


def new_list(entries: dict[str, TargetFile], *, version: int, now: datetime) -> Targets:
    """The list of releases that may be installed."""
    targets = Targets(version=version, expires=ends(now, OFFLINE_LASTS))
    targets.targets.update(entries)
    return targets


def new_snapshot(
    targets_version: int, *, version: int, now: datetime, software: int = 0
) -> Snapshot:
    """``software``: the version of the list of releases; 0: there is none."""
    snapshot = Snapshot(version=version, expires=ends(now, ONLINE_LASTS))
    snapshot.meta["targets.json"] = MetaFile(targets_version)
    if software:
        snapshot.meta[f"{ROLE}.json"] = MetaFile(software)
    return snapshot


def new_timestamp(snapshot_version: int, *, version: int, now: datetime) -> Timestamp:
    timestamp = Timestamp(version=version, expires=ends(now, ONLINE_LASTS))
    timestamp.snapshot_meta = MetaFile(snapshot_version)
    return timestamp


def signed(part: Any, *signers: CryptoSigner) -> bytes:
    """The metadata file of ``part``, signed by all."""
    whole: Metadata[Any] = Metadata(part)
    for signer in signers:
        whole.sign(signer, append=True)
    return bytes(whole.to_bytes())


def add_signature(content: bytes, signer: CryptoSigner) -> bytes:
    """The same file with one more signature. Raises TrustRefused."""
    whole = read(content)
    whole.sign(signer, append=True)
    return bytes(whole.to_bytes())


def read(content: bytes) -> Metadata[Any]:
    """Raises TrustRefused for anything that is no metadata of TUF."""
    try:
        return Metadata.from_bytes(content)
    except (RepositoryError, ValueError, KeyError, TypeError, AttributeError):
        raise TrustRefused("not-metadata", "The file is no metadata of a trust folder.") from None


def read_root(content: bytes) -> Root:
    """Raises TrustRefused."""
    part = read(content).signed
    if not isinstance(part, Root):
        raise TrustRefused("not-a-root", "The file is no root.")
    return part


def ends(now: datetime, lasts: timedelta) -> datetime:
    """TUF counts whole seconds."""
    return now.replace(microsecond=0) + lasts
