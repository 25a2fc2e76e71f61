"""Who may sign software for the loudspeakers: people apart from the holders of the root.

Their public files lie on the server; each policy that the holders sign names them anew.
"""

from pathlib import Path

from vang.base.files import write_atomic
from vang.trust import folder as places
from vang.trust.metadata import read, read_root
from vang.trust.refusing import TrustRefused
from vang.trust.signers import Holder, read_holder
from vang_protocol.releases import MOST_SIGNERS, ROLE


def signers() -> list[Holder]:
    """Whom the next policy will name."""
    return [read_holder(path) for path in sorted(_folder().glob("*.json"))]


def take_in_signer(holder: Holder) -> int:
    """Keep the public file; how many are here. Raises TrustRefused."""
    known = signers()
    if any(one.public == holder.public for one in known):
        raise TrustRefused("holder-known", "This key is here already.")
    content = places.root_bytes()
    if content is not None and holder.keyid in read_root(content).keys:
        raise TrustRefused("holder-known", "A holder of the root signs no software with that key.")
    if len(known) == MOST_SIGNERS:
        raise TrustRefused("software-signers", f"At most {MOST_SIGNERS} people sign software.")
    write_atomic(_folder() / f"{holder.keyid}.json", holder.to_json())
    return len(known) + 1


def leave_out_signer(begin: str) -> str:
    """Whoever's key id begins so is not in the next policy. Raises TrustRefused."""
    wanted = begin.replace(" ", "").lower()
    found = [one for one in signers() if one.keyid.startswith(wanted)]
    if len(wanted) < 8 or len(found) != 1:
        raise TrustRefused("no-such-key", "That names none, or several, of the keys.")
    (_folder() / f"{found[0].keyid}.json").unlink()
    return found[0].name


def named_signers() -> frozenset[str]:
    """Key ids that the policy in force names."""
    version = places.newest_version(places.folder(), "targets")
    content = places.file(f"metadata/{version}.targets.json") if version else None
    delegations = read(content).signed.delegations if content is not None else None
    return frozenset(delegations.keys) if delegations else frozenset()


def standing_list() -> bytes | None:
    """The newest list of releases, byte for byte."""
    version = places.newest_version(places.folder(), ROLE)
    return places.file(f"metadata/{version}.{ROLE}.json") if version else None


def _folder() -> Path:
    return places.folder() / "software-signers"
