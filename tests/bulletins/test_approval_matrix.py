"""Who may approve what: every pair of person and part in the bulletin, in service and database."""

from datetime import datetime

import pytest
from django.db import IntegrityError, transaction

from tests.bulletins.newsroom import (
    NOTICE,
    allow_trial_voice,
    approved,
    current,
    draft,
    make_ready,
    reread,
    submitted,
)
from tests.conftest import BEGIN, person
from vang.base.refusals import Refusal
from vang.bulletins import services
from vang.bulletins.content import Content
from vang.bulletins.hashing import content_hash
from vang.bulletins.models import Approval, Bulletin
from vang.orgs.models import Unit
from vang.people.models import Delegation, Membership, Person
from vang.people.services.delegating import Terms, delegate, end_delegation


@pytest.fixture
def lan(xa_a: Unit) -> Person:
    """Writes and approves in A."""
    return person("lan", "Đỗ Thị Lan", xa_a, "WRITER", "APPROVER")


def now_an_approver(someone: Person, unit: Unit) -> Person:
    Membership.objects.create(person=someone, unit=unit, role="APPROVER", valid_from=BEGIN)
    return someone


def refusal_of(bulletin: Bulletin, by: Person, now: datetime) -> str:
    with pytest.raises(Refusal) as refused:
        approved(bulletin, by, now)
    assert reread(bulletin).state == Bulletin.State.IN_REVIEW
    assert not Approval.objects.filter(bulletin=bulletin).exists()
    return refused.value.code


def edited(bulletin: Bulletin, by: Person, now: datetime, text: str = "Văn bản khác.") -> None:
    number = current(bulletin).number
    content = Content(title=NOTICE.title, text=text)
    services.save_version(bulletin=bulletin, content=content, based_on=number, by=by, now=now)


def submitted_by(bulletin: Bulletin, by: Person, now: datetime) -> Bulletin:
    services.submit_bulletin(bulletin=bulletin, by=by, now=now)
    make_ready(bulletin, now)
    return reread(bulletin)


def test_the_creator_may_not_though_an_approver(an: Person, xa_a: Unit, now: datetime) -> None:
    bulletin = submitted(xa_a, an, now)
    assert refusal_of(bulletin, now_an_approver(an, xa_a), now) == "not-independent"


def test_an_editor_may_not(an: Person, lan: Person, xa_a: Unit, now: datetime) -> None:
    bulletin = draft(xa_a, an, now)
    edited(bulletin, lan, now)
    assert refusal_of(submitted_by(bulletin, an, now), lan, now) == "not-independent"


def test_an_editor_of_an_earlier_version_may_not(
    an: Person, lan: Person, xa_a: Unit, now: datetime
) -> None:
    bulletin = draft(xa_a, an, now)
    edited(bulletin, lan, now)
    edited(bulletin, an, now, "Sửa lại hết.")
    assert refusal_of(submitted_by(bulletin, an, now), lan, now) == "not-independent"


def test_the_submitter_may_not(an: Person, lan: Person, xa_a: Unit, now: datetime) -> None:
    bulletin = submitted_by(draft(xa_a, an, now), lan, now)
    assert refusal_of(bulletin, lan, now) == "not-independent"


def test_who_submitted_an_earlier_version_may_not(
    an: Person, binh: Person, lan: Person, xa_a: Unit, now: datetime
) -> None:
    bulletin = submitted_by(draft(xa_a, an, now), lan, now)
    services.return_bulletin(bulletin=bulletin, comment="Sửa.", by=binh, now=now)
    edited(bulletin, an, now)
    assert refusal_of(submitted_by(bulletin, an, now), lan, now) == "not-independent"


def test_another_approver_may(an: Person, lan: Person, xa_a: Unit, now: datetime) -> None:
    assert approved(submitted(xa_a, an, now), lan, now).by == lan


def test_who_returned_it_may_approve_it_later(
    an: Person, binh: Person, xa_a: Unit, now: datetime
) -> None:
    bulletin = submitted(xa_a, an, now)
    services.return_bulletin(bulletin=bulletin, comment="Sửa.", by=binh, now=now)
    edited(bulletin, an, now)
    assert approved(submitted_by(bulletin, an, now), binh, now).by == binh


def test_an_approver_of_another_commune_may_not(
    an: Person, chi: Person, xa_a: Unit, now: datetime
) -> None:
    assert refusal_of(submitted(xa_a, an, now), chi, now) == "not-an-approver"


def test_an_approver_of_the_district_may(
    an: Person, district: Unit, xa_a: Unit, now: datetime
) -> None:
    head = person("huyen", "Trưởng phòng", district, "APPROVER")
    assert approved(submitted(xa_a, an, now), head, now).by == head


def test_the_leader_of_the_unit_may_whatever_an_approver_may(
    an: Person, hanh: Person, xa_a: Unit, now: datetime
) -> None:
    bulletin = submitted(xa_a, an, now)
    services.return_bulletin(bulletin=bulletin, comment="Sửa.", by=hanh, now=now)
    edited(bulletin, an, now)
    assert approved(submitted_by(bulletin, an, now), hanh, now).by == hanh


def test_the_leader_may_not_approve_their_own(
    an: Person, hanh: Person, xa_a: Unit, now: datetime
) -> None:
    Membership.objects.create(person=hanh, unit=xa_a, role="WRITER", valid_from=BEGIN)
    assert refusal_of(submitted(xa_a, hanh, now), hanh, now) == "not-independent"
    bulletin = draft(xa_a, an, now)
    edited(bulletin, hanh, now)
    bulletin = submitted_by(bulletin, an, now)
    with pytest.raises(IntegrityError):
        by_hand(bulletin, hanh, now)


def test_a_leader_of_another_commune_may_not(
    an: Person, xa_a: Unit, xa_b: Unit, now: datetime
) -> None:
    stranger = person("hanh", "Lý Thị Hạnh", xa_b, "LEADER")
    assert refusal_of(submitted(xa_a, an, now), stranger, now) == "not-an-approver"


@pytest.mark.parametrize("who", ["an", "dung", "tech", "quan"])
def test_nobody_else_may(
    who: str, an: Person, xa_a: Unit, now: datetime, request: pytest.FixtureRequest
) -> None:
    bulletin = submitted(xa_a, an, now)
    assert refusal_of(bulletin, request.getfixturevalue(who), now) == "not-an-approver"


def test_an_approver_whose_role_ended_may_not(
    an: Person, binh: Person, xa_a: Unit, now: datetime
) -> None:
    bulletin = submitted(xa_a, an, now)
    binh.memberships.update(valid_to=now.date())
    assert refusal_of(bulletin, binh, now) == "not-an-approver"


# what is approved


def test_what_was_not_seen_is_not_approved(
    an: Person, binh: Person, xa_a: Unit, now: datetime
) -> None:
    bulletin = submitted(xa_a, an, now)
    seen = content_hash(current(bulletin))
    edited(bulletin, an, now)
    submitted_by(bulletin, an, now)
    with pytest.raises(Refusal) as refused:
        services.approve_bulletin(bulletin=bulletin, content_hash=seen, by=binh, now=now)
    assert refused.value.code == "changed-meanwhile"
    assert approved(bulletin, binh, now).version.number == 2


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Tiêu đề khác"},
        {"text": "Văn bản khác."},
        {"category": "SECURITY"},
        {"priority": "PRIORITY"},
        {"audience": ("20662.01",)},
    ],
)
def test_whatever_changes_another_hash_is_approved(
    change: dict[str, object], an: Person, xa_a: Unit, now: datetime
) -> None:
    fields: dict[str, object] = {"title": NOTICE.title, "text": NOTICE.text} | change
    plain = content_hash(current(draft(xa_a, an, now)))
    other = draft(xa_a, an, now, Content(**fields))  # type: ignore[arg-type]
    assert content_hash(current(other)) != plain
    assert content_hash(current(draft(xa_a, an, now))) == plain


def test_another_sound_is_another_hash(an: Person, xa_a: Unit, now: datetime) -> None:
    silent = draft(xa_a, an, now)
    before = content_hash(current(silent))
    services.submit_bulletin(bulletin=silent, by=an, now=now)
    make_ready(silent, now)
    assert content_hash(current(silent)) != before


def test_a_sound_changed_behind_the_approval_is_not_released(
    an: Person, binh: Person, xa_a: Unit, now: datetime
) -> None:
    allow_trial_voice(xa_a, now)
    bulletin = submitted(xa_a, an, now)
    approved(bulletin, binh, now)
    rendition = current(bulletin).rendition
    assert rendition is not None
    rendition.sha256 = "0" * 64
    rendition.save()
    with pytest.raises(Refusal) as refused:
        services.release_bulletin(bulletin=bulletin, by=binh, now=now)
    assert refused.value.code == "approval-void"


# the database itself


def by_hand(bulletin: Bulletin, by: Person, now: datetime) -> Approval:
    """An approval written past the service."""
    with transaction.atomic():
        version = current(bulletin)
        return Approval.objects.create(
            bulletin=bulletin, version=version, content_hash="0" * 64, by=by, at=now
        )


def test_the_database_refuses_the_creator(an: Person, xa_a: Unit, now: datetime) -> None:
    with pytest.raises(IntegrityError):
        by_hand(submitted(xa_a, an, now), an, now)


def test_the_database_refuses_an_editor(an: Person, lan: Person, xa_a: Unit, now: datetime) -> None:
    bulletin = draft(xa_a, an, now)
    edited(bulletin, lan, now)
    edited(bulletin, an, now, "Sửa lại hết.")
    with pytest.raises(IntegrityError):
        by_hand(submitted_by(bulletin, an, now), lan, now)


def test_the_database_refuses_the_submitter_of_any_version(
    an: Person, lan: Person, xa_a: Unit, now: datetime
) -> None:
    bulletin = submitted_by(draft(xa_a, an, now), lan, now)
    with pytest.raises(IntegrityError):
        by_hand(bulletin, lan, now)
    edited(bulletin, an, now)
    with pytest.raises(IntegrityError):
        by_hand(submitted_by(bulletin, an, now), lan, now)


def test_the_database_takes_another_person(
    an: Person, binh: Person, xa_a: Unit, now: datetime
) -> None:
    assert by_hand(submitted(xa_a, an, now), binh, now).pk


def test_the_database_refuses_an_approval_of_an_old_version(
    an: Person, binh: Person, xa_a: Unit, now: datetime
) -> None:
    bulletin = submitted(xa_a, an, now)
    old = current(bulletin)
    edited(bulletin, an, now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.create(
            bulletin=bulletin, version=old, content_hash="0" * 64, by=binh, at=now
        )


# in somebody's name


def away(
    unit: Unit, who: Person, deputy: Person, now: datetime, role: str = "LEADER"
) -> Delegation:
    terms = Terms(role, "KT", "Chủ tịch", "Phó Chủ tịch", now.date(), None)
    return delegate(unit=unit, principal=who, deputy=deputy, terms=terms, by=who, now=now)


def test_a_deputy_approves_in_the_leaders_name_and_it_says_so(
    an: Person, hanh: Person, tech: Person, xa_a: Unit, now: datetime
) -> None:
    given = away(xa_a, hanh, tech, now)
    allow_trial_voice(xa_a, now)
    bulletin = submitted(xa_a, an, now)
    approval = approved(bulletin, tech, now)
    assert (approval.by, approval.delegation) == (tech, given)
    step = bulletin.steps.get(verb="approve")
    assert step.signed_by == "KT. CHỦ TỊCH – PHÓ CHỦ TỊCH Hồ Văn Tú"
    edition = services.release_bulletin(bulletin=bulletin, by=hanh, now=now)
    assert edition.approver == "KT. CHỦ TỊCH – PHÓ CHỦ TỊCH Hồ Văn Tú"


def test_a_delegation_makes_nobody_approve_what_they_wrote(
    an: Person, hanh: Person, xa_a: Unit, now: datetime
) -> None:
    away(xa_a, hanh, an, now)
    assert refusal_of(submitted(xa_a, an, now), an, now) == "not-independent"


def test_nobody_approves_in_the_name_of_its_author(
    hanh: Person, tech: Person, xa_a: Unit, now: datetime
) -> None:
    Membership.objects.create(person=hanh, unit=xa_a, role="WRITER", valid_from=BEGIN)
    given = away(xa_a, hanh, tech, now)
    bulletin = submitted(xa_a, hanh, now)
    assert refusal_of(bulletin, tech, now) == "principal-took-part"
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.create(
            bulletin=bulletin,
            version=current(bulletin),
            content_hash="0" * 64,
            by=tech,
            at=now,
            delegation=given,
        )


def test_then_an_approver_acts_in_their_own_right(
    hanh: Person, binh: Person, xa_a: Unit, now: datetime
) -> None:
    Membership.objects.create(person=hanh, unit=xa_a, role="WRITER", valid_from=BEGIN)
    away(xa_a, hanh, binh, now)
    approval = approved(submitted(xa_a, hanh, now), binh, now)
    assert approval.delegation is None


def test_a_delegation_that_ended_approves_nothing(
    an: Person, hanh: Person, tech: Person, xa_a: Unit, now: datetime
) -> None:
    given = away(xa_a, hanh, tech, now)
    end_delegation(delegation=given, by=hanh, now=now)
    assert refusal_of(submitted(xa_a, an, now), tech, now) == "not-an-approver"
