"""What one role carries of another. Pure."""

from collections.abc import Iterable

from vang.orgs.models import Unit
from vang.people.models import Membership

Role = Membership.Role
_CARRIES: dict[str, frozenset[str]] = {Role.LEADER: frozenset({Role.APPROVER})}


def effective(held: Iterable[str]) -> frozenset[str]:
    """The roles held and all that they carry: a leader may do whatever an approver may."""
    return frozenset(str(role) for own in held for role in (own, *_CARRIES.get(own, frozenset())))


def carried(role: str, held: Iterable[str]) -> bool:
    """Whether another of the held roles brings ``role`` anyway."""
    return any(role in _CARRIES.get(own, frozenset()) for own in held)


def bringing(role: str) -> frozenset[str]:
    """The roles any of which lets its holder act as ``role``."""
    return frozenset(own for own in Role.values if role in effective([own]))


def _all_but(*left: str) -> frozenset[str]:
    return frozenset(Role.values) - set(left)


# Readers look from above: they are named by the district's or province's own unit.
ROLES_TO_GIVE: dict[str, frozenset[str]] = {
    Unit.Level.PROVINCE: _all_but(),
    Unit.Level.DISTRICT: _all_but(),
    Unit.Level.COMMUNE: _all_but(Role.READER),
    Unit.Level.OFFICE: _all_but(Role.READER, Role.TECHNICIAN),
    Unit.Level.VILLAGE: frozenset(),
}
"""By the unit's level: what its administrator may give."""
