"""What the alerts need of the room that keeps keys and policy: everything through here."""

from dataclasses import dataclass
from typing import Protocol

from vang.people.models import Person
from vang.trust import queries
from vang.trust.demonstration import demonstration_signer
from vang.trust.models import PersonKey
from vang_protocol.envelopes import SigningKey
from vang_protocol.policies import Policy


@dataclass(frozen=True)
class Signer:
    """A key with which a person may sign now. ``credential`` is base64url, "" for a key in a
    file, which only a demonstration has."""

    keyid: str
    credential: str = ""

    @property
    def software(self) -> bool:
        return not self.credential


@dataclass(frozen=True)
class Hand:
    """With what a person signs: the policy in force (None: no node obeys), and those keys of
    theirs that it names, passkeys first."""

    policy: Policy | None = None
    signers: tuple[Signer, ...] = ()

    @property
    def software(self) -> bool:
        """Whether a demonstration's key may sign for them."""
        return any(one.software for one in self.signers)


class Trust(Protocol):
    """The keeper of keys."""

    def current_policy(self) -> Policy | None: ...

    def hand_of(self, person: Person) -> Hand: ...

    def demonstration_key(self, person: Person) -> SigningKey | None: ...


class Kept:
    """The keys of this installation and the policy of its province."""

    def current_policy(self) -> Policy | None:
        return queries.current_policy()

    def hand_of(self, person: Person) -> Hand:
        policy, keys = queries.hand_of(person)
        signers = sorted((_signer(key) for key in keys), key=lambda one: one.software)
        return Hand(policy, tuple(signers))

    def demonstration_key(self, person: Person) -> SigningKey | None:
        return demonstration_signer(person)


def _signer(key: PersonKey) -> Signer:
    return Signer(key.keyid, "" if key.is_software else key.credential_id)


_trust: Trust = Kept()


def provide(trust: Trust) -> None:
    """For tests and simulations."""
    global _trust  # noqa: PLW0603 - one keeper a process
    _trust = trust


def current_policy() -> Policy | None:
    """The policy that nodes obey now; None when there is none."""
    return _trust.current_policy()


def hand_of(person: Person) -> Hand:
    return _trust.hand_of(person)


def demonstration_key(person: Person) -> SigningKey | None:
    """The person's key in a file; None outside a demonstration."""
    return _trust.demonstration_key(person)
