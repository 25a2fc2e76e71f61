"""People, what each may do where, and how they come in."""

from vang.people.models.doors import Limit, SecondFactorRule
from vang.people.models.links import Invitation, OneTimeLink
from vang.people.models.persons import Membership, Person
from vang.people.models.sessions import Device, SignInSession
from vang.people.models.standing_in import Board, BoardMember, Delegation

__all__ = [
    "Board",
    "BoardMember",
    "Delegation",
    "Device",
    "Invitation",
    "Limit",
    "Membership",
    "OneTimeLink",
    "Person",
    "SecondFactorRule",
    "SignInSession",
]
