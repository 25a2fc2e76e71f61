"""Until when a claim is to be checked, answered and closed. Pure but for reading the limits."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from vang.claims.models import Limits
from vang.orgs.models import Unit


@dataclass(frozen=True)
class Hours:
    """Limits of a unit: hours for verdict and answer, days for closing."""

    verify_h: int = 24
    answer_h: int = 48
    close_d: int = 30


DEFAULT = Hours()


def limits_of(unit: Unit) -> Hours:
    """The unit's own; the usual ones until somebody sets them."""
    row = Limits.objects.filter(unit=unit).first()
    return Hours(row.verify_h, row.answer_h, row.close_d) if row else DEFAULT


@dataclass(frozen=True)
class Dates:
    verify_by: datetime
    answer_by: datetime
    close_by: datetime


def due_dates(limits: Hours, noted_at: datetime) -> Dates:
    return Dates(
        verify_by=noted_at + timedelta(hours=limits.verify_h),
        answer_by=noted_at + timedelta(hours=limits.answer_h),
        close_by=noted_at + timedelta(days=limits.close_d),
    )
