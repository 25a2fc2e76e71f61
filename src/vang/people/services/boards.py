"""The editorial board of a unit, as decided on paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.journal.services import record
from vang.orgs.models import Unit
from vang.people.access import Role, may
from vang.people.models import Board, BoardMember, Person

Duty = BoardMember.Duty


@dataclass(frozen=True)
class Seat:
    """One member to be: with an account (``person``) or only by name."""

    duty: str
    full_name: str
    title: str = ""
    person: Person | None = None


@transaction.atomic
def set_up_board(
    *,
    unit: Unit,
    number: str,
    decided_on: date,
    since: date,
    seats: Sequence[Seat] = (),
    by: Person,
    now: datetime,
) -> Board:
    """A new board by a decision; the one before ends as it begins. Raises Refusal."""
    _guard(unit, by, now)
    clean = _line(number)
    if not clean:
        raise Refusal("decision-missing", _("Give the number of the decision."))
    if decided_on > since:
        raise Refusal("bad-days", _("The board begins on the day of the decision or later."))
    before = Board.objects.select_for_update().filter(unit=unit, valid_to=None).first()
    if before is not None:
        _end(before, since)
    board = Board.objects.create(
        unit=unit, decision_number=clean[:60], decision_date=decided_on, valid_from=since
    )
    record("board.set-up", f"board:{board.pk}", by=by, unit=unit, now=now, number=clean)
    for seat in seats:
        add_member(board=board, seat=seat, since=since, by=by, now=now)
    return board


@transaction.atomic
def add_member(*, board: Board, seat: Seat, since: date, by: Person, now: datetime) -> BoardMember:
    """One more member. Raises Refusal."""
    _guard(board.unit, by, now)
    name = _line(seat.person.full_name if seat.person else seat.full_name)
    if not name:
        raise Refusal("name-missing", _("Give the name."))
    if seat.duty not in Duty.values:
        raise Refusal("unknown-duty", _("Choose the duty."))
    if board.valid_to is not None or since < board.valid_from:
        raise Refusal("bad-days", _("A member joins a board that is in force."))
    if seat.duty == Duty.HEAD and _sitting(board).filter(duty=Duty.HEAD).exists():
        raise Refusal("head-taken", _("The board has a head. End that duty first."))
    member = BoardMember.objects.create(
        board=board,
        person=seat.person,
        full_name=name[:120],
        title=_line(seat.title or (seat.person.title if seat.person else ""))[:120],
        duty=seat.duty,
        valid_from=since,
    )
    _journal("board.join", member, by, now)
    return member


@transaction.atomic
def end_member(*, member: BoardMember, on: date, by: Person, now: datetime) -> None:
    """The duty ends on ``on``, the first day on which it no longer holds. Raises Refusal."""
    _guard(member.board.unit, by, now)
    if member.valid_to is not None:
        raise Refusal("member-left", _("This duty has ended already."))
    member.valid_to = max(on, member.valid_from)
    member.save(update_fields=["valid_to"])
    _journal("board.leave", member, by, now)


def _end(board: Board, on: date) -> None:
    if on <= board.valid_from:
        raise Refusal("bad-days", _("The new board begins after the one before."))
    board.valid_to = on
    board.save(update_fields=["valid_to"])
    for member in _sitting(board):
        member.valid_to = max(on, member.valid_from)
        member.save(update_fields=["valid_to"])


def _sitting(board: Board) -> QuerySet[BoardMember]:
    return BoardMember.objects.filter(board=board, valid_to=None).order_by("pk")


def _journal(action: str, member: BoardMember, by: Person, now: datetime) -> None:
    record(
        action,
        f"board:{member.board_id}",
        by=by,
        unit=member.board.unit,
        now=now,
        about=[f"person:{member.person_id}"] if member.person_id else [],
        name=member.full_name,
        duty=member.duty,
    )


def _guard(unit: Unit, by: Person, now: datetime) -> None:
    if not may(by, Role.ADMINISTRATOR, unit, local_date(now)):
        raise Refusal("not-allowed", _("Only the administrator of the unit may do this."))


def _line(text: str) -> str:
    return " ".join(clean_text(text).split())
