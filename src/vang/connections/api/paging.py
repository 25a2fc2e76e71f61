"""Long lists in parts: each answer names where the next part begins."""

import base64
import binascii
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, TypeVar

from django.db.models import Model, Q, QuerySet
from ninja import Schema
from ninja.errors import ValidationError
from pydantic import AfterValidator, AwareDatetime, Field

Row = TypeVar("Row", bound=Model)


FIRST_YEAR, LAST_YEAR = 1900, 9000
"""A time zone's hours cannot carry an instant between them over the calendar's ends."""


def in_reach(instant: datetime) -> datetime:
    """Raises ValueError for an instant that no other zone's calendar may hold."""
    if not FIRST_YEAR <= instant.year <= LAST_YEAR:
        raise ValueError(f"between the years {FIRST_YEAR} and {LAST_YEAR}")
    return instant


Instant = Annotated[AwareDatetime, AfterValidator(in_reach)]


class Part(Schema):
    """Which part of a list."""

    limit: int = Field(100, ge=1, le=200, description="Most rows in one answer")
    cursor: str | None = Field(
        None, max_length=200, description="The next of the answer before this one"
    )


def whole_number(text: str) -> int:
    """Raises ValueError for anything that is no row's number."""
    if not (text.isascii() and text.isdecimal()) or len(text) > 18:
        raise ValueError
    return int(text)


def part(
    rows: QuerySet[Row],
    order: str,
    wanted: Part,
    *,
    key: Callable[[str], object] = whole_number,
) -> tuple[list[Row], str | None]:
    """Rows by (``order``, key) after the cursor, and the cursor of what follows, None at the end.

    ``order`` names a column with an instant; ``key`` reads a row's key from its text.
    """
    if wanted.cursor is not None:
        instant, last_key = _read(wanted.cursor, key)
        rows = rows.filter(
            Q(**{f"{order}__gt": instant}) | Q(**{order: instant, "pk__gt": last_key})
        )
    found = list(rows.order_by(order, "pk")[: wanted.limit + 1])
    if len(found) <= wanted.limit:
        return found, None
    last = found[wanted.limit - 1]
    return found[: wanted.limit], _written(getattr(last, order), last.pk)


def _written(instant: datetime, key: Any) -> str:
    return base64.urlsafe_b64encode(f"{instant.isoformat()} {key}".encode()).decode()


def _read(cursor: str, key: Callable[[str], object]) -> tuple[datetime, object]:
    try:
        instant, last_key = base64.urlsafe_b64decode(cursor.encode()).decode().split(" ")
        return _aware(datetime.fromisoformat(instant)), key(last_key)
    except (ValueError, binascii.Error) as error:
        raise ValidationError([{"loc": ("query", "cursor"), "msg": "unknown"}]) from error


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError
    return in_reach(instant)
