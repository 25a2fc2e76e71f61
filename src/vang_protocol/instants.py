"""Instants on the wire: ``2026-11-23T08:00:00.000Z``, UTC, milliseconds, nothing else."""

import re
from datetime import UTC, datetime, timedelta

_SHAPE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def format_instant(moment: datetime) -> str:
    """The wire form; raises ValueError for a naive datetime. Below a millisecond is cut."""
    if moment.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.removesuffix("+00:00") + "Z"


def parse_instant(text: str) -> datetime:
    """The UTC datetime; raises ValueError for every other spelling."""
    if not _SHAPE.fullmatch(text):
        raise ValueError(f"not an instant: {text[:40]!r}")
    return datetime.fromisoformat(text[:-1]).replace(tzinfo=UTC)


def to_us(moment: datetime) -> int:
    """Microseconds since 1970."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def from_us(us: int) -> datetime:
    """The UTC datetime ``us`` microseconds after 1970."""
    return EPOCH + timedelta(microseconds=us)
