"""Dates, hours, numbers and lengths as Vietnamese offices write them, in either language."""

from datetime import date, datetime, time
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext, ngettext


def local(value: date) -> date:
    """An aware instant in the zone of the page; a date or a naive instant as it is."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def vi_date(value: date | None) -> str:
    """``10/06/2026``. None gives ""."""
    return "" if value is None else local(value).strftime("%d/%m/%Y")


def vi_time(value: datetime | time | None) -> str:
    """``16:30``. None gives ""."""
    if value is None:
        return ""
    return (value if isinstance(value, time) else local(value)).strftime("%H:%M")


def vi_datetime(value: datetime | None) -> str:
    """``16:30 10/06/2026``. None gives ""."""
    return "" if value is None else local(value).strftime("%H:%M %d/%m/%Y")


def vi_number(value: float | Decimal | None, decimals: int | None = None) -> str:
    """``1.250.000`` and ``3,5``; as many decimals as the number has unless told. None gives ""."""
    if value is None:
        return ""
    exact = Decimal(str(value))
    plain = f"{exact:,f}" if decimals is None else f"{exact:,.{decimals}f}"
    if decimals is None and "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return plain.translate(str.maketrans(",.", ".,"))


def seconds(value: float | None) -> str:
    """A length in seconds in words: ``1 phút 05 giây``, ``2 giờ 03 phút``. None gives ""."""
    if value is None:
        return ""
    minutes, rest = divmod(round(value), 60)
    hours, minutes_left = divmod(minutes, 60)
    if hours:
        return _pair(_hours(hours), gettext("%(n)02d min"), minutes_left)
    if minutes:
        return _pair(_minutes(minutes), gettext("%(n)02d s"), rest)
    return ngettext("%(n)d second", "%(n)d seconds", rest) % {"n": rest}


def _hours(count: int) -> str:
    return ngettext("%(n)d hour", "%(n)d hours", count) % {"n": count}


def _minutes(count: int) -> str:
    return ngettext("%(n)d minute", "%(n)d minutes", count) % {"n": count}


def _pair(large: str, pattern: str, rest: int) -> str:
    return f"{large} {pattern % {'n': rest}}" if rest else large
