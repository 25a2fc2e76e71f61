"""Objectives that come, change and end: freely in a draft, later with a reason."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from django.test import Client
from docx import Document

from tests.plans.conftest import begun
from vang.base.refusals import Refusal
from vang.journal.models import Entry
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.plans import services
from vang.plans.models import Objective, ObjectiveChange, Plan
from vang.plans.services import Wanted

pytestmark = pytest.mark.usefixtures("_still")
SignedIn = Callable[[Person], Client]
LOUD = Wanted("Thôn có cụm loa hoạt động tốt", Decimal(90), "%")


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as told:
        act()
    return told.value.code


def acts(plan: Plan) -> list[tuple[str, str]]:
    rows = Entry.objects.filter(subject=f"official-plan:{plan.pk}", action__contains="objective")
    return [(row.action, row.detail["why"]) for row in rows.order_by("pk")]


def test_in_a_draft_they_come_change_and_go_without_a_reason(
    xa_a: Unit, an: Person, now: datetime
) -> None:
    plan = begun(xa_a, an, now)
    objective = services.add_objective(plan=plan, wanted=LOUD, by=an, now=now)
    services.change_objective(objective=objective, wanted=Wanted("Khác"), by=an, now=now)
    assert plan.objectives.get().target is None
    services.end_objective(objective=objective, by=an, now=now)
    assert not plan.objectives.exists()
    assert not ObjectiveChange.objects.exists()
    assert [act for act, _why in acts(plan)] == [
        "add-plan-objective", "change-plan-objective", "end-plan-objective",
    ]  # fmt: skip


def test_of_an_adopted_plan_each_step_wants_a_reason_and_stays_in_the_journal(
    plan: Plan, an: Person, now: datetime
) -> None:
    assert (
        refused(lambda: services.add_objective(plan=plan, wanted=LOUD, by=an, now=now))
        == "why-missing"
    )
    assert not plan.objectives.exists()
    objective = services.add_objective(
        plan=plan, wanted=LOUD, why="Theo Công văn 12", by=an, now=now
    )
    assert (
        refused(
            lambda: services.change_objective(
                objective=objective, wanted=Wanted("x"), why=" ", by=an, now=now
            )
        )
        == "why-missing"
    )
    lower = Wanted(LOUD.text, Decimal(80), "%")
    services.change_objective(objective=objective, wanted=lower, why="Bão số 3", by=an, now=now)
    services.change_objective(objective=objective, wanted=lower, why="như cũ", by=an, now=now)
    services.end_objective(objective=objective, why="Đã giao cho tỉnh", by=an, now=now)
    assert acts(plan) == [
        ("add-plan-objective", "Theo Công văn 12"),
        ("change-plan-objective", "Bão số 3"),
        ("end-plan-objective", "Đã giao cho tỉnh"),
    ]
    told = [(one.kind, one.before, one.why) for one in objective.changes.all()]
    assert told == [
        ("ADDED", "", "Theo Công văn 12"),
        ("REWORDED", f"{LOUD.text} (90 %)", "Bão số 3"),
        ("ENDED", f"{LOUD.text} (80 %)", "Đã giao cho tỉnh"),
    ]


def test_what_has_ended_stays_as_it_was(
    plan: Plan, from_above: Plan, an: Person, hoa: Person, xa_a: Unit, now: datetime
) -> None:
    objective = services.add_objective(plan=from_above, wanted=LOUD, why="x", by=hoa, now=now)
    kept = services.add_objective(plan=from_above, wanted=Wanted("Còn"), why="x", by=hoa, now=now)
    services.end_objective(objective=objective, why="x", by=hoa, now=now)
    assert (
        refused(
            lambda: services.change_objective(
                objective=objective, wanted=LOUD, why="x", by=hoa, now=now
            )
        )
        == "objective-ended"
    )
    assert (
        refused(
            lambda: services.set_reached(
                objective=objective, reached=Decimal(1), text="", by=hoa, now=now
            )
        )
        == "objective-ended"
    )
    derived = services.derive_plan(plan=from_above, unit=xa_a, by=an, now=now)
    assert [one.text for one in derived.objectives.all()] == [kept.text]


def test_others_may_not(plan: Plan, chi: Person, now: datetime) -> None:
    assert (
        refused(lambda: services.add_objective(plan=plan, wanted=LOUD, why="x", by=chi, now=now))
        == "not-allowed"
    )


def test_the_review_and_its_paper_show_what_changed_and_why(
    plan: Plan, an: Person, now: datetime, signed_in: SignedIn
) -> None:
    objective = services.add_objective(plan=plan, wanted=LOUD, why="Nhu cầu", by=an, now=now)
    services.change_objective(
        objective=objective, wanted=Wanted(LOUD.text, Decimal(70), "%"), why="Bão", by=an, now=now
    )
    services.end_objective(objective=objective, why="Hết vốn", by=an, now=now)
    days = {"first_on": date(now.year, 1, 1), "last_on": date(now.year, 12, 31)}
    review = services.start_review(plan=plan, kind="FINAL", **days, by=an, now=now)
    mine = signed_in(an)
    page = mine.get(f"/plans/reviews/{review.pk}").content.decode()
    for words in ("Nhu cầu", "Bão", "Hết vốn", "90 %", "70 %"):
        assert words in page
    word = Document(BytesIO(mine.get(f"/plans/reviews/{review.pk}/docx").content))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    for words in ("Bổ sung", "Điều chỉnh", "Kết thúc", "Hết vốn"):
        assert words in cells
    before = {"first_on": date(now.year - 1, 1, 1), "last_on": date(now.year - 1, 12, 31)}
    earlier = services.start_review(plan=plan, kind="FINAL", **before, by=an, now=now)
    assert earlier.facts["changes"] == []


def test_on_the_pages(
    plan: Plan, an: Person, chi: Person, signed_in: SignedIn,
    django_assert_max_num_queries: Callable[..., object],
) -> None:  # fmt: skip
    mine = signed_in(an)
    fields = {"text": LOUD.text, "target": "90", "unit_word": "%"}
    there = f"/plans/{plan.pk}/objectives/new"
    assert list(mine.post(there, fields).context["form"].errors) == ["why"]
    mine.post(there, {**fields, "why": "Theo Công văn 12"})
    one = Objective.objects.get()
    address = f"/plans/{plan.pk}/objectives/{one.pk}"
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        assert "Theo Công văn 12" in mine.get(f"{address}/change").content.decode()
    mine.post(f"{address}/change", {**fields, "target": "80", "why": "Bão"})
    assert mine.get(f"{address}/end").status_code == 405
    mine.post(f"{address}/end", {"why": ""})
    one.refresh_from_db()
    assert (one.target, one.ended_on) == (80, None)
    mine.post(f"{address}/end", {"why": "Hết vốn"})
    one.refresh_from_db()
    assert one.ended_on is not None
    assert "Quá trình điều chỉnh" in mine.get(f"/plans/{plan.pk}").content.decode()
    assert mine.get(f"{address}/change").status_code == 200
    hers, stranger = signed_in(chi), Client()
    for path in (there, f"{address}/change"):
        assert hers.get(path).status_code == 404
        assert stranger.get(path).status_code == 302
    assert hers.post(f"{address}/end", {"why": "x"}).status_code == 404
