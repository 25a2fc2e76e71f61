"""What a holder is shown before signing. Needs no database."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from tuf.api.exceptions import LengthOrHashMismatchError
from tuf.api.metadata import Root, Targets

from vang.trust.differences import differences
from vang.trust.metadata import check_delegation, check_root, holder_name, holders_of, read
from vang.trust.refusing import TrustRefused
from vang.trust.signers import read_limited
from vang_protocol.limits import POLICY_BYTES
from vang_protocol.policies import Policy, parse_policy
from vang_protocol.provinces import TARGET
from vang_protocol.reasons import Refused
from vang_protocol.releases import PREFIX, RELEASE_BYTES, release_named

_LIST_BYTES = 64 * 1024


def described(
    content: bytes,
    *,
    policy: Path | None,
    published: Path | None,
    releases: Sequence[Path] = (),
) -> Iterator[str]:
    """Lines that say what the signature will mean. Raises TrustRefused for what must not be
    signed: a bad root, or a policy that is not the one in the file."""
    part = read(content).signed
    if isinstance(part, Root):
        return _root(part)
    if not isinstance(part, Targets):
        raise TrustRefused("not-a-holders", "Holders sign roots and policies only.")
    if any(name.startswith(PREFIX) for name in part.targets):
        return _list(part, published, releases)
    if policy is None:
        raise TrustRefused("no-policy-file", "Give the policy too (--policy): nobody signs unread.")
    return _targets(part, read_limited(policy, POLICY_BYTES), published)


def _root(root: Root) -> Iterator[str]:
    check_root(root)
    yield f"Root {root.version}, until {root.expires:%d/%m/%Y}. Two of these three sign together:"
    for key in holders_of(root):
        yield f"  {holder_name(key)}  {key.keyid[:32]}"


def _targets(targets: Targets, payload: bytes, published: Path | None) -> Iterator[str]:
    if set(targets.targets) != {TARGET}:
        raise TrustRefused("other-targets", "The file names other things than the policy.")
    check_delegation(targets)
    try:
        targets.targets[TARGET].verify_length_and_hashes(payload)
    except LengthOrHashMismatchError:
        raise TrustRefused("other-policy", "The file is not about this policy.") from None
    new = _parsed(payload)
    old = _parsed(read_limited(published, POLICY_BYTES)) if published else None
    yield f"Policy {new.version}, until {new.expires:%d/%m/%Y}."
    for key in targets.delegations.keys.values() if targets.delegations else ():
        yield f"  may sign software, with another: {holder_name(key)}  {key.keyid[:32]}"
    yield f"Against policy {old.version}:" if old else "All that it says:"
    yield from (f"  {line}" for line in differences(old, new) or ["no difference but the dates"])


def _list(part: Targets, published: Path | None, files: Sequence[Path]) -> Iterator[str]:
    """What comes and goes; whatever is new must lie here, as whoever signs built it or got it."""
    if part.delegations is not None or not all(map(release_named, part.targets)):
        raise TrustRefused("other-targets", "The file names other things than releases.")
    before = read(read_limited(published, _LIST_BYTES)).signed.targets if published else {}
    have = {path.name: path for path in files}
    yield f"List {part.version} of releases, until {part.expires:%d/%m/%Y}."
    yield from (f"  taken off: {name}" for name in sorted(set(before) - set(part.targets)))
    for name, entry in sorted(part.targets.items()):
        if name in before and before[name].hashes == entry.hashes:
            yield f"  as before: {name}"
            continue
        path = have.get(name.removeprefix(PREFIX))
        if path is None:
            raise TrustRefused("no-release-file", f"Give {name} too (--release), to sign it.")
        try:
            entry.verify_length_and_hashes(read_limited(path, RELEASE_BYTES))
        except LengthOrHashMismatchError:
            raise TrustRefused("other-bytes", f"{path} is not what the list names.") from None
        yield f"  new: {name}  {entry.hashes['sha256']}"


def _parsed(payload: bytes) -> Policy:
    try:
        return parse_policy(payload)
    except Refused as error:
        raise TrustRefused("bad-policy", f"No node would take this policy: {error}") from None
