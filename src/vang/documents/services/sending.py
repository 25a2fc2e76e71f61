"""A document on its way to those it names."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.base.refusals import Refusal
from vang.documents import notices
from vang.documents.access import CLERKS, guard
from vang.documents.models import (
    Document,
    Recipient,
)
from vang.documents.services.acting import note, own
from vang.orgs.models import Unit
from vang.people.models import Person


def send_document(*, document: Document, by: Person, now: datetime) -> int:
    """To every recipient it has not been sent to; returns how many. Raises Refusal."""
    with transaction.atomic():
        fresh = own(document, by, now)
        rows = list(fresh.recipients.select_for_update().filter(sent_at=None))
        if not rows:
            raise Refusal("nobody-left", _("It has been sent to everybody that it names."))
        Recipient.objects.filter(pk__in=[row.pk for row in rows]).update(sent_at=now)
        note("send-document", fresh, by, now)
        units = [row.unit for row in rows if row.unit is not None]
        notices.tell_of_sending(fresh, units, by=by, now=now)
    return len(rows)


def receive_document(*, recipient: Recipient, unit: Unit, by: Person, now: datetime) -> None:
    """Somebody of the unit says that it came. Raises Refusal."""
    with transaction.atomic():
        guard(by, CLERKS, unit, now)
        row = Recipient.objects.select_for_update().get(pk=recipient.pk)
        if row.unit_id != unit.pk or row.sent_at is None:
            raise Refusal("not-meant", _("It was not sent to your unit."))
        if row.received_at is None:
            row.received_at, row.received_by = now, by
            row.save()
            note("receive-document", row.document, by, now, unit=unit)
