"""Every change to accounts, roles and the ways in."""

from vang.people.services.accounts import (
    change_password,
    create_person,
    end_role,
    grant_role,
    random_password,
    reset_password,
    still_to_hold,
)

__all__ = [
    "change_password",
    "create_person",
    "end_role",
    "grant_role",
    "random_password",
    "reset_password",
    "still_to_hold",
]
