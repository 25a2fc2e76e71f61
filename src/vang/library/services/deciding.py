"""A person's word on what was recognised of a document."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.journal.services import record
from vang.library.fields import day_of, enter
from vang.library.models import DocumentField, Item
from vang.library.official.fields import SURE, Name
from vang.library.permissions import KEEPERS
from vang.people.access import require
from vang.people.models import Person

State = DocumentField.State
LONGEST = 2_000


def decide_field(
    *, field: DocumentField, value: str | None, by: Person, now: datetime
) -> DocumentField:
    """Accept the value, replace it, or with None leave the field out. Raises Refusal."""
    require(by, KEEPERS, field.item.unit, local_date(now))
    told = None if value is None else clean_text(value).strip()
    if told is not None:
        _check(field.name, told)
    with transaction.atomic():
        fresh = DocumentField.objects.select_for_update(of=("self",)).get(pk=field.pk)
        fresh.state = _state(fresh, told)
        fresh.value = fresh.found if told is None else told
        fresh.decided_by, fresh.decided_at = by, now
        fresh.save()
        _entered(fresh.item)
        record(
            "decide-field",
            f"item:{fresh.item_id}",
            by=by,
            unit=field.item.unit,
            now=now,
            field=fresh.name,
            state=fresh.state,
        )
    return fresh


def accept_sure_fields(*, item: Item, by: Person, now: datetime) -> int:
    """Accept everything that recognition was sure of. Returns how many fields that were."""
    require(by, KEEPERS, item.unit, local_date(now))
    with transaction.atomic():
        sure = DocumentField.objects.filter(item=item, state=State.OFFERED, confidence__gte=SURE)
        count = sure.update(state=State.ACCEPTED, decided_by=by, decided_at=now)
        _entered(item)
        record("accept-fields", f"item:{item.pk}", by=by, unit=item.unit, now=now, fields=count)
    return count


def _entered(item: Item) -> None:
    document = getattr(item, "document", None)
    if document is not None:
        enter(document)


def _check(name: str, value: str) -> None:
    if not value:
        raise Refusal("field-empty", _EMPTY)
    if len(value) > LONGEST:
        raise Refusal("field-too-long", _TOO_LONG)
    if name == Name.ISSUED_ON and day_of(value) is None:
        raise Refusal("field-no-day", _NO_DAY)


def _state(field: DocumentField, value: str | None) -> str:
    if value is None:
        return State.DROPPED
    return State.ACCEPTED if value == field.found else State.EDITED


_EMPTY = _("Write the right words, or leave the field out.")
_TOO_LONG = _("This is longer than 2,000 characters. Shorten it.")
_NO_DAY = _("Write the day as in 08/06/2026.")
