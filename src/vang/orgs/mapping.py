"""Carrying values from units that were to units that are. Pure and exact: no value is ever lost
or counted twice."""

from collections.abc import Hashable, Mapping
from fractions import Fraction
from math import lcm
from typing import Any, TypeVar

Key = TypeVar("Key", bound=Hashable)
Shares = Mapping[Key, Fraction]
"""By successor: its part. The parts of one predecessor make 1."""

WHOLE = Fraction(1)


def apportioned(value: int, shares: Shares[Key]) -> dict[Key, int]:
    """Whole numbers as near to the shares as can be, whose sum is ``value`` (largest remainder).

    Of equal remainders the one of the larger share comes first, then the one named first.
    Raises ValueError for shares that do not make 1.
    """
    # In whole numbers over one denominator: fractions cost ten times as much.
    whole = lcm(*(share.denominator for share in shares.values()))
    weights = {key: one.numerator * (whole // one.denominator) for key, one in shares.items()}
    if sum(weights.values()) != whole:
        raise ValueError("the shares of one unit must make a whole")
    parts = {key: value * weight // whole for key, weight in weights.items()}
    left = value - sum(parts.values())
    first = sorted(weights, key=lambda key: (-(value * weights[key] % whole), -weights[key]))
    for key in first[:left]:
        parts[key] += 1
    return parts


def mapped_sum(values: Mapping[Key, int], shares: Mapping[Key, Shares[Key]]) -> dict[Key, int]:
    """Sums by successor. A unit without shares keeps its value.

    Each value is divided by itself, so that what stands behind a sum can be shown part by part.
    """
    sums: dict[Key, int] = {}
    for unit, value in values.items():
        for successor, part in apportioned(value, shares.get(unit) or {unit: WHOLE}).items():
            sums[successor] = sums.get(successor, 0) + part
    return sums


def replaced(standing: Shares[Key], gone: Key, by: Shares[Key]) -> dict[Key, Fraction]:
    """``standing`` after ``gone`` became what ``by`` tells."""
    found = {key: share for key, share in standing.items() if key != gone}
    for key, share in by.items():
        found[key] = found.get(key, Fraction(0)) + standing[gone] * share
    return found


def resolved(steps: Mapping[Key, Shares[Key]]) -> dict[Key, dict[Key, Fraction]]:
    """What every predecessor has become in the end, through all steps. Steps form no ring."""
    ends: dict[Key, dict[Key, Fraction]] = {}

    def end_of(key: Key) -> dict[Key, Fraction]:
        if key not in steps:
            return {key: WHOLE}
        if key not in ends:
            sums: dict[Any, Fraction] = {}
            for successor, share in steps[key].items():
                for last, part in end_of(successor).items():
                    sums[last] = sums.get(last, Fraction(0)) + share * part
            ends[key] = sums
        return ends[key]

    return {key: end_of(key) for key in steps}
