"""What one role carries of another. Pure."""

from collections.abc import Iterable

from vang.people.models import Membership

Role = Membership.Role
_CARRIES: dict[str, frozenset[str]] = {Role.LEADER: frozenset({Role.APPROVER})}


def effective(held: Iterable[str]) -> frozenset[str]:
    """The roles held and all that they carry: a leader may do whatever an approver may."""
    return frozenset(str(role) for own in held for role in (own, *_CARRIES.get(own, frozenset())))


def bringing(role: str) -> frozenset[str]:
    """The roles any of which lets its holder act as ``role``."""
    return frozenset(own for own in Role.values if role in effective([own]))
