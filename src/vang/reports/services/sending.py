"""To whom a finished report went, and who confirmed that it came."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.journal.services import record
from vang.people.models import Person
from vang.reports.access import NEWSROOM, guard
from vang.reports.models import Report, Sending


def note_sent(*, report: Report, recipient: int, by: Person, now: datetime) -> Sending:
    """The report in force went to a recipient of its regime. Raises Refusal."""
    with transaction.atomic():
        guard(by, NEWSROOM, report.desk, now)
        found = report.round.regime.recipients.filter(pk=recipient).first()
        if found is None or report.accepted is None:
            raise Refusal("nothing-to-send", _NOTHING)
        sending, _created = Sending.objects.get_or_create(
            filing=report.accepted, recipient=found, defaults={"sent_by": by, "sent_at": now}
        )
        record("report.send", f"report:{report.pk}", by=by, unit=report.unit, now=now,
               to=found.name)  # fmt: skip
    return sending


def note_received(*, sending: Sending, receipt: str, by: Person, now: datetime) -> Sending:
    """The recipient has confirmed it, by its number of arrival or in words. Raises Refusal."""
    with transaction.atomic():
        report = sending.filing.report
        guard(by, NEWSROOM, report.desk, now)
        words = " ".join(clean_text(receipt).split())[:200]
        if not words:
            raise Refusal("receipt-missing", _RECEIPT_MISSING)
        sending.receipt, sending.received_at = words, now
        sending.save(update_fields=["receipt", "received_at"])
        record("report.receipt", f"report:{report.pk}", by=by, unit=report.unit, now=now)
    return sending


_NOTHING = _("Only a report that is signed and accepted is sent on.")
_RECEIPT_MISSING = _("Give the number under which it arrived, or who confirmed it.")
