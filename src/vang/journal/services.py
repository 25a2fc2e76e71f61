"""Writing into the office's journal."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

from django.contrib.auth.base_user import AbstractBaseUser

from vang.journal.chain import seal_soon
from vang.journal.models import Entry, Mention
from vang.orgs.models import Unit
from vang.search.services import refresh


class Acting(Protocol):
    """In whose name somebody acts: people.models.Delegation."""

    pk: Any

    @property
    def in_whose_name(self) -> str: ...


def record(
    action: str,
    subject: str,
    *,
    by: AbstractBaseUser | None,
    unit: Unit | None,
    now: datetime,
    about: Iterable[str] = (),
    **detail: Any,
) -> Entry:
    """Add one row. Called inside the transaction of the act that it tells of.

    ``about`` names what else the act concerns ("bulletin:12"): the row is read there too.
    ``by`` is None for what the system did by itself; when they act in somebody's name
    (people.acting), the row says so. What the act changed is found as it is now (vang.search), in
    the same transaction; the row enters the chain when that is committed.
    """
    refresh(subject)
    acting: Acting | None = getattr(by, "acting", None) if unit is not None else None
    if acting is not None:
        detail["delegation"] = acting.pk
    entry = Entry.objects.create(
        at=now,
        by_id=by.pk if by else None,
        capacity=acting.in_whose_name[:200] if acting else "",
        unit=unit,
        action=action,
        subject=subject,
        detail=detail,
    )
    others = [one for one in dict.fromkeys(about) if one != subject]
    if others:
        Mention.objects.bulk_create(Mention(entry=entry, subject=one) for one in others)
    seal_soon()
    return entry
