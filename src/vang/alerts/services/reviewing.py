"""What one officer sent alone is looked at by another within a day."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.alerts.access import guard
from vang.alerts.models import Alert
from vang.alerts.services.acting import locked, record
from vang.alerts.states import Who
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.people.models import Person


@transaction.atomic
def review_alone(*, alert: Alert, words: str, by: Person, now: datetime) -> Alert:
    """Somebody else says whether it was right. Raises Refusal."""
    fresh = locked(alert)
    guard(by, Who.APPROVER, fresh.unit, now)
    if not fresh.alone or fresh.reviewed_at is not None:
        raise Refusal("nothing-to-review", _("This alert waits for no review."))
    senders = set(fresh.orders.values_list("approvals__person", flat=True))
    if by.pk in senders or by.pk == fresh.created_by_id:
        raise Refusal("own-review", _("Somebody else must review it."))
    said = clean_text(words).strip()[:2000]
    if not said:
        raise Refusal("review-empty", _("Write what you found."))
    fresh.review, fresh.reviewed_by, fresh.reviewed_at = said, by, now
    fresh.save()
    record("review-alert", fresh, by, now)
    return fresh
