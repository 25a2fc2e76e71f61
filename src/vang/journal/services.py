"""Writing into the office's journal."""

from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser

from vang.journal.models import Entry
from vang.orgs.models import Unit
from vang.search.services import refresh


def record(
    action: str,
    subject: str,
    *,
    by: AbstractBaseUser | None,
    unit: Unit | None,
    now: datetime,
    **detail: Any,
) -> Entry:
    """Add one row. Called inside the transaction of the act that it tells of.

    ``by`` is None for what the system did by itself. What the act changed is found as it is now
    (vang.search), in the same transaction.
    """
    refresh(subject)
    return Entry.objects.create(
        at=now,
        by_id=by.pk if by else None,
        unit=unit,
        action=action,
        subject=subject,
        detail=detail,
    )
