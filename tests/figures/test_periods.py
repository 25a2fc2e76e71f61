"""Weeks, months, halves, years and dates of one's own."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vang.figures.periods import LONGEST, Period, Span, Step, own_period, period_of, step_of

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
NAMED = st.sampled_from([Span.WEEK, Span.MONTH, Span.HALF, Span.YEAR])


@pytest.mark.parametrize(
    ("span", "first", "last", "step"),
    [
        (Span.WEEK, date(2026, 6, 8), date(2026, 6, 14), Step.DAY),
        (Span.MONTH, date(2026, 6, 1), date(2026, 6, 30), Step.DAY),
        (Span.HALF, date(2026, 1, 1), date(2026, 6, 30), Step.WEEK),
        (Span.YEAR, date(2026, 1, 1), date(2026, 12, 31), Step.MONTH),
    ],
)
def test_a_span_lies_around_its_day(span: Span, first: date, last: date, step: Step) -> None:
    period = period_of(span, date(2026, 6, 10))
    assert (period.first, period.last, period.step) == (first, last, step)


@given(NAMED, DAYS)
def test_periods_of_a_kind_follow_one_another_without_gap(span: Span, day: date) -> None:
    period = period_of(span, day)
    assert period.first <= day <= period.last
    assert period.after.first == period.last + timedelta(days=1)
    assert period.before.last == period.first - timedelta(days=1)
    assert period.after.before == period


@given(DAYS, DAYS)
def test_every_day_of_a_period_lies_in_one_of_its_parts(one: date, other: date) -> None:
    period = own_period(one, other)
    assert period.last - period.first <= LONGEST
    parts = list(period.steps())
    assert parts == sorted(set(parts))
    for day in (period.first, period.last, period.first + (period.last - period.first) / 2):
        assert step_of(day, period.step) in parts


def test_days_to_come_are_cut_off() -> None:
    today = date(2026, 6, 10)
    assert period_of(Span.MONTH, today).until(today).last == today
    past = Period(Span.OWN, date(2026, 5, 1), date(2026, 5, 2))
    assert past.until(today) == past
