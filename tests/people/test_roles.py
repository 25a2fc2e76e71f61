"""What one role carries of another."""

import pytest

from vang.people.models import Membership
from vang.people.roles import bringing, effective


def test_a_leader_may_act_as_approver_not_the_other_way_round() -> None:
    assert effective(["LEADER"]) == {"LEADER", "APPROVER"}
    assert effective(["APPROVER"]) == {"APPROVER"}


def test_nothing_held_is_nothing() -> None:
    assert effective([]) == frozenset()


def test_both_bring_the_approver() -> None:
    assert bringing("APPROVER") == {"APPROVER", "LEADER"}
    assert bringing("LEADER") == {"LEADER"}


@pytest.mark.parametrize("role", Membership.Role.values)
def test_every_role_brings_itself(role: str) -> None:
    assert role in effective([role])
    assert role in bringing(role)
