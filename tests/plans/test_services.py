# ruff: noqa: E501
"""From a document to a plan that is carried out and reviewed."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from tests.plans.conftest import FOUNDING, begun
from tests.refusals import refused
from vang.base.refusals import Refusal
from vang.documents.models import Document
from vang.journal.models import Entry
from vang.notices.models import Notice
from vang.orgs.models import Organisation, Unit
from vang.people.due import Desk, tasks
from vang.people.models import Person
from vang.plans import services
from vang.plans.counting import counted_proofs
from vang.plans.models import Draft, DraftRow, Occurrence, Plan
from vang.plans.proofs import Found, ProofKind, register
from vang.plans.queries import below_of, rolled_up
from vang.plans.services import Reading, Work
from vang.plans.services.reviewing import Words
from vang.plans.standing import Standing, standing_of

DAY = timedelta(days=1)


# drafting


def test_a_document_becomes_rows_beside_their_words(draft: Draft) -> None:
    rows = list(draft.rows.all())
    assert sum(row.kind == "task" for row in rows) == 28
    duty = next(row for row in rows if row.code == "V.1.3")
    assert duty.leads == ["Phòng Văn hóa và Thông tin huyện"]
    assert draft.text[duty.start : duty.end].startswith("- Chủ trì, phối hợp với Đài")
    assert draft.head["number"] == "90/KH-UBND"


def test_what_is_taken_becomes_a_plan(draft: Draft, an: Person, now: datetime) -> None:
    dropped = draft.rows.get(code="V.1.1")
    content = draft.rows.get(code="II.1.a")
    going = {r.pk for r in draft.rows.filter(kind__in=["task", "objective", "reporting"])}
    taken = going - {dropped.pk} | {content.pk}
    services.set_taken(draft=draft, taken=taken, by=an, now=now)
    plan = services.make_plan(draft=draft, by=an, now=now)
    codes = set(plan.tasks.values_list("code", flat=True))
    assert "V.1.1" not in codes
    assert {"II.1.a", "V.6.3", "VI.1"} <= codes
    assert plan.objectives.count() == 8
    assert (plan.starts_on, plan.ends_on) == (date(2017, 1, 1), date(2020, 12, 31))
    assert plan.recipients.count() == 8
    assert plan.tasks.get(code="V.1.2").passage.startswith("- Phối hợp với Ban Tuyên giáo")
    with refused("draft-closed"):
        services.make_plan(draft=draft, by=an, now=now)


def test_a_row_is_corrected_and_its_deadline_read_anew(
    draft: Draft, an: Person, now: datetime
) -> None:
    row = draft.rows.get(code="V.5.9")
    reading = Reading("task", "Báo cáo kết quả", "UBND xã\nĐài xã", "", "trước ngày 5/6 hằng năm")
    services.change_row(row=row, reading=reading, by=an, now=now)
    row.refresh_from_db()
    assert row.leads == ["UBND xã", "Đài xã"]
    assert row.deadlines[0]["repeat"] == "yearly"
    with refused("deadline-unclear"):
        services.change_row(
            row=row, reading=Reading("task", "x", deadlines="mai mốt"), by=an, now=now
        )


def test_a_row_of_several_duties_is_divided(draft: Draft, an: Person, now: datetime) -> None:
    row = draft.rows.get(code="V.2.1")
    parts = ["Chủ trì bố trí kinh phí", "Hướng dẫn thanh quyết toán"]
    services.split_row(row=row, parts=parts, by=an, now=now)
    made = draft.rows.filter(code__startswith="V.2.1")
    assert [r.code for r in made] == ["V.2.1.a", "V.2.1.b"]
    assert all(r.leads == ["Phòng Tài chính – Kế hoạch huyện"] for r in made)
    places = list(draft.rows.values_list("place", flat=True))
    assert places == sorted(set(places))


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "document-empty"), (b"PK\x03\x04", "document-damaged"), (b"Xin ch\xc3\xa0o", "document-no-plan")],
)  # fmt: skip
def test_a_file_that_is_no_plan_is_refused(
    xa_a: Unit, an: Person, now: datetime, content: bytes, code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        services.take_document(unit=xa_a, file_name="x.txt", content=content, by=an, now=now)
    assert refused.value.code == code
    assert not Draft.objects.exists()


def test_a_stranger_reads_nothing_in(xa_a: Unit, chi: Person, now: datetime) -> None:
    with pytest.raises(Refusal):
        services.take_document(
            unit=xa_a, file_name="x", content=FOUNDING.read_bytes(), by=chi, now=now
        )


def test_a_lead_is_matched_to_the_organisation_of_its_name(
    xa_a: Unit, an: Person, now: datetime
) -> None:
    office = Organisation.objects.create(
        unit=xa_a, kind="OFFICE", name="Phòng Văn hóa - Xã hội", valid_from=date(2020, 1, 1)
    )
    plan = begun(xa_a, an, now)
    work = Work("Biên tập tin", leads="Phòng Văn hóa – Xã hội xã")
    assert services.add_task(plan=plan, work=work, by=an, now=now).lead == office
    other = Work("Biên tập tin", leads="Phòng Kinh tế")
    assert services.add_task(plan=plan, work=other, by=an, now=now).lead is None


# adopting and following


def test_adopting_makes_the_days(plan: Plan) -> None:
    first, second = plan.tasks.all()
    days = list(first.occurrences.values_list("due_on", flat=True))
    assert days == [date(2026, 6, 10), date(2026, 11, 10)]
    assert first.next_due == date(2026, 6, 10)
    assert second.next_due == date(2026, 9, 30)
    assert Entry.objects.filter(action="adopt-official-plan").exists()


def test_only_an_approver_adopts_and_only_with_tasks(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    plan = begun(xa_a, an, now)
    with pytest.raises(Refusal):
        services.adopt_plan(plan=plan, by=an, now=now)
    plan.tasks.all().delete()
    with refused("plan-empty"):
        services.adopt_plan(plan=plan, by=binh, now=now)


def test_days_are_marked_one_by_one(plan: Plan, an: Person, now: datetime) -> None:
    task = plan.tasks.first()
    assert task is not None
    first, second = task.occurrences.select_related("task__plan")
    services.mark_day(day=first, done=True, by=an, now=now)
    task.refresh_from_db()
    assert (task.percent, task.next_due, task.finished_on) == (50, date(2026, 11, 10), None)
    with refused("days-to-come"):
        services.report_progress(task=task, percent=100, text="", by=an, now=now)
    services.mark_day(day=second, done=True, by=an, now=now)
    task.refresh_from_db()
    assert [task.percent, task.next_due] == [100, None]
    assert task.finished_on is not None
    services.mark_day(day=second, done=False, by=an, now=now)
    task.refresh_from_db()
    assert [task.finished_on, task.next_due] == [None, date(2026, 11, 10)]


def test_a_changed_deadline_keeps_the_days_done(plan: Plan, an: Person, now: datetime) -> None:
    task = plan.tasks.select_related("plan__unit").first()
    assert task is not None
    day = task.occurrences.select_related("task__plan").first()
    assert day is not None
    services.mark_day(day=day, done=True, by=an, now=now)
    work = Work(task.text, deadlines="trước ngày 20/12 hằng năm")
    services.change_task(task=task, work=work, by=an, now=now)
    days = list(task.occurrences.values_list("due_on", flat=True))
    assert days == [date(2026, 6, 10), date(2026, 12, 20)]


def test_progress_is_kept_and_a_draft_is_not_followed(
    xa_a: Unit, plan: Plan, an: Person, now: datetime
) -> None:
    task = plan.tasks.last()
    assert task is not None
    services.report_progress(task=task, percent=40, text="Đã chiêu sinh", by=an, now=now)
    assert task.reports.get().note == "Đã chiêu sinh"
    with pytest.raises(Refusal):
        services.report_progress(task=task, percent=140, text="", by=an, now=now)
    other = begun(xa_a, an, now).tasks.first()
    assert other is not None
    with refused("plan-not-adopted"):
        services.report_progress(task=other, percent=10, text="", by=an, now=now)


def test_what_a_room_finds_counts_by_itself(plan: Plan, an: Person, now: datetime) -> None:
    found = [Found("Bản tin bão", "/bulletins/1", date(2026, 6, 1))]
    register(ProofKind("made-up", "Thử", lambda _unit: [("a", "Loại A")], lambda *_: found))
    task = plan.tasks.first()
    assert task is not None
    services.add_proof(task=task, kind="made-up", value="a", wanted=4, by=an, now=now)
    (one,) = counted_proofs(plan, plan.starts_on, plan.ends_on)
    assert (one.count, one.percent, one.label) == (1, 25, "Thử: Loại A")
    with pytest.raises(Refusal):
        services.add_proof(task=task, kind="made-up", value="b", wanted=1, by=an, now=now)


def test_a_report_that_was_registered_counts(
    plan: Plan, xa_a: Unit, an: Person, now: datetime
) -> None:
    task = plan.tasks.first()
    assert task is not None
    services.add_proof(task=task, kind="document", value="Báo cáo", wanted=2, by=an, now=now)
    for way, kind in (("OUT", "Báo cáo"), ("IN", "Báo cáo"), ("OUT", "Công văn")):
        Document.objects.create(
            unit=xa_a, way=way, kind=kind, issuer="UBND xã", abstract="Kết quả 6 tháng",
            issued_on=date(2026, 6, 8), noted_by=an, noted_at=now, changed_at=now,
        )  # fmt: skip
    (one,) = counted_proofs(plan, plan.starts_on, plan.ends_on)
    assert (one.count, one.percent) == (1, 50)


def test_evidence_is_kept_with_its_file(plan: Plan, an: Person, now: datetime) -> None:
    task = plan.tasks.first()
    assert task is not None
    services.bring_evidence(
        task=task, text="Giấy mời", file_name="moi.txt", content=b"Kinh moi", by=an, now=now
    )
    assert task.evidence.get().sha256
    with pytest.raises(Refusal):
        services.bring_evidence(task=task, text=" ", file_name="", content=b"", by=an, now=now)


# reminders


def told(kind: str) -> int:
    return Notice.objects.filter(kind=kind).count()


def test_people_are_reminded_once_a_step_and_the_leader_at_last(
    plan: Plan, an: Person, binh: Person, hanh: Person, now: datetime
) -> None:
    day = Occurrence.objects.get(due_on=date(2026, 11, 10))
    Occurrence.objects.filter(due_on=date(2026, 6, 10)).update(done_on=date(2026, 6, 9))
    Occurrence.objects.filter(due_on=date(2026, 9, 30)).update(done_on=date(2026, 6, 9))
    morning = now.replace(month=10, day=26)
    assert services.remind_due(now=morning) == 0
    for left in (14, 13, 7, 3, 1):
        at = now.replace(month=11, day=10) - left * DAY
        services.remind_due(now=at)
        services.remind_due(now=at)
    assert told("plan-due") == 4
    services.remind_due(now=now.replace(month=11, day=11))
    assert set(Notice.objects.filter(kind="plan-late").values_list("person__username", flat=True)) == {
        "an",
    }  # fmt: skip
    services.remind_due(now=now.replace(month=11, day=13))
    assert Notice.objects.filter(kind="plan-late", person=hanh).count() == 1
    day.refresh_from_db()
    assert services.remind_due(now=now.replace(month=11, day=20)) == 0


def test_nobody_is_reminded_of_what_is_done_closed_or_at_night(
    plan: Plan, an: Person, binh: Person, now: datetime
) -> None:
    assert services.remind_due(now=now.replace(hour=20)) == 0  # 03:00 in Vietnam
    services.close_plan(plan=plan, by=binh, now=now)
    assert services.remind_due(now=now) == 0
    assert told("plan-due") == 0


def test_of_days_long_over_nobody_is_reminded(
    draft: Draft, an: Person, binh: Person, now: datetime
) -> None:
    plan = services.make_plan(draft=draft, by=an, now=now)
    services.adopt_plan(plan=plan, by=binh, now=now)
    assert plan.tasks.get(code="VI.1").occurrences.count() == 8
    assert services.remind_due(now=now) == 0
    assert not Notice.objects.exists()


def test_the_first_page_tells_what_is_due(
    plan: Plan, xa_a: Unit, an: Person, now: datetime
) -> None:
    desk = Desk(an, xa_a, frozenset({"WRITER"}), now)
    assert [t.url for t in tasks(desk) if t.key.startswith("plan-day")] == [
        f"/plans/tasks/{plan.tasks.earliest('place').pk}"
    ]


# above and below


def test_every_commune_is_told_and_acknowledges_once(
    from_above: Plan, xa_a: Unit, xa_b: Unit, an: Person, chi: Person, now: datetime
) -> None:
    assert {r.unit for r in from_above.recipients.all()} == {xa_a, xa_b}
    desk = Desk(an, xa_a, frozenset({"WRITER"}), now)
    assert any(t.key == f"official-plan:{from_above.pk}" for t in tasks(desk))
    services.acknowledge(plan=from_above, unit=xa_a, text="Đã quán triệt", by=an, now=now)
    services.acknowledge(plan=from_above, unit=xa_a, text="lần nữa", by=an, now=now)
    recipient = from_above.recipients.get(unit=xa_a)
    assert recipient.acknowledgement.note == "Đã quán triệt"
    assert not any(t.key == f"official-plan:{from_above.pk}" for t in tasks(desk))
    with pytest.raises(Refusal):
        services.acknowledge(plan=from_above, unit=xa_a, text="", by=chi, now=now)


def test_a_commune_derives_its_plan_and_the_district_sums_up(
    from_above: Plan, xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    derived = services.derive_plan(plan=from_above, unit=xa_a, by=an, now=now)
    (task,) = derived.tasks.all()
    assert task.lead_name == "UBND xã Quế Thuận"
    with refused("derived-already"):
        services.derive_plan(plan=from_above, unit=xa_a, by=an, now=now)
    assert rolled_up(from_above) == {}
    services.adopt_plan(plan=derived, by=binh, now=now)
    day = task.occurrences.select_related("task__plan").first()
    assert day is not None
    services.mark_day(day=day, done=True, by=an, now=now)
    assert rolled_up(from_above) == {task.parent_id: (1, 0, 50)}
    (below,) = below_of(from_above, date(2026, 6, 10))
    assert (below.count, below.done, below.percent) == (1, 0, 50)


def test_a_draft_from_above_cannot_be_derived(
    district: Unit, xa_a: Unit, hoa: Person, an: Person, now: datetime
) -> None:
    with pytest.raises(Refusal):
        services.derive_plan(plan=begun(district, hoa, now), unit=xa_a, by=an, now=now)


# reviews


def test_a_review_is_drafted_from_the_figures_alone(plan: Plan, an: Person, now: datetime) -> None:
    task = plan.tasks.first()
    assert task is not None
    day = task.occurrences.select_related("task__plan").first()
    assert day is not None
    services.mark_day(day=day, done=True, by=an, now=now)
    later = now.replace(month=12, day=20)
    review = services.start_review(
        plan=plan,
        kind="INTERIM",
        first_on=date(2026, 1, 1),
        last_on=date(2026, 12, 31),
        by=an,
        now=later,
    )
    facts = review.facts
    assert (facts["tasks"], facts["finished"], facts["begun"]) == (2, 0, 1)
    assert (facts["days"], facts["days_done"], facts["days_late"]) == (3, 1, 2)
    assert "3" in review.results
    assert "Mở lớp tập huấn" in review.causes
    assert (review.lessons, review.proposals) == ("", "")
    words = Words("Đạt", "Thiếu máy", "Giao sớm", "Cấp kinh phí")
    services.change_review(review=review, words=words, by=an, now=later)
    services.refresh_review(review=review, by=an, now=later)
    review.refresh_from_db()
    assert review.lessons == "Giao sớm"
    services.finish_review(review=review, by=an, now=later)
    with refused("review-finished"):
        services.change_review(review=review, words=words, by=an, now=later)


def test_objectives_are_told_against_their_targets(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    plan = begun(xa_a, an, now)
    objective = plan.objectives.create(place=1, text="100% thôn có loa", target=100, unit_word="%")
    services.adopt_plan(plan=plan, by=binh, now=now)
    services.set_reached(objective=objective, reached=Decimal("92.5"), text="", by=an, now=now)
    review = services.start_review(
        plan=plan, kind="FINAL", first_on=plan.starts_on, last_on=plan.ends_on, by=an, now=now
    )
    assert review.facts["objectives"][0]["reached"] == "92.50"


@pytest.mark.parametrize(
    ("percent", "due", "finished", "standing"),
    [
        (0, None, None, Standing.TO_COME),
        (30, None, None, Standing.UNDERWAY),
        (30, date(2026, 6, 20), None, Standing.SOON),
        (90, date(2026, 6, 9), None, Standing.OVERDUE),
        (100, None, date(2026, 6, 1), Standing.DONE),
    ],
)
def test_how_a_task_stands(
    percent: int, due: date | None, finished: date | None, standing: Standing
) -> None:
    assert standing_of(percent, due, finished, date(2026, 6, 10)) == standing


def test_states_of_rows_are_told(draft: Draft) -> None:
    assert set(draft.rows.values_list("state", flat=True)) == {DraftRow.State.READ}
