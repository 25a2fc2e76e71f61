"""Three holders with their keys at hand, and a server that publishes what they sign."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from securesystemslib.signer import CryptoSigner  # type: ignore[attr-defined]

from vang.trust import folder as places
from vang.trust.metadata import first_root, new_targets, next_root, read_root, signed
from vang.trust.online import new_online_key
from vang.trust.publishing import Offer, publish_and_note
from vang.trust.services import make_policy
from vang.trust.signers import Holder, make_key, read_key
from vang_node.policy import PolicyStore
from vang_protocol.policies import Policy


def holder(folder: Path, name: str) -> tuple[Holder, CryptoSigner]:
    path = folder / f"{name}.key"
    return Holder(name, make_key(path, None)), read_key(path, None)


@dataclass
class Ceremony:
    """What the holders do, in memory."""

    folder: Path
    holders: list[tuple[Holder, CryptoSigner]] = field(default_factory=list)

    def begin(self, now: datetime) -> None:
        self.holders = [holder(self.folder, name) for name in ("Một", "Hai", "Ba")]
        root = first_root([one for one, _key in self.holders], new_online_key(), now=now)
        publish_and_note(Offer((signed(root, *self.signers(0, 1)),)), now=now)

    def signers(self, *numbers: int) -> list[CryptoSigner]:
        return [self.holders[number][1] for number in numbers]

    def targets(self, payload: bytes, now: datetime, *by: CryptoSigner) -> bytes:
        version = places.newest_version(places.folder(), "targets") + 1
        return signed(new_targets(payload, version=version, now=now), *by)

    def publish(self, now: datetime) -> Policy:
        """The policy of this moment, signed by the first and the third."""
        payload = bytes(make_policy(now=now).payload)
        offer = Offer((), self.targets(payload, now, *self.signers(0, 2)), payload)
        policy = publish_and_note(offer, now=now)
        assert policy is not None
        return policy

    def hand_over(self, number: int, name: str, payload: bytes, now: datetime) -> None:
        """One holder leaves: the next root by old and new, and the policy signed once more."""
        comes = holder(self.folder, name)
        old = read_root(places.root_bytes() or b"")
        after = next_root(old, now=now, out=self.holders[number][0].keyid, holder=comes[0])
        before = self.signers(0, 1, 2)
        self.holders[number] = comes
        root = signed(after, *before, comes[1])
        publish_and_note(Offer((root,), self.targets(payload, now, *self.signers(0, 1))), now=now)


def a_node(folder: Path) -> PolicyStore:
    """A real node's store, with the root pinned that the server tells at enrolment."""
    return PolicyStore(folder, places.root_text().encode())
