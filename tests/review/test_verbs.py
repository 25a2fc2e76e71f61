"""The table of verbs: who may do what, when, and what they are told otherwise."""

import pytest

from vang.bulletins.models import Bulletin
from vang.people.models import Membership
from vang.review.facts import Facts, Sound
from vang.review.verbs import (
    APPROVE,
    EDIT,
    EXPIRE,
    RELEASE,
    RETURN,
    SUBMIT,
    VERBS,
    WITHDRAW,
    Verb,
    allowed_verbs,
    offers,
    why_not,
)

STATES = [str(state) for state in Bulletin.State]
WRITER, APPROVER = {"WRITER"}, {"APPROVER"}
READY = Facts(sound=Sound.READY)


def names(state: str, roles: set[str], facts: Facts = READY) -> list[str]:
    return [verb.name for verb in allowed_verbs(state, roles, facts)]


def code(verb: Verb, state: str, roles: set[str], facts: Facts = READY) -> str | None:
    reason = why_not(verb, state, roles, facts)
    return reason.code if reason else None


def test_the_table_speaks_of_states_and_roles_that_exist() -> None:
    for verb in VERBS:
        assert verb.sources | {verb.target} <= set(STATES)
        assert verb.roles <= set(Membership.Role.values)


def test_verb_names_are_unique() -> None:
    assert len({verb.name for verb in VERBS}) == len(VERBS)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("DRAFT", ["edit", "submit", "withdraw"]),
        ("IN_REVIEW", ["edit", "withdraw"]),
        ("RETURNED", ["edit", "withdraw"]),
        ("APPROVED", ["edit", "release", "withdraw"]),
        ("RELEASED", ["correct", "withdraw"]),
        ("WITHDRAWN", []),
        ("EXPIRED", []),
    ],
)
def test_what_a_writer_may_do(state: str, expected: list[str]) -> None:
    assert names(state, WRITER) == expected


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("DRAFT", ["withdraw"]),
        ("IN_REVIEW", ["approve", "return", "withdraw"]),
        ("RETURNED", ["withdraw"]),
        ("APPROVED", ["return", "release", "withdraw"]),
        ("RELEASED", ["withdraw"]),
        ("WITHDRAWN", []),
        ("EXPIRED", []),
    ],
)
def test_what_an_approver_may_do(state: str, expected: list[str]) -> None:
    assert names(state, APPROVER) == expected


@pytest.mark.parametrize("role", ["TECHNICIAN", "READER", "ADMINISTRATOR"])
@pytest.mark.parametrize("state", STATES)
def test_other_roles_may_do_nothing_to_a_bulletin(state: str, role: str) -> None:
    assert names(state, {role}) == []


def test_nobody_approves_a_bulletin_they_took_part_in() -> None:
    own = Facts(took_part=True, sound=Sound.READY)
    assert code(APPROVE, "IN_REVIEW", WRITER | APPROVER, own) == "not-independent"
    assert code(APPROVE, "IN_REVIEW", WRITER | APPROVER, READY) is None


@pytest.mark.parametrize(
    ("sound", "expected"),
    [
        (Sound.ABSENT, "sound-absent"),
        (Sound.BEING_MADE, "sound-being-made"),
        (Sound.FAILED, "sound-failed"),
        (Sound.READY, None),
    ],
)
def test_an_approval_waits_for_the_sound(sound: Sound, expected: str | None) -> None:
    assert code(APPROVE, "IN_REVIEW", APPROVER, Facts(sound=sound)) == expected


def test_an_emergency_is_neither_submitted_nor_approved_nor_released() -> None:
    emergency = Facts(emergency=True, sound=Sound.READY)
    assert code(SUBMIT, "DRAFT", WRITER, emergency) == "emergency-needs-keys"
    assert code(APPROVE, "IN_REVIEW", APPROVER, emergency) == "emergency-needs-keys"
    assert code(RELEASE, "APPROVED", WRITER, emergency) == "emergency-needs-keys"
    assert code(EDIT, "DRAFT", WRITER, emergency) is None


def test_the_trial_voice_airs_only_when_allowed() -> None:
    trial = Facts(sound=Sound.READY, trial_voice=True)
    allowed = Facts(sound=Sound.READY, trial_voice=True, trial_may_air=True)
    assert code(RELEASE, "APPROVED", WRITER, trial) == "trial-voice"
    assert code(RELEASE, "APPROVED", WRITER, allowed) is None
    assert code(APPROVE, "IN_REVIEW", APPROVER, trial) is None


def test_a_verb_out_of_its_state_says_when_it_can_be_done() -> None:
    reason = why_not(RELEASE, "DRAFT", WRITER, READY)
    assert reason is not None
    assert (reason.code, reason.message) == ("wrong-state", RELEASE.only_when)


def test_the_wrong_role_is_told_before_the_wrong_state() -> None:
    assert code(APPROVE, "DRAFT", WRITER) == "not-an-approver"
    assert code(EDIT, "RELEASED", APPROVER) == "not-a-writer"
    assert code(WITHDRAW, "WITHDRAWN", {"TECHNICIAN"}) == "not-in-newsroom"


def test_verbs_that_take_something_from_somebody_need_a_comment() -> None:
    assert {verb for verb in VERBS if verb.needs_comment} == {RETURN, WITHDRAW}


@pytest.mark.parametrize("roles", [WRITER, APPROVER, APPROVER | {"LEADER"}, set()])
def test_nobody_makes_a_bulletin_expire(roles: set[str]) -> None:
    assert code(EXPIRE, "RELEASED", roles) == "by-itself"
    assert "expire" not in offers("RELEASED", roles, READY)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, None),
        ({"sensitive": True}, "needs-leader"),
        ({"sensitive": True, "leader": True}, None),
        ({"sensitive": True, "leader": True, "took_part": True}, "not-independent"),
        ({"leader": True}, None),
    ],
)
def test_a_sensitive_topic_is_approved_by_a_leader(
    facts: dict[str, bool], expected: str | None
) -> None:
    assert code(APPROVE, "IN_REVIEW", APPROVER, Facts(sound=Sound.READY, **facts)) == expected


def test_what_was_called_sensitive_after_its_approval_waits_for_a_leader() -> None:
    after = Facts(sound=Sound.READY, sensitive=True)
    assert code(RELEASE, "APPROVED", WRITER, after) == "needs-leader"
    high = Facts(sound=Sound.READY, sensitive=True, approved_by_leader=True)
    assert code(RELEASE, "APPROVED", WRITER, high) is None


def test_what_the_list_proposes_is_answered_before_it_is_submitted() -> None:
    reason = why_not(SUBMIT, "DRAFT", WRITER, Facts(undecided=("khiếu kiện", "tôn giáo")))
    assert reason is not None
    assert reason.code == "sensitive-undecided"
    assert "khiếu kiện, tôn giáo" in str(reason.message)


def test_the_table_tells_that_a_leader_is_needed() -> None:
    assert [verb for verb in VERBS if verb.higher] == [APPROVE]


def test_offers_show_dead_buttons_with_their_reason() -> None:
    shown = offers("IN_REVIEW", APPROVER, Facts(sound=Sound.BEING_MADE))
    assert {name: offer.allowed for name, offer in shown.items()} == {
        "approve": False,
        "return": True,
        "withdraw": True,
    }
    assert shown["approve"].reason is not None
    assert shown["approve"].reason.code == "sound-being-made"


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("roles", [WRITER, APPROVER, WRITER | APPROVER, {"READER"}, set()])
def test_live_offers_are_the_allowed_verbs(state: str, roles: set[str]) -> None:
    shown = offers(state, roles, READY)
    assert [name for name, offer in shown.items() if offer.allowed] == names(state, roles)


def test_a_correction_in_preparation_can_be_given_up_until_it_is_out() -> None:
    correcting = Facts(sound=Sound.READY, correcting=True)
    for state in ("DRAFT", "RETURNED", "IN_REVIEW", "APPROVED"):
        assert "give-up" in names(state, WRITER, correcting)
        assert "give-up" in offers(state, APPROVER, correcting)
        assert "give-up" not in offers(state, APPROVER, READY)
    assert "give-up" not in names("RELEASED", WRITER, correcting)
