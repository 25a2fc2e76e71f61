# ruff: noqa: E501
"""Every page of plans: for its own people, for those below, for nobody else."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.plans.conftest import FOUNDING
from vang.people.models import Person
from vang.plans import services
from vang.plans.models import Draft, Plan

pytestmark = pytest.mark.usefixtures("_still")
SignedIn = Callable[[Person], Client]
MOST_QUERIES = 12


@pytest.fixture
def review_pk(plan: Plan, an: Person, now: datetime) -> int:
    return services.start_review(
        plan=plan,
        kind="INTERIM",
        first_on=date(2026, 1, 1),
        last_on=date(2026, 12, 31),
        by=an,
        now=now,
    ).pk


def test_every_page_opens_with_few_queries_and_not_for_chi(
    plan: Plan, draft: Draft, review_pk: int, an: Person, chi: Person, signed_in: SignedIn,
    django_assert_max_num_queries: Callable[..., object],
) -> None:  # fmt: skip
    task = plan.tasks.earliest("place")
    row = draft.rows.get(code="V.2.1")
    objective = plan.objectives.create(place=1, text="x", target=3, unit_word="lớp")
    pages = [
        f"/plans/drafts/{draft.pk}", f"/plans/rows/{row.pk}", f"/plans/{plan.pk}",
        f"/plans/{plan.pk}/board", f"/plans/{plan.pk}/timeline", f"/plans/{plan.pk}/recipients",
        f"/plans/{plan.pk}/below", f"/plans/{plan.pk}/reviews", f"/plans/tasks/{task.pk}",
        f"/plans/tasks/{task.pk}/proofs", f"/plans/tasks/{task.pk}/change", f"/plans/{plan.pk}/tasks/new", f"/plans/reviews/{review_pk}",
        f"/plans/{plan.pk}/objectives/{objective.pk}", f"/plans/{plan.pk}/change",
    ]  # fmt: skip
    mine, hers, stranger = signed_in(an), signed_in(chi), Client()
    for page in ["/plans/", "/plans/?view=above", "/plans/new", "/plans/import", *pages]:
        with django_assert_max_num_queries(MOST_QUERIES):  # type: ignore[attr-defined]
            assert mine.get(page).status_code == 200, page
        assert stranger.get(page).status_code == 302, page
    for page in pages:
        assert hers.get(page).status_code == 404, page


def test_acts_want_a_post_and_the_right_person(
    plan: Plan, an: Person, chi: Person, tech: Person, signed_in: SignedIn
) -> None:
    task = plan.tasks.earliest("place")
    day = task.occurrences.earliest("due_on")
    for path in ("adopt", "reopen", "close", "acknowledge", "derive"):
        assert signed_in(an).get(f"/plans/{plan.pk}/{path}").status_code == 405
        assert signed_in(chi).post(f"/plans/{plan.pk}/{path}").status_code == 404
    for path in ("progress", "evidence", "remove", f"days/{day.pk}"):
        assert signed_in(an).get(f"/plans/tasks/{task.pk}/{path}").status_code == 405
        assert signed_in(chi).post(f"/plans/tasks/{task.pk}/{path}").status_code == 404
        assert signed_in(tech).post(f"/plans/tasks/{task.pk}/{path}").status_code == 403


def test_a_document_is_brought_looked_at_and_made_a_plan(an: Person, signed_in: SignedIn) -> None:
    mine = signed_in(an)
    file = SimpleUploadedFile("ke-hoach-90.txt", FOUNDING.read_bytes())
    answer = mine.post("/plans/import", {"document": file})
    draft = Draft.objects.get()
    assert answer["Location"] == f"/plans/drafts/{draft.pk}"
    page = mine.get(answer["Location"]).content.decode()
    assert "Phòng Tài chính – Kế hoạch huyện" in page
    assert "Là cơ quan Thường trực đôn đốc" in page
    taken = [row.pk for row in draft.rows.filter(kind="task")]
    answer = mine.post(
        f"/plans/drafts/{draft.pk}/decide", {"take": taken, "make": "1"}, follow=True
    )
    plan = Plan.objects.get()
    assert answer.redirect_chain[-1][0] == f"/plans/{plan.pk}"
    assert plan.tasks.count() == 28
    assert not plan.objectives.exists()


def test_a_file_that_is_no_plan_is_said_on_the_page(an: Person, signed_in: SignedIn) -> None:
    file = SimpleUploadedFile("x.txt", "Kính mời bà con đến họp.".encode())
    answer = signed_in(an).post("/plans/import", {"document": file})
    assert answer.status_code == 422
    assert not Draft.objects.exists()


def test_those_below_see_acknowledge_and_derive(
    from_above: Plan, an: Person, signed_in: SignedIn
) -> None:
    mine = signed_in(an)
    assert from_above.title in mine.get("/plans/?view=above").content.decode()
    assert mine.get(f"/plans/{from_above.pk}").status_code == 200
    mine.post(f"/plans/{from_above.pk}/acknowledge", {"note": "Đã nhận"})
    assert from_above.recipients.filter(acknowledgement__note="Đã nhận").count() == 1
    answer = mine.post(f"/plans/{from_above.pk}/derive", follow=True)
    assert answer.redirect_chain[-1][0] == f"/plans/{Plan.objects.latest('pk').pk}"
    assert mine.post(f"/plans/{from_above.pk}/close", follow=True).status_code == 200
    from_above.refresh_from_db()
    assert from_above.state == "ADOPTED"


def test_progress_days_and_evidence_are_reported(
    plan: Plan, an: Person, signed_in: SignedIn
) -> None:
    mine, task = signed_in(an), plan.tasks.latest("place")
    mine.post(f"/plans/tasks/{task.pk}/progress", {"percent": "40", "note": "Đã mời"})
    assert mine.post(f"/plans/tasks/{task.pk}/progress", {"percent": "x"}).status_code == 422
    day = task.occurrences.get()
    mine.post(f"/plans/tasks/{task.pk}/days/{day.pk}", {"done": "1"})
    mine.post(f"/plans/tasks/{task.pk}/proofs", {"what": "category:POLICY_LAW", "wanted": "12"})
    letter = SimpleUploadedFile("giay-moi.txt", b"Kinh moi")
    mine.post(f"/plans/tasks/{task.pk}/evidence", {"text": "Giấy mời", "evidence": letter})
    page = mine.get(f"/plans/tasks/{task.pk}").content.decode()
    assert "Giấy mời" in page
    assert "0 / 12" in mine.get(f"/plans/tasks/{task.pk}/proofs").content.decode()
    task.refresh_from_db()
    assert task.finished_on is not None
    kept = task.evidence.get()
    file = mine.get(f"/plans/tasks/{task.pk}/evidence/{kept.pk}")
    assert b"".join(file.streaming_content) == b"Kinh moi"  # type: ignore[attr-defined]
    file.close()


def test_a_review_leaves_as_docx_and_pdf(
    plan: Plan, review_pk: int, an: Person, signed_in: SignedIn
) -> None:
    mine = signed_in(an)
    words = {"results": "Đạt", "causes": "", "lessons": "Giao sớm", "proposals": ""}
    mine.post(f"/plans/reviews/{review_pk}", words)
    docx = mine.get(f"/plans/reviews/{review_pk}/docx")
    assert docx.content[:2] == b"PK"
    assert mine.get(f"/plans/reviews/{review_pk}/pdf").content[:5] == b"%PDF-"
    mine.post(f"/plans/reviews/{review_pk}/finish")
    assert "Giao sớm" in mine.get(f"/plans/reviews/{review_pk}").content.decode()
