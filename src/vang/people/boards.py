"""The editorial board as it stands on a day, for pages and printed matter."""

from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from vang.base.display import vi_date
from vang.orgs.models import Unit
from vang.orgs.queries import valid_on
from vang.people.models import Board, BoardMember

_ORDER = {duty: place for place, duty in enumerate(BoardMember.Duty.values)}


@dataclass(frozen=True)
class Sitting:
    """A board with its members in force, head first."""

    board: Board
    members: list[BoardMember]

    @property
    def head(self) -> BoardMember | None:
        """Trưởng ban."""
        found = (one for one in self.members if one.duty == BoardMember.Duty.HEAD)
        return next(found, None)


def board_of(unit: Unit, on: date) -> Sitting | None:
    """The board in force; None where none was set up. Two queries."""
    board = Board.objects.filter(valid_on(on), unit=unit).order_by("-valid_from", "-pk").first()
    if board is None:
        return None
    return Sitting(board, in_rank(BoardMember.objects.filter(valid_on(on), board=board)))


def in_rank(members: QuerySet[BoardMember]) -> list[BoardMember]:
    """Head, deputies, secretary, then the others as they joined."""
    found = members.select_related("person").order_by("pk")
    return sorted(found, key=lambda one: (_ORDER[one.duty], one.pk))


def boards_before(unit: Unit, on: date) -> QuerySet[Board]:
    """Boards that have ended, latest first."""
    return Board.objects.filter(unit=unit, valid_to__lte=on).order_by("-valid_from", "-pk")


def board_words(unit: Unit, on: date) -> str:
    """One line for approvals and printed matter; "" where no board is in force. One query."""
    sitting = BoardMember.objects.filter(
        valid_on(on), board=OuterRef("pk"), duty=BoardMember.Duty.HEAD
    )
    found = Board.objects.filter(valid_on(on), unit=unit).order_by("-valid_from", "-pk")
    row = found.annotate(head=Subquery(sitting.values("full_name")[:1])).first()
    if row is None:
        return ""
    words = {"number": row.decision_number, "day": vi_date(row.decision_date), "head": row.head}
    if row.head is None:
        return _("Editorial board by decision %(number)s of %(day)s") % words
    return _("Editorial board by decision %(number)s of %(day)s, headed by %(head)s") % words
