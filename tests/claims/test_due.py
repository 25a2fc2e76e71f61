"""Claims on the first page of the newsroom."""

from datetime import datetime, timedelta

from django.urls import reverse

from tests.claims.register import answered, judged
from tests.desk.at_work import due
from vang.claims.models import Claim
from vang.claims.services import close_claim, leave_unanswered
from vang.orgs.models import Unit
from vang.people.models import Person


def told(claim: Claim, someone: Person, unit: Unit, at: datetime, role: str) -> list[str]:
    url = reverse("claims:claim", args=[claim.pk])
    tasks = [task for task in due(someone, unit, at, role) if task.url == url]
    return [f"{task.tone} {task.text}" for task in tasks]


def test_a_claim_waits_for_its_verdict_then_for_its_answer(
    claim: Claim, xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    (first,) = told(claim, an, xa_a, now, "WRITER")
    assert first.startswith("warn Phải kiểm chứng trước")
    (late,) = told(claim, binh, xa_a, now + timedelta(hours=25), "APPROVER")
    assert late.startswith("bad Phải kiểm chứng trước")
    judged(claim, an, now)
    (second,) = told(claim, an, xa_a, now, "WRITER")
    assert second.startswith("warn Phải phản bác trước")
    assert told(claim, an, xa_a, now, "TECHNICIAN") == []


def test_an_answered_claim_rests_until_it_should_be_closed(
    claim: Claim, xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    answered(claim, an, binh, now)
    assert told(claim, an, xa_a, now, "WRITER") == []
    after = now + timedelta(days=31)
    (over,) = told(claim, an, xa_a, after, "WRITER")
    assert over.startswith("bad Quá hạn kết thúc từ")
    close_claim(claim=claim, closing="Xong.", by=binh, now=after)
    assert told(claim, an, xa_a, after, "WRITER") == []


def test_what_is_left_unanswered_is_not_due(
    claim: Claim, xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    judged(claim, an, now)
    leave_unanswered(claim=claim, reason="Ít người biết.", by=binh, now=now)
    assert told(claim, an, xa_a, now + timedelta(days=5), "WRITER") == []
