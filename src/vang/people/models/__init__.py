"""People, what each may do where, and how they come in."""

from vang.people.models.doors import Limit, SecondFactorRule
from vang.people.models.links import Invitation, OneTimeLink
from vang.people.models.persons import Membership, Person
from vang.people.models.sessions import Device, SignInSession

__all__ = [
    "Device",
    "Invitation",
    "Limit",
    "Membership",
    "OneTimeLink",
    "Person",
    "SecondFactorRule",
    "SignInSession",
]
