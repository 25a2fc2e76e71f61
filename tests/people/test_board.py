"""The editorial board, as decided on paper."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from tests.people.entering import entered
from vang.base.refusals import Refusal
from vang.journal.models import Entry
from vang.orgs.models import Unit
from vang.people.boards import board_of, board_words
from vang.people.models import Board, BoardMember, Person
from vang.people.services.boards import Seat, add_member, end_member, set_up_board

TODAY = date(2026, 6, 10)
PAGE = "/account/board"


def decided(unit: Unit, by: Person, now: datetime, **more: object) -> Board:
    values = {"number": "45/QĐ-UBND", "decided_on": TODAY, "since": TODAY, **more}
    return set_up_board(unit=unit, **values, by=by, now=now)  # type: ignore[arg-type]


def seated(unit: Unit, quan: Person, hanh: Person, an: Person, now: datetime) -> Board:
    seats = [
        Seat("ANNOUNCER", "Nguyễn Thị Loan", "Phát thanh viên"),
        Seat("EDITOR", "", person=an),
        Seat("HEAD", "", "Chủ tịch UBND xã", hanh),
    ]
    return decided(unit, quan, now, seats=seats)


def test_members_stand_by_rank_with_and_without_accounts(
    xa_a: Unit, quan: Person, hanh: Person, an: Person, now: datetime
) -> None:
    seated(xa_a, quan, hanh, an, now)
    sitting = board_of(xa_a, TODAY)
    assert sitting is not None
    assert [one.full_name for one in sitting.members] == [
        "Lý Thị Hạnh",
        "Nguyễn Văn An",
        "Nguyễn Thị Loan",
    ]
    assert sitting.head is not None
    assert sitting.head.title == "Chủ tịch UBND xã"
    assert board_words(xa_a, TODAY) == (
        "Ban biên tập theo Quyết định số 45/QĐ-UBND ngày 10/06/2026, trưởng ban: Lý Thị Hạnh"
    )
    assert board_of(xa_a, TODAY - timedelta(days=1)) is None
    assert board_words(xa_a, TODAY - timedelta(days=1)) == ""
    assert Entry.objects.filter(action="board.join", mentions__subject=f"person:{an.pk}").exists()


def test_another_decision_ends_the_board_and_what_was_stays(
    xa_a: Unit, quan: Person, hanh: Person, an: Person, now: datetime
) -> None:
    seated(xa_a, quan, hanh, an, now)
    later = TODAY + timedelta(days=30)
    decided(xa_a, quan, now, number="60/QĐ-UBND", decided_on=later, since=later)
    before = board_of(xa_a, later - timedelta(days=1))
    after = board_of(xa_a, later)
    assert before is not None
    assert after is not None
    assert (before.board.decision_number, len(before.members)) == ("45/QĐ-UBND", 3)
    assert (after.board.decision_number, after.members) == ("60/QĐ-UBND", [])
    assert board_words(xa_a, later) == "Ban biên tập theo Quyết định số 60/QĐ-UBND ngày 10/07/2026"


def test_a_duty_ends_and_another_takes_it(
    xa_a: Unit, quan: Person, hanh: Person, binh: Person, an: Person, now: datetime
) -> None:
    board = seated(xa_a, quan, hanh, an, now)
    later = TODAY + timedelta(days=5)
    with pytest.raises(Refusal) as refused:
        add_member(board=board, seat=Seat("HEAD", "", person=binh), since=later, by=quan, now=now)
    assert refused.value.code == "head-taken"
    head = BoardMember.objects.get(duty="HEAD")
    end_member(member=head, on=later, by=quan, now=now)
    add_member(board=board, seat=Seat("HEAD", "", person=binh), since=later, by=quan, now=now)
    heads = [board_of(xa_a, day) for day in (TODAY, later)]
    assert [one.head.full_name for one in heads if one and one.head] == [
        "Lý Thị Hạnh",
        "Trần Thị Bình",
    ]
    with pytest.raises(Refusal):
        end_member(member=head, on=later, by=quan, now=now)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"number": " "}, "decision-missing"),
        ({"since": TODAY - timedelta(days=1)}, "bad-days"),
        ({"seats": [Seat("KING", "Hoa")]}, "unknown-duty"),
        ({"seats": [Seat("EDITOR", " ")]}, "name-missing"),
    ],
)
def test_what_makes_no_board_is_refused_whole(
    xa_a: Unit, quan: Person, now: datetime, more: dict[str, object], code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        decided(xa_a, quan, now, **more)
    assert refused.value.code == code
    assert not Board.objects.exists()


def test_the_database_knows_one_board_and_one_head(
    xa_a: Unit, quan: Person, hanh: Person, an: Person, now: datetime
) -> None:
    board = seated(xa_a, quan, hanh, an, now)
    values = {"decision_number": "x", "decision_date": TODAY, "valid_from": TODAY}
    with pytest.raises(IntegrityError), transaction.atomic():
        Board.objects.create(unit=xa_a, **values)
    with pytest.raises(IntegrityError), transaction.atomic():
        BoardMember.objects.create(board=board, full_name="x", duty="HEAD", valid_from=TODAY)


def test_the_administrator_keeps_it_others_read_it(
    client: Client, quan: Person, an: Person, chi: Person, xa_a: Unit
) -> None:
    entered(client, an)
    assert "Chưa nhập ban biên tập" in client.get(PAGE).content.decode()
    today = date.today().isoformat()
    fields = {"number": "45/QĐ-UBND", "decided_on": today, "since": today}
    assert client.post(f"{PAGE}/new", fields).status_code == 403
    entered(client, quan).post(f"{PAGE}/new", fields)
    board = Board.objects.get()
    seat = {"duty": "EDITOR", "person": str(an.pk), "since": today}
    client.post(f"{PAGE}/{board.pk}/members", seat)
    client.post(
        f"{PAGE}/{board.pk}/members", {"duty": "ANNOUNCER", "full_name": "Loan", "since": today}
    )
    client.post(f"{PAGE}/{board.pk}/members", {"duty": "ANNOUNCER", "since": "x"})
    assert BoardMember.objects.count() == 2
    page = entered(client, an).get(PAGE).content.decode()
    assert "Nguyễn Văn An" in page
    assert "Phát thanh viên" in page
    member = BoardMember.objects.first()
    assert member is not None
    entered(client, chi)
    assert client.post(f"{PAGE}/{board.pk}/members", seat).status_code == 404
    assert client.post(f"{PAGE}/members/{member.pk}/end").status_code == 404
    assert "Nguyễn Văn An" not in client.get(PAGE).content.decode()
    entered(client, quan).post(f"{PAGE}/members/{member.pk}/end")
    member.refresh_from_db()
    assert member.valid_to == date.today()
    assert client.get(f"{PAGE}/members/{member.pk}/end").status_code == 405
