"""How far a plan has come, reckoned and never typed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vang.editorial.progress import (
    Heard,
    Quota,
    Standing,
    Told,
    counts,
    elapsed,
    reached,
)

LINE = Quota(key=1, year=2026, month_from=4, month_to=6, category="DISASTER", items=4)


def told(bulletin: int, day: date, category: str = "DISASTER", **more: object) -> Told:
    return Told(bulletin, day, category, **more)  # type: ignore[arg-type]


def day(month: int, of_month: int = 10) -> date:
    return date(2026, month, of_month)


def test_bulletins_of_the_category_count_in_the_months_of_the_line() -> None:
    found = [told(1, day(3)), told(2, day(4)), told(3, day(6)), told(4, day(5), "EVENTS")]
    now = reached(LINE, found, {}, day(5))
    assert (now.items, now.per_cent, now.bulletins) == (2, 50, (2, 3))


def test_a_category_and_a_series_must_both_fit() -> None:
    both = Quota(2, 2026, 1, 12, category="SCIENCE", series=7, items=1)
    assert counts(both, told(1, day(1), "SCIENCE", series=7))
    assert not counts(both, told(1, day(1), "SCIENCE", series=8))
    assert not counts(both, told(1, day(1), "EVENTS", series=7))
    any_category = Quota(2, 2026, 1, 12, series=7, items=1)
    assert counts(any_category, told(1, day(1), "EVENTS", series=7))


def test_what_was_chosen_for_a_line_counts_there_and_nowhere_else() -> None:
    chosen = told(1, day(4), "DISASTER", line=9)
    assert not counts(LINE, chosen)
    assert counts(Quota(9, 2026, 1, 12, category="EVENTS", items=1), chosen)
    bare = Quota(3, 2026, 1, 12, items=1)
    assert not counts(bare, told(1, day(4)))
    assert counts(bare, told(1, day(4), line=3))


def test_own_and_taken_over_are_told_apart() -> None:
    own, relayed = told(1, day(4)), told(2, day(4), relayed=True)
    for source, wanted in (("ANY", (1, 2)), ("OWN", (1,)), ("RELAYED", (2,))):
        quota = Quota(1, 2026, 1, 12, category="DISASTER", source=source, items=9)
        assert reached(quota, [own, relayed], {}, day(5)).bulletins == wanted


def test_minutes_are_those_heard_in_the_months_and_the_lesser_share_counts() -> None:
    quota = Quota(1, 2026, 4, 6, category="DISASTER", items=1, minutes=4)
    heard = {1: [Heard(1, day(5), 90.0), Heard(1, day(6), 40.0), Heard(1, day(7), 600.0)]}
    now = reached(quota, [told(1, day(4))], heard, day(5))
    assert (now.items, now.minutes, now.per_cent) == (1, 2, 50)
    early = reached(quota, [told(1, day(1))], heard, day(5))
    assert (early.items, early.minutes) == (0, 2)


@pytest.mark.parametrize(
    ("items", "today", "wanted"),
    [
        (0, day(3), Standing.TO_COME),
        (0, day(4, 5), Standing.ON_TIME),
        (0, day(5, 20), Standing.BEHIND),
        (2, day(5, 10), Standing.ON_TIME),
        (4, day(4, 2), Standing.DONE),
        (3, day(7), Standing.MISSED),
    ],
)
def test_how_a_line_stands(items: int, today: date, wanted: Standing) -> None:
    found = [told(n, day(4)) for n in range(items)]
    assert reached(LINE, found, {}, today).standing == wanted


def test_december_ends_with_the_year() -> None:
    quota = Quota(1, 2026, 12, 12, items=1)
    assert elapsed(quota, date(2026, 12, 31)) < 1
    assert elapsed(quota, date(2027, 1, 1)) == 1


@given(
    st.lists(st.builds(told, st.integers(0, 9), st.dates(date(2025, 1, 1), date(2027, 12, 31)))),
    st.integers(1, 12),
    st.integers(0, 11),
    st.dates(date(2025, 1, 1), date(2027, 12, 31)),
)
def test_progress_never_leaves_its_bounds(
    found: list[Told], first: int, more: int, today: date
) -> None:
    quota = Quota(1, 2026, first, min(12, first + more), category="DISASTER", items=3)
    now = reached(quota, found, {}, today)
    assert 0 <= now.per_cent <= 100
    assert (now.standing == Standing.DONE) == (now.items >= 3)
    assert now.items <= len(found)
