"""What every write does: the document locked and read anew, the journal written."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.documents.access import CLERKS, guard
from vang.documents.models import (
    Document,
)
from vang.journal.services import record
from vang.orgs.models import Unit
from vang.people.models import Person


def own(document: Document, by: Person, now: datetime) -> Document:
    """Read anew and locked. Raises Refusal."""
    fresh = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    if fresh.unit is None:
        raise Refusal("of-the-state", _("This document of the State is the same for everybody."))
    guard(by, CLERKS, fresh.unit, now)
    return fresh


def one_line(text: str) -> str:
    return " ".join(clean_text(text).split())


def note(
    action: str, document: Document, by: Person, now: datetime, unit: Unit | None = None
) -> None:
    place = unit or document.unit
    record(action, f"document:{document.pk}", by=by, unit=place, now=now, number=document.number)
