"""Numbers as people type them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vang.base.display import vi_number
from vang.base.numerals import Reading, read_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1250", "1250"),
        ("1.250", "1250"),
        ("1 250", "1250"),
        ("1.250.000", "1250000"),
        ("1,250,000", "1250000"),
        ("1250,5", "1250.5"),
        ("1.250,5", "1250.5"),
        ("1,250.5", "1250.5"),
        ("0,250", "0.25"),
        ("0.250", "0.25"),
        ("-3", "-3"),
        ("\u22123,5", "-3.5"),
        ("  12 ", "12"),
        ("1.250.000 đồng", "1250000"),
        ("007", "7"),
    ],
)
def test_what_can_be_read_in_one_way_is_read(text: str, value: str) -> None:
    assert read_number(text, decimals=2) == Reading(value=Decimal(value))


@pytest.mark.parametrize("text", ["1,250", "12,000", "999,999", "-1,250"])
@pytest.mark.parametrize("decimals", [0, 2])
def test_what_can_be_read_in_two_ways_is_asked(text: str, decimals: int) -> None:
    found = read_number(text, decimals=decimals)
    assert (found.value, found.fault) == (None, "ambiguous")
    assert len(found.choices) == 2


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "no-number"),
        ("mười", "no-number"),
        ("1e9", "no-number"),
        ("NaN", "no-number"),
        ("1..250", "no-number"),
        ("1.25.000", "no-number"),
        ("1,", "no-number"),
        (",5", "no-number"),
        ("--1", "no-number"),
        ("1-2", "no-number"),
        ("\u0661\u0662", "no-number"),
        ("10/06", "no-number"),
        ("9" * 16, "too-long"),
        ("9" * 4000, "too-long"),
        ("1,5", "decimals"),
        ("1.25", "decimals"),
    ],
)
def test_what_is_no_such_number_is_refused(text: str, fault: str) -> None:
    assert read_number(text) == Reading(fault=fault)


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_whatever_the_system_prints_is_read_back_as_it_was(number: Decimal) -> None:
    assert read_number(vi_number(number), decimals=2) == Reading(value=number)


@given(st.text("0123456789.,- ", max_size=20))
def test_no_text_is_read_as_one_of_two_things_it_could_be(text: str) -> None:
    """A value is taken only where Vietnamese reading and foreign reading agree, where only one of
    them is possible, or where it is written as the system writes it."""
    found = read_number(text, decimals=2)
    if found.value is None:
        assert found.fault
        return
    assert not found.choices
    bare = text.strip().replace(" ", "").lstrip("-")
    foreign = bare.replace(",", "")
    both = bare.count(",") == 1 and len(bare.partition(",")[2]) == 3 and "." not in bare
    if both and bare[0] != "0" and len(bare.partition(",")[0]) <= 3:
        pytest.fail(f"{text!r} may be {foreign} or not, and was read as {found.value}")
