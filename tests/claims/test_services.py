"""What the register does, and what it refuses."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.bulletins import newsroom
from tests.claims.register import OFFICE, TRUTH, answered, in_review, judged, noted, words
from vang.base.refusals import Refusal
from vang.bulletins import services as bulletins
from vang.claims import services
from vang.claims.limits import Hours
from vang.claims.models import Claim, Evidence, Limits
from vang.claims.queries import answered_at, counts, deadlines, listed, stage
from vang.journal.models import Entry
from vang.orgs.models import Unit
from vang.people.models import Person

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


def refusal(act: object, **given: object) -> str:
    with pytest.raises(Refusal) as refused:
        act(**given)  # type: ignore[operator]
    return refused.value.code


def now_at(claim: Claim) -> str:
    fresh = Claim.objects.select_related("bulletin").get(pk=claim.pk)
    return str(stage(fresh, answered_at(fresh)))


def test_a_claim_is_noted_with_its_time_limits(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    first = noted(xa_a, an, now)
    assert first.verify_by == now + timedelta(hours=24)
    assert first.answer_by == now + timedelta(hours=48)
    assert first.close_by == now + timedelta(days=30)
    own = Hours(verify_h=2, answer_h=4, close_d=7)
    assert refusal(services.change_limits, unit=xa_a, limits=own, by=an, now=now) == "not-allowed"
    services.change_limits(unit=xa_a, limits=own, by=binh, now=now)
    assert noted(xa_a, an, now).answer_by == now + timedelta(hours=4)
    first.refresh_from_db()
    assert first.answer_by == now + timedelta(hours=48)
    wrong = Hours(verify_h=5, answer_h=4)
    assert (
        refusal(services.change_limits, unit=xa_a, limits=wrong, by=binh, now=now) == "limits-wrong"
    )


def test_only_the_newsroom_of_the_unit_notes_and_nothing_from_the_future(
    xa_a: Unit, an: Person, chi: Person, tech: Person, now: datetime
) -> None:
    for stranger in (chi, tech):
        given = {"unit": xa_a, "words": words(now), "by": stranger, "now": now}
        assert refusal(services.note_claim, **given) == "not-allowed"
    late = words(now, seen_at=now + timedelta(minutes=1))
    assert refusal(services.note_claim, unit=xa_a, words=late, by=an, now=now) == "seen-later"
    empty = words(now, title=" ")
    assert refusal(services.note_claim, unit=xa_a, words=empty, by=an, now=now) == "claim-empty"


def test_personal_data_is_refused_wherever_it_is_written(
    xa_a: Unit, claim: Claim, an: Person, binh: Person, now: datetime
) -> None:
    said, by = "Chủ số 0905123456 nói.", {"by": an, "now": now}
    for field in ("title", "text", "place"):
        given: dict[str, Any] = {"unit": xa_a, "words": words(now, **{field: said}), **by}
        assert refusal(services.note_claim, **given) == "personal-data"
    assert refusal(services.add_step, claim=claim, text=said, **by) == "personal-data"
    assert (
        refusal(services.give_verdict, claim=claim, verdict="FALSE", finding=said, **by)
        == "personal-data"
    )
    profile = "https://facebook.com/nguoi.nao.do"
    assert (
        refusal(services.add_source, claim=claim, name="Trang", url=profile, **by)
        == "personal-data"
    )
    judged(claim, an, now, "TRUE")
    assert (
        refusal(services.close_claim, claim=claim, closing=said, by=binh, now=now)
        == "personal-data"
    )
    assert not Claim.objects.filter(title__contains="0905").exists()


def test_a_seeming_name_is_pointed_out_until_somebody_has_looked(
    xa_a: Unit, an: Person, now: datetime
) -> None:
    said = words(now, title="Ông Chủ tịch Ủy ban nhân dân xã đã cho nghỉ học")
    given: dict[str, Any] = {"unit": xa_a, "words": said, "by": an, "now": now}
    assert refusal(services.note_claim, **given) == services.NAMES_FOUND
    assert services.note_claim(**given, names_checked=True).pk


def test_there_is_no_field_for_who_said_it() -> None:
    names = {field.name for field in Claim._meta.get_fields()}
    assert not {name for name in names if "author" in name or "account" in name or "who" in name}


def test_evidence_is_kept_under_its_hash_once_and_opening_it_is_journalled(
    claim: Claim, an: Person, chi: Person, now: datetime
) -> None:
    by = {"by": an, "now": now}
    first = services.add_evidence(claim=claim, file_name="Ảnh.png", content=PNG, by=an, now=now)
    again = services.add_evidence(claim=claim, file_name="b.png", content=PNG, by=an, now=now)
    assert first == again
    assert len(first.sha256) == 64
    wrong = {"claim": claim, "file_name": "a.exe", "content": b"MZ\x00\x00" + bytes(50), **by}
    assert refusal(services.add_evidence, **wrong) == "attachment-wrong-kind"
    services.note_looking(evidence=first, by=an, now=now)
    looked = Entry.objects.get(action="open-evidence")
    assert looked.detail["sha256"] == first.sha256
    assert refusal(services.note_looking, evidence=first, by=chi, now=now) == "not-allowed"


def test_twenty_files_and_twenty_sources_are_enough(
    claim: Claim, an: Person, now: datetime
) -> None:
    for number in range(20):
        Evidence.objects.create(
            claim=claim, sha256=f"{number:064}", name="a", size=1, added_by=an, added_at=now
        )
        services.add_source(claim=claim, name=f"Văn bản {number}", url="", by=an, now=now)
    by = {"by": an, "now": now}
    more = {"claim": claim, "file_name": "a.png", "content": PNG, **by}
    assert refusal(services.add_evidence, **more) == "too-many-files"
    assert refusal(services.add_source, claim=claim, name="X", url="", **by) == "too-many-sources"


def test_a_claim_goes_from_checking_to_its_answer_and_is_closed(
    claim: Claim, an: Person, binh: Person, now: datetime, later: datetime
) -> None:
    assert now_at(claim) == "verifying"
    early = {"claim": claim, "closing": "Xong.", "by": binh, "now": now}
    assert refusal(services.close_claim, **early) == "not-answered"
    assert refusal(services.begin_answer, claim=claim, by=an, now=now) == "no-verdict"
    services.add_step(claim=claim, text="Hỏi huyện.", by=an, now=now)
    judged(claim, an, now)
    assert now_at(claim) == "answering"
    assert refusal(services.close_claim, **early) == "not-answered"
    answered(claim, an, binh, now)
    assert now_at(claim) == "rebutted"
    closing = {"claim": claim, "closing": "Không còn ai chia sẻ.", "now": later}
    assert refusal(services.close_claim, by=an, **closing) == "not-allowed"
    services.close_claim(by=binh, **closing)  # type: ignore[arg-type]
    assert now_at(claim) == "closed_claim"
    assert refusal(services.add_step, claim=claim, text="Nữa.", by=an, now=later) == "claim-closed"
    actions = Entry.objects.filter(subject=f"claim:{claim.pk}").values_list("action", flat=True)
    assert {"note-claim", "check-claim", "give-verdict", "begin-answer", "close-claim"} <= {
        *actions
    }


def test_the_answer_begins_with_what_is_true_and_its_title_does_not_repeat_the_claim(
    claim: Claim, an: Person, now: datetime
) -> None:
    services.add_source(claim=claim, name=OFFICE, url="", by=an, now=now)
    content = services.answer_of(judged(claim, an, now))
    assert content.title == "Thông tin chính thức: Hồ đang vận hành bình thường"
    assert content.text.startswith(TRUTH)
    assert f"“{claim.title}”. Thông tin này sai sự thật." in content.text
    assert f"Nguồn: {OFFICE}." in content.text
    assert content.category == "AGAINST_WRONG"


def test_what_its_approver_saw_stays_until_the_answer_comes_back(
    claim: Claim, an: Person, binh: Person, now: datetime
) -> None:
    source = services.add_source(claim=claim, name=OFFICE, url="", by=an, now=now)
    judged(claim, an, now)
    bulletin = in_review(claim, an, now)
    by = {"by": an, "now": now}
    frozen = {"claim": claim, "words": words(now, title="Khác"), **by}
    assert refusal(services.change_claim, **frozen) == "answer-frozen"
    assert refusal(services.remove_source, source=source, **by) == "answer-frozen"
    again = {"claim": claim, "verdict": "TRUE", "finding": "x", **by}
    assert refusal(services.give_verdict, **again) == "answer-frozen"
    assert refusal(services.begin_answer, claim=claim, **by) == "answer-begun"
    bulletins.return_bulletin(bulletin=bulletin, comment="Nêu rõ hơn.", by=binh, now=now)
    assert services.change_claim(**frozen).title == "Khác"  # type: ignore[arg-type]


def test_a_withdrawn_answer_is_due_again(
    claim: Claim, an: Person, binh: Person, now: datetime, later: datetime
) -> None:
    edition = answered(claim, an, binh, now)
    bulletins.withdraw_bulletin(
        bulletin=newsroom.reread(edition.bulletin), reason="Sai số liệu.", by=binh, now=later
    )
    assert now_at(claim) == "answering"
    services.begin_answer(claim=claim, by=an, now=later)


def test_leaving_it_unanswered_is_an_approvers_decision_with_a_reason(
    claim: Claim, an: Person, binh: Person, now: datetime
) -> None:
    given = {"claim": claim, "reason": "Chưa ai chia sẻ.", "now": now}
    assert refusal(services.leave_unanswered, by=binh, **given) == "no-verdict"
    judged(claim, an, now)
    assert refusal(services.leave_unanswered, by=an, **given) == "not-allowed"
    empty = {**given, "reason": " "}
    assert refusal(services.leave_unanswered, by=binh, **empty) == "comment-missing"
    services.leave_unanswered(by=binh, **given)  # type: ignore[arg-type]
    assert now_at(claim) == "no_answer"
    assert not deadlines(Claim.objects.get(), None)["answer"].needed


def test_a_true_claim_needs_no_answer(claim: Claim, an: Person, now: datetime) -> None:
    judged(claim, an, now, "TRUE")
    assert now_at(claim) == "no_answer"


def test_the_register_is_sorted_by_what_is_due_and_finds_without_accents(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    judged_one = judged(noted(xa_a, an, now), an, now)
    fresh = noted(xa_a, an, now, title="Nước máy có độc")
    true_one = judged(noted(xa_a, an, now, title="Tăng giá điện"), an, now, "TRUE")
    assert list(listed(xa_a, "open", "", now)) == [fresh, judged_one, true_one]
    assert list(listed(xa_a, "open", "nuoc MAY", now)) == [fresh]
    assert counts(xa_a, now) == (3, 0)
    soon = now + timedelta(hours=25)
    assert list(listed(xa_a, "overdue", "", soon)) == [fresh]
    assert counts(xa_a, now + timedelta(hours=49)) == (3, 2)
    services.close_claim(claim=true_one, closing="Đúng.", by=binh, now=now)
    assert list(listed(xa_a, "closed", "", now)) == [true_one]


def test_the_database_keeps_verdict_closing_and_limits_whole(
    claim: Claim, an: Person, now: datetime
) -> None:
    for change in (
        {"verdict": "FALSE"},
        {"closed_at": now, "closed_by": an},
        {"answer_by": claim.verify_by - timedelta(hours=1)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Claim.objects.filter(pk=claim.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Limits.objects.create(
            unit=claim.unit, verify_h=9, answer_h=8, changed_by=an, changed_at=now
        )
