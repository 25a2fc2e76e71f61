"""The server's part of the ceremony: files for the holders to sign, and what stands where."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from tuf.api.metadata import Root

from vang.base.files import write_atomic
from vang.base.refusals import Refusal
from vang.trust import folder as places
from vang.trust.deriving import derived_policy, says_the_same
from vang.trust.differences import differences
from vang.trust.metadata import (
    HOLDERS,
    first_root,
    holder_name,
    holders_of,
    new_targets,
    next_root,
    online_keyid,
    read,
    read_root,
    signed,
)
from vang.trust.models import PersonKey
from vang.trust.online import new_online_key
from vang.trust.queries import (
    current_policy,
    is_demonstration,
    pending_policy,
    published,
)
from vang.trust.refusing import TrustRefused
from vang.trust.services import make_policy, revoke_key
from vang.trust.signers import Holder, read_holder
from vang.trust.software import named_signers, signers


def take_in(holder: Holder) -> int:
    """Keep a holder's public file; how many are here. Raises TrustRefused."""
    known = _holders()
    if any(one.public == holder.public for one in known):
        raise TrustRefused("holder-known", "This key is here already.")
    if any(one.name == holder.name for one in known):
        raise TrustRefused("holder-name", "A holder of this name is here already.")
    write_atomic(_folder() / f"{holder.keyid}.json", holder.to_json())
    return len(known) + 1


def _folder() -> Path:
    return places.folder() / "holders"


def _holders() -> list[Holder]:
    return [read_holder(path) for path in sorted(_folder().glob("*.json"))]


def write_first_root(out: Path, *, now: datetime) -> list[Path]:
    """Raises TrustRefused."""
    if places.root_bytes() is not None:
        raise TrustRefused("root-exists", "There is a root already: see vang keys rotate.")
    holders = _holders()
    if len(holders) != HOLDERS:
        raise TrustRefused("holders", f"Three holders are needed; {len(holders)} are here.")
    return [_write(out, "1.root.json", signed(first_root(holders, new_online_key(), now=now)))]


def write_policy(out: Path, *, now: datetime) -> tuple[list[Path], list[str]]:
    """The files to sign, and what they change. Raises TrustRefused."""
    if places.root_bytes() is None:
        raise TrustRefused("no-root", "There is no root yet: vang keys root.")
    before = current_policy()
    row = make_policy(now=now)
    payload = bytes(row.payload)
    written = [_write(out, f"{row.number}.policy.json", payload), _write_targets(out, payload, now)]
    standing = published()
    if standing is not None:
        written.append(_write(out, f"{standing.number}.policy.json", bytes(standing.payload)))
    wanted = derived_policy(number=row.number, now=now, demonstration=row.demonstration)
    return written, differences(before, wanted)


def _write_targets(out: Path, payload: bytes, now: datetime) -> Path:
    version = places.newest_version(places.folder(), "targets") + 1
    content = signed(new_targets(payload, version=version, now=now, software=signers()))
    return _write(out, f"{version}.targets.json", content)


def write_next_root(
    out: Path, *, now: datetime, leaving: str = "", holder: Holder | None, server_key: bool
) -> list[Path]:
    """The next root and the standing policy once more, since whoever leaves no longer vouches for
    it. Raises TrustRefused."""
    content, standing = places.root_bytes(), published()
    if content is None or standing is None:
        raise TrustRefused("no-root", "There is no root and no policy to go on from.")
    root = read_root(content)
    online = new_online_key() if server_key else None
    keyid = _whole_keyid(root, leaving) if leaving else ""
    after = next_root(root, now=now, out=keyid, holder=holder, online=online)
    payload = bytes(standing.payload)
    return [
        _write(out, f"{after.version}.root.json", signed(after)),
        _write_targets(out, payload, now),
        _write(out, f"{standing.number}.policy.json", payload),
    ]


def _whole_keyid(root: Root, begin: str) -> str:
    wanted = begin.replace(" ", "").lower()
    found = [str(key.keyid) for key in holders_of(root) if key.keyid.startswith(wanted)]
    if len(wanted) < 8 or len(found) != 1:
        raise TrustRefused("no-such-holder", "That names none, or several, of the holders.")
    return found[0]


def revoke(begin: str, *, now: datetime) -> str:
    """End the key whose id begins so, on the word of whoever sits at the server."""
    wanted = begin.replace(" ", "").lower()
    rows = PersonKey.objects.filter(revoked_at=None).select_related("person")
    found = [row for row in rows if row.keyid.startswith(wanted)]
    if len(wanted) < 8 or len(found) != 1:
        raise TrustRefused("no-such-key", "That names none, or several, of the keys.")
    try:
        revoke_key(key=found[0], by=None, unit=None, now=now)
    except Refusal as refusal:
        raise TrustRefused(refusal.code, str(refusal)) from None
    return f"Revoked: {found[0].keyid[:32]} of {found[0].person.full_name}"


def shown(*, now: datetime) -> Iterator[str]:
    """Root, holders, fingerprints, ends, keys of people, and what waits for signatures."""
    content = places.root_bytes()
    if content is None:
        yield "There is no root: no loudspeaker obeys any command."
        yield from (f"holder {one.name}  {one.keyid[:32]}" for one in _holders())
        return
    root = read_root(content)
    yield f"root {root.version}, until {_day(root.expires, now)}"
    yield from (f"  holder {holder_name(key)}  {key.keyid[:32]}" for key in holders_of(root))
    yield f"  server key  {online_keyid(root)[:32]}"
    for name in (f"{places.newest_version(places.folder(), 'targets')}.targets", "timestamp"):
        part = places.file(f"metadata/{name}.json")
        if part is not None:
            yield f"{name}, until {_day(read(part).signed.expires, now)}"
    named = named_signers()
    for one in signers():
        state = "" if one.keyid in named else ", from the next policy on"
        yield f"  signs software  {one.name}  {one.keyid[:32]}{state}"
    yield from _policies(now)
    for row in PersonKey.objects.filter(revoked_at=None).select_related("person"):
        state = "confirmed" if row.approved_at or row.is_software else "waits for confirmation"
        yield f"key {row.keyid[:32]}  {row.person.full_name}  {row.kind}  {row.use}  {state}"


def _policies(now: datetime) -> Iterator[str]:
    standing, waiting = current_policy(), pending_policy()
    if standing is None:
        yield "There is no policy: no loudspeaker obeys any command."
    else:
        yield f"policy {standing.version}, until {_day(standing.expires, now)}"
    if waiting is not None:
        yield f"policy {waiting.number} waits for signatures"
    wanted = derived_policy(number=1, now=now, demonstration=is_demonstration())
    if standing is None or not says_the_same(wanted, standing):
        yield "People, keys or templates have changed since:"
        yield from (f"  {line}" for line in differences(standing, wanted))


def _day(moment: datetime, now: datetime) -> str:
    left = (moment - now).days
    return f"{moment:%d/%m/%Y} ({left} days)" if left >= 0 else f"{moment:%d/%m/%Y}: OVER"


def _write(out: Path, name: str, content: bytes) -> Path:
    path = out / name
    write_atomic(path, content)
    return path
