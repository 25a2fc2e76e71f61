"""Numbers as people type them in Vietnam: what can be read in two ways is asked, never guessed.

``1.250`` is how an office writes a thousand two hundred and fifty; ``1250`` and ``1 250`` mean the
same. ``1,250`` may be 1,25 or, as foreign programs write it, 1.250: nobody but the writer knows.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

MOST_DIGITS = 15
"""Before the comma: more is a slip of the hand."""
MOST_DECIMALS = 2
"""Three would look like a group of thousands: no figure is written so."""

_SIGNED = re.compile(r"(?P<sign>[-\u2212\u2013]?)(?P<rest>[0-9][0-9.,]*)", re.ASCII)
_SPACES = re.compile(r"(?<=[0-9])[ \u00a0\u202f\u2009](?=[0-9]{3}(?![0-9]))")
_WORDS_AFTER = re.compile(r"\s*(?:đồng|đ|₫|vnđ|vnd)\.?$", re.IGNORECASE)


@dataclass(frozen=True)
class Reading:
    """What a typed text means: one value, several to choose from, or none.

    ``fault``: "" when there is one value, else "ambiguous", "no-number", "too-long" or "decimals".
    """

    value: Decimal | None = None
    choices: tuple[Decimal, ...] = ()
    fault: str = ""


def read_number(text: str, *, decimals: int = 0) -> Reading:
    """Read one number of at most ``decimals`` places after the comma."""
    plain = _WORDS_AFTER.sub("", text.strip())
    found = _SIGNED.fullmatch(_SPACES.sub("", plain))
    if found is None:
        return Reading(fault="no-number")
    sign = -1 if found["sign"] else 1
    values = [sign * value for value in dict.fromkeys(_readings(found["rest"]))]
    if not values:
        return Reading(fault="no-number")
    if len(values) > 1 and "." not in found["rest"]:
        return Reading(choices=tuple(values), fault="ambiguous")
    # With dots both readings are possible too, but this is how an office and this system write it.
    return _within(values[0], decimals)


def _within(value: Decimal, decimals: int) -> Reading:
    if abs(value) >= Decimal(10) ** MOST_DIGITS:
        return Reading(fault="too-long")
    if value != round(value, min(decimals, MOST_DECIMALS)):
        return Reading(fault="decimals")
    return Reading(value=value)


def _readings(text: str) -> Iterator[Decimal]:
    """Every way in which digits with dots and commas can be meant."""
    if text.isdecimal():
        yield Decimal(text)
        return
    for thousands, comma in ((".", ","), (",", ".")):
        whole, _sign, rest = text.partition(comma)
        if comma in text and not rest.isdecimal():
            continue
        if digits := _ungrouped(whole, thousands):
            yield Decimal(f"{digits}.{rest}") if rest else Decimal(digits)


def _ungrouped(text: str, sign: str) -> str:
    """The digits of ``1.250.000``; "" where the groups are none."""
    if sign not in text:
        return text if text.isdecimal() else ""
    first, *groups = text.split(sign)
    right = 1 <= len(first) <= 3 and first.isdecimal() and not first.startswith("0")
    fits = right and all(len(group) == 3 and group.isdecimal() for group in groups)
    return first + "".join(groups) if fits else ""
