"""What a holder is shown before signing. Needs no database."""

from collections.abc import Iterator
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


def described(content: bytes, *, policy: Path | None, published: Path | None) -> Iterator[str]:
    """Lines that say what the signature will mean. Raises TrustRefused for what must not be
    signed: a bad root, or a policy that is not the one in the file."""
    part = read(content).signed
    if isinstance(part, Root):
        return _root(part)
    if not isinstance(part, Targets):
        raise TrustRefused("not-a-holders", "Holders sign roots and policies only.")
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


def _parsed(payload: bytes) -> Policy:
    try:
        return parse_policy(payload)
    except Refused as error:
        raise TrustRefused("bad-policy", f"No node would take this policy: {error}") from None
