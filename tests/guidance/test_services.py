"""Writing, issuing, revoking and reading guidance."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.conftest import person
from tests.guidance.noting import drafted, issued, storms
from vang.base.refusals import Refusal
from vang.guidance import services
from vang.guidance.models import Guidance
from vang.guidance.notices import reminded, told_of_issue
from vang.guidance.queries import (
    concerning,
    in_force,
    reached,
    receipts,
    received,
    unread,
    unread_units,
)
from vang.notices.models import Notice
from vang.orgs.models import Unit
from vang.orgs.reach import Aim
from vang.people.models import Person

PDF = b"%PDF-1.7\n" + bytes(100)


def refusal(act: object, **given: object) -> str:
    with pytest.raises(Refusal) as refused:
        act(**given)  # type: ignore[operator]
    return refused.value.code


def test_a_draft_is_its_units_own_and_an_approver_issues_it(
    committee: Unit, xa_a: Unit, hien: Person, loc: Person, now: datetime
) -> None:
    draft = drafted(committee, hien, now)
    assert list(received(xa_a)) == []
    assert refusal(services.issue_guidance, guidance=draft, by=hien, now=now) == "not-allowed"
    services.issue_guidance(guidance=draft, by=loc, now=now)
    assert list(received(xa_a)) == [draft]
    assert list(in_force(xa_a, now.date())) == [draft]
    assert list(in_force(xa_a, now.date() + timedelta(days=15))) == []


def test_what_was_issued_is_not_changed_but_revoked(
    note: Guidance, hien: Person, loc: Person, district: Unit, xa_a: Unit, now: datetime
) -> None:
    aims = [Aim(district, below=True)]
    change = {"guidance": note, "note": storms(now), "aims": aims, "by": hien, "now": now}
    assert refusal(services.change_guidance, **change) == "issued-already"
    attach = {"guidance": note, "file_name": "a.pdf", "content": PDF, "by": hien, "now": now}
    assert refusal(services.attach_file, **attach) == "issued-already"
    revoke = {"guidance": note, "by": loc, "now": now}
    assert refusal(services.revoke_guidance, reason=" ", **revoke) == "comment-missing"
    services.revoke_guidance(reason="Thay bằng văn bản mới.", **revoke)  # type: ignore[arg-type]
    assert list(in_force(xa_a, now.date())) == []
    assert list(received(xa_a)) == [note]
    assert refusal(services.revoke_guidance, reason="x", **revoke) == "not-issued"


def test_a_note_says_what_to_whom_and_when(
    committee: Unit, xa_a: Unit, hien: Person, an: Person, loc: Person, now: datetime
) -> None:
    far = Unit.objects.create(
        code="1", valid_from=now.date(), level="COMMUNE", kind="XA", name="Xa Lạ"
    )
    good = {"unit": committee, "note": storms(now), "aims": [Aim(xa_a)], "by": hien, "now": now}
    yesterday = now.date() - timedelta(days=1)
    for wrong, code in (
        ({"note": storms(now, title=" ")}, "title-missing"),
        ({"note": storms(now, ends_on=yesterday)}, "ends-before-it-begins"),
        ({"aims": []}, "out-of-reach"),
        ({"aims": [Aim(far)]}, "out-of-reach"),
        ({"by": an}, "not-allowed"),
    ):
        assert refusal(services.write_guidance, **{**good, **wrong}) == code
    empty = drafted(committee, hien, now, do="", avoid="")
    issue = {"guidance": empty, "by": loc, "now": now}
    assert refusal(services.issue_guidance, **issue) == "note-empty"
    services.attach_file(guidance=empty, file_name="a.pdf", content=PDF, by=hien, now=now)
    late = {**issue, "now": now + timedelta(days=30)}
    assert refusal(services.issue_guidance, **late) == "period-over"
    assert services.issue_guidance(**issue).state == "ISSUED"


def test_files_are_kept_by_their_hash_and_only_of_known_kinds(
    committee: Unit, hien: Person, now: datetime
) -> None:
    draft = drafted(committee, hien, now)
    common = {"guidance": draft, "by": hien, "now": now}
    kept = services.attach_file(file_name="../../Hướng dẫn.pdf", content=PDF, **common)  # type: ignore[arg-type]
    assert (kept.name, kept.size) == ("Hướng dẫn.pdf", len(PDF))
    again = services.attach_file(file_name="khác.pdf", content=PDF, **common)  # type: ignore[arg-type]
    assert again == kept
    for content, code in (
        (b"", "attachment-empty"),
        (b"MZ\x90\x00" + bytes(50), "attachment-wrong-kind"),
        (b"<html><script>", "attachment-wrong-kind"),
    ):
        assert refusal(services.attach_file, file_name="x", content=content, **common) == code
    services.remove_file(attachment=kept, by=hien, now=now)
    assert draft.attachments.count() == 0


def test_reading_is_noted_once_a_person_for_a_unit_that_it_goes_to(
    note: Guidance, xa_a: Unit, xa_b: Unit, an: Person, binh: Person, chi: Person,
    now: datetime, later: datetime,
) -> None:  # fmt: skip
    assert list(unread(an, xa_a, now.date())) == [note]
    services.mark_read(guidance=note, unit=xa_a, by=an, now=now)
    services.mark_read(guidance=note, unit=xa_a, by=an, now=later)
    services.mark_read(guidance=note, unit=xa_a, by=binh, now=later)
    assert refusal(services.mark_read, guidance=note, unit=xa_a, by=chi, now=now) == "not-meant"
    assert list(unread(an, xa_a, now.date())) == []
    first, second = receipts(note, [xa_a, xa_b])
    assert (first.readers, first.first_at) == (2, now)
    assert (second.readers, second.first_at) == (0, None)
    assert xa_a not in unread_units(note, now.date())
    assert xa_b in unread_units(note, now.date())


def test_everybody_it_goes_to_is_told_and_the_unread_are_reminded_once_a_day(
    note: Guidance, district: Unit, committee: Unit, xa_a: Unit, xa_b: Unit, an: Person,
    binh: Person, chi: Person, hien: Person, now: datetime,
) -> None:  # fmt: skip
    assert {unit.pk for unit in reached(note, now.date())} == {district.pk, xa_a.pk, xa_b.pk}
    assert told_of_issue(note, now=now) == told_of_issue(note, now=now) + 3
    assert {n.person for n in Notice.objects.filter(kind="guidance-issued")} == {an, binh, chi}
    services.mark_read(guidance=note, unit=xa_a, by=an, now=now)
    assert (reminded(note, now=now), reminded(note, now=now)) == (1, 0)
    assert reminded(note, now=now + timedelta(days=1)) == 1
    assert {n.person for n in Notice.objects.filter(kind="guidance-unread")} == {chi}
    services.remind_unread(guidance=note, by=hien, now=now)
    assert refusal(services.remind_unread, guidance=note, by=an, now=now) == "not-allowed"


def test_what_is_typed_brings_the_note_that_concerns_it_forward(
    note: Guidance, committee: Unit, xa_a: Unit, hien: Person, loc: Person, now: datetime
) -> None:
    other = issued(
        committee, hien, loc, now, title="Bầu cử", categories=("EVENTS",), topics="cử tri"
    )
    typed = {"category": "SECURITY", "title": "Mời cử tri", "text": "Họp."}
    concerns = concerning(xa_a, now.date(), typed)
    assert [c.guidance for c in concerns] == [other, note]
    assert [bool(c.match) for c in concerns] == [True, False]


def test_the_database_keeps_notes_in_order(note: Guidance) -> None:
    for wrong in ({"ends_on": note.starts_on - timedelta(days=1)}, {"issued_at": None}):
        with transaction.atomic(), pytest.raises(IntegrityError):
            Guidance.objects.filter(pk=note.pk).update(**wrong)


def test_a_note_to_chosen_units_concerns_no_others(
    committee: Unit, xa_a: Unit, xa_b: Unit, hien: Person, loc: Person, now: datetime
) -> None:
    issued(committee, hien, loc, now, aims=[Aim(xa_a)])
    assert in_force(xa_a, now.date()).exists()
    assert not in_force(xa_b, now.date()).exists()
    assert person("x", "X", xa_b, "WRITER")
