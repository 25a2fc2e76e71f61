"""Days laid out as weeks and months."""

from datetime import date, time, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from vang.base.calendars import Entry, monday_of, month_bounds, month_of, week_of

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))
WEDNESDAY = date(2026, 6, 10)


def test_a_week_begins_on_monday_and_today_is_marked() -> None:
    days = week_of(WEDNESDAY, [], today=WEDNESDAY)
    assert [day.date.day for day in days] == [8, 9, 10, 11, 12, 13, 14]
    assert [day.date for day in days if day.today] == [WEDNESDAY]


@given(DAYS)
def test_a_month_is_whole_weeks_with_each_of_its_days_once(day: date) -> None:
    weeks = month_of(day, [], today=day)
    squares = [square for week in weeks for square in week]
    assert all(len(week) == 7 for week in weeks)
    assert squares[0].date == monday_of(squares[0].date)
    inside = [square.date for square in squares if square.inside]
    assert inside[0].day == 1
    assert (inside[-1] + timedelta(days=1)).day == 1
    assert all(one.month == day.month for one in inside)
    assert all(b - a == timedelta(days=1) for a, b in pairwise(inside))
    assert month_bounds(day) == (squares[0].date, squares[-1].date)


def test_entries_stand_in_their_day_by_time() -> None:
    late, early = Entry(WEDNESDAY, "Chiều", time(17)), Entry(WEDNESDAY, "Sáng", time(5))
    elsewhere = Entry(date(2026, 7, 1), "Tháng sau")
    days = week_of(WEDNESDAY, [late, elsewhere, early], today=WEDNESDAY, link="/day?day={day}")
    assert days[2].entries == (early, late)
    assert days[2].url == "/day?day=2026-06-10"
    assert not any(day.entries for day in days if day.date != WEDNESDAY)


def test_a_square_that_is_too_full_says_how_many_more() -> None:
    four = [Entry(WEDNESDAY, str(n)) for n in range(4)]
    full, fits = (week_of(WEDNESDAY, four[:n], today=WEDNESDAY)[2] for n in (4, 3))
    assert (len(full.shown), full.more) == (2, 2)
    assert (len(fits.shown), fits.more) == (3, 0)
