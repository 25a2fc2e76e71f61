"""Dates, hours, numbers and lengths read as Vietnamese offices write them."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from django.utils import translation

from vang.base import display

JUNE = datetime(2026, 6, 10, 9, 30, tzinfo=UTC)


def test_the_tenth_of_june_is_not_the_sixth_of_october() -> None:
    assert display.vi_date(date(2026, 6, 10)) == "10/06/2026"


def test_an_instant_is_shown_in_the_zone_of_the_page() -> None:
    assert display.vi_datetime(JUNE) == "16:30 10/06/2026"
    assert display.vi_time(JUNE) == "16:30"


def test_an_evening_in_utc_is_the_next_day_in_vietnam() -> None:
    assert display.vi_date(datetime(2026, 6, 10, 18, 0, tzinfo=UTC)) == "11/06/2026"


def test_a_wall_time_is_shown_as_it_is() -> None:
    assert display.vi_time(time(5, 0)) == "05:00"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1250000, "1.250.000"),
        (3.5, "3,5"),
        (Decimal("1234.50"), "1.234,5"),
        (100, "100"),
        (-1234.5, "-1.234,5"),
        (0, "0"),
        (1e21, "1.000.000.000.000.000.000.000"),
    ],
)
def test_numbers_have_points_between_thousands_and_a_decimal_comma(
    value: float, shown: str
) -> None:
    assert display.vi_number(value) == shown


def test_decimals_can_be_asked_for() -> None:
    assert display.vi_number(2, 1) == "2,0"
    assert display.vi_number(2.25, 1) == "2,2"


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (5, "5 giây"),
        (65, "1 phút 05 giây"),
        (60, "1 phút"),
        (59.6, "1 phút"),
        (7380, "2 giờ 03 phút"),
        (3600, "1 giờ"),
    ],
)
def test_lengths_are_said_in_words(length: float, words: str) -> None:
    assert display.seconds(length) == words


def test_english_lengths_are_said_in_english() -> None:
    with translation.override("en"):
        assert display.seconds(65) == "1 minute 05 s"


def test_nothing_is_shown_for_nothing() -> None:
    shown = [display.vi_date(None), display.vi_time(None), display.vi_datetime(None)]
    assert [*shown, display.vi_number(None), display.seconds(None)] == [""] * 5
