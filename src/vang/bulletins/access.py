"""The only way a view obtains a bulletin."""

from dataclasses import dataclass
from datetime import date

from django.http import Http404

from vang.bulletins import present
from vang.bulletins.models import Bulletin
from vang.bulletins.queries import being_corrected, took_part_in
from vang.people.access import Role, roles
from vang.people.models import Person


@dataclass(frozen=True)
class Reading:
    """A bulletin before a person, with the roles that the person holds at its unit."""

    bulletin: Bulletin
    roles: frozenset[str]

    @property
    def is_writer(self) -> bool:
        return Role.WRITER in self.roles

    @property
    def is_approver(self) -> bool:
        return Role.APPROVER in self.roles


def open_bulletin(person: Person, pk: int, on: date, *, showing: bool = False) -> Reading:
    """Raises Http404 when there is none or the person is a stranger to its unit.

    ``showing``: all of it will be looked at, so ask at once what there is (``present``).
    """
    asked = present.all_questions() if showing else {}
    bulletin = (
        Bulletin.objects.filter(pk=pk)
        .annotate(with_part_of=took_part_in(person), correcting=being_corrected(), **asked)
        .select_related(
            "unit__parent__parent",
            "current__rendition",
            "current__recording",
            "current__edited_by",
            "created_by",
            "submitted_by",
            "sensitive_by",
        )
        .first()
    )
    held = roles(person, bulletin.unit, on) if bulletin else frozenset()
    if bulletin is None or not held:
        raise Http404
    bulletin.read_for = person.pk  # type: ignore[attr-defined]
    if bulletin.current is not None:
        bulletin.current.bulletin = bulletin  # known: not to be asked for again
    if showing:
        present.note_answers(bulletin)
    return Reading(bulletin, held)
