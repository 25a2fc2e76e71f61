"""What a key is worth, and what a policy says, in words for a page."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from vang.orgs.models import Unit
from vang.trust.folder import root_bytes
from vang.trust.metadata import holder_name, holders_of, read_root
from vang.trust.models import PersonKey
from vang_protocol.commands import Kind, Mode
from vang_protocol.grants import Grant
from vang_protocol.policies import Policy


class Standing(Enum):
    """The steps of a key, in their order."""

    WAITS = "waits"
    CONFIRMED = "confirmed"
    """Until the holders have signed a policy that names it."""
    DELAYED = "delayed"
    COUNTS = "counts"
    REVOKED = "revoked"

    @classmethod
    def of(cls, key: PersonKey, named: Collection[str], now: datetime) -> "Standing":
        """``named``: public keys of the policy in force."""
        if key.revoked_at is not None:
            return cls.REVOKED
        if key.approved_at is None and not key.is_software:
            return cls.WAITS
        if key.public not in named:
            return cls.CONFIRMED
        return cls.COUNTS if key.counts_from <= now else cls.DELAYED


@dataclass(frozen=True)
class RootFacts:
    """``holders``: name and the beginning of the key's id."""

    version: int
    expires: datetime
    holders: tuple[tuple[str, str], ...]


def root_facts() -> RootFacts | None:
    """None where the province has no root."""
    content = root_bytes()
    if content is None:
        return None
    root = read_root(content)
    holders = tuple((holder_name(key), str(key.keyid)[:16]) for key in holders_of(root))
    return RootFacts(root.version, root.expires, holders)


@dataclass(frozen=True)
class GrantRow:
    """``what``: emergency, drill, silence, alone, link-test or live."""

    what: str
    threshold: int
    people: tuple[str, ...]
    minutes: int
    ceiling_db: int
    templates: int


def unit_grants(policy: Policy, unit: Unit) -> list[GrantRow]:
    """What the unit's office may order, in the order of the policy."""
    names = {one.person: one.name for one in policy.persons}
    return [
        GrantRow(
            what=_what(one),
            threshold=one.threshold,
            people=tuple(sorted(names[person] for person in one.persons)),
            minutes=one.max_play_ms // 60_000,
            ceiling_db=one.ceiling_db,
            templates=len(one.templates or ()),
        )
        for one in policy.grants
        if one.issuer == unit.code
    ]


def _what(grant: Grant) -> str:
    if grant.templates is not None:
        return "alone"
    if Kind.OPEN_LIVE in grant.kinds:
        return "live"
    if Kind.LINK_TEST in grant.kinds:
        return "link-test"
    if Kind.PLAY not in grant.kinds:
        return "silence"
    return "emergency" if Mode.ACTUAL in grant.modes else "drill"
