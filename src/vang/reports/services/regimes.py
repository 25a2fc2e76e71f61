"""Which reports are due every year, and opening their rounds on the day."""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.journal.services import record
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.reports.access import MANAGERS, guard
from vang.reports.models import Form, Recipient, Regime, Round, Term
from vang.reports.services.opening import Days, open_round

HALF_YEARS: tuple[dict[str, Any], ...] = (
    {"name": "Báo cáo 10/6", "due_month": 6, "due_day": 10, "from_month": 11, "from_day": 1,
     "from_years_back": 1, "to_month": 5},
    {"name": "Báo cáo 10/11", "due_month": 11, "due_day": 10, "from_month": 6, "from_day": 1,
     "to_month": 10},
)  # fmt: skip
"""Section VI of the founding plan: before 10/6 and 10/11 of every year. Each covers the months up
to the one before its due month, so that no day is told twice or not at all."""
A_YEAR: tuple[dict[str, Any], ...] = (
    {"name": "Biểu năm", "due_month": 3, "due_day": 15, "from_month": 1, "from_day": 1,
     "from_years_back": 1, "to_month": 12, "to_years_back": 1},
)  # fmt: skip
"""Circular 10/2018/TT-BTTTT: until 15/3 of the next year."""


@dataclass(frozen=True)
class Duty:
    """What a regime asks of whom."""

    form: Form
    name: str
    level: str = Unit.Level.COMMUNE
    with_offices: bool = False
    basis: str = ""


def start_regime(
    *,
    unit: Unit | None,
    duty: Duty,
    terms: Sequence[dict[str, Any]],
    recipients: Sequence[str] = (),
    by: Person | None,
    now: datetime,
) -> Regime:
    """From now on these reports are due every year. Raises Refusal."""
    with transaction.atomic():
        if by is not None and unit is not None:
            guard(by, MANAGERS, unit, now)
        name = " ".join(clean_text(duty.name).split())[:200]
        if not name:
            raise Refusal("name-missing", _NAME_MISSING)
        try:
            with transaction.atomic():
                regime = Regime.objects.create(
                    unit=unit, form=duty.form, name=name, level=duty.level,
                    with_offices=duty.with_offices, basis=duty.basis[:300], created_by=by,
                )  # fmt: skip
        except IntegrityError as error:
            raise Refusal("regime-known", _KNOWN) from error
        Term.objects.bulk_create(Term(regime=regime, **term) for term in terms)
        clean = [" ".join(clean_text(one).split())[:200] for one in recipients]
        Recipient.objects.bulk_create(
            Recipient(regime=regime, place=place, name=one)
            for place, one in enumerate(one for one in clean if one)
        )
        record("report-regime.start", f"report-regime:{regime.pk}", by=by, unit=unit, now=now,
               name=name)  # fmt: skip
    return regime


def end_regime(*, regime: Regime, by: Person, now: datetime) -> Regime:
    """No further rounds; those that are open go on. Raises Refusal."""
    with transaction.atomic():
        fresh = Regime.objects.select_for_update(of=("self",)).get(pk=regime.pk)
        if fresh.unit is not None:
            guard(by, MANAGERS, fresh.unit, now)
        fresh.ended_on = local_date(now)
        fresh.save(update_fields=["ended_on"])
        record("report-regime.end", f"report-regime:{fresh.pk}", by=by, unit=fresh.unit, now=now)
    return fresh


def days_of(term: Term, year: int) -> Days:
    """The round of this term that is due in ``year``. A day that the month has not is its last."""
    due = _day(year, term.due_month, term.due_day)
    to_year = year - term.to_years_back
    return Days(
        covers_from=_day(year - term.from_years_back, term.from_month, term.from_day),
        covers_to=_day(to_year, term.to_month, 31),
        opens_on=due - timedelta(days=term.days_open),
        due_on=due,
        locks_on=due + timedelta(days=term.days_to_lock),
    )


def _day(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, monthrange(year, month)[1]))


def due_rounds(today: date) -> Iterator[tuple[Term, Days]]:
    """Rounds whose opening day has come and that are not open yet. After the due day nothing opens
    by itself: everybody would be late at once."""
    terms = Term.objects.filter(regime__ended_on__isnull=True).select_related("regime__unit")
    wanted = [
        (term, days)
        for term in terms
        for year in (today.year, today.year + 1)
        if (days := days_of(term, year)).opens_on <= today <= days.due_on
    ]
    known = set(
        Round.objects.filter(regime__in={term.regime_id for term, _days in wanted}).values_list(
            "regime", "covers_from", "covers_to"
        )
    )
    for term, days in wanted:
        if (term.regime_id, days.covers_from, days.covers_to) not in known:
            yield term, days


def open_due_rounds(*, now: datetime) -> int:
    """The worker's part: rounds open by themselves on their day. How many."""
    opened = 0
    for term, days in due_rounds(local_date(now)):
        try:
            name = f"{term.name} năm {days.due_on.year}"
            open_round(regime=term.regime, name=name, days=days, by=None, now=now)
        except Refusal as refusal:
            if refusal.code != "round-known":
                continue  # nobody to report, or no form in use: the page of the regime says so
        else:
            opened += 1
    return opened


_NAME_MISSING = _("Give the regime a name.")
_KNOWN = _("There is a regime of this name already.")
