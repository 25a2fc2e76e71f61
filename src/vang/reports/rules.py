"""What must hold of a filing's figures: pure rules over plain values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from vang.base.display import vi_number
from vang.base.numerals import MOST_DIGITS, read_number
from vang.reports.models import Indicator
from vang.reports.models.forms import MILLI

Words = str | Promise


@dataclass(frozen=True)
class Problem:
    """``hard``: it must be mended before the report is submitted; else it is a remark."""

    code: str
    words: Words
    hard: bool = True


@dataclass(frozen=True)
class Given:
    """What stands in a filing for one indicator."""

    milli: int | None = None
    text: str = ""
    note: str = ""


def words_of(milli: int | None) -> str:
    """As it is printed: ``1.250,5``; "" for None."""
    return "" if milli is None else vi_number(Decimal(milli) / MILLI)


def read_milli(indicator: Indicator, typed: str) -> tuple[int | None, Words]:
    """(thousandths, why not). Nothing typed is None without a complaint."""
    if not typed.strip():
        return None, ""
    found = read_number(typed, decimals=indicator.decimals)
    if found.value is not None:
        milli = int(found.value * MILLI)
        return milli, _bounds(indicator, milli)
    if found.fault == "ambiguous":
        first, second = (vi_number(value) for value in found.choices)
        return None, format_lazy(
            _("“{typed}” can be read as {first} or as {second}. Type the one that you mean."),
            typed=typed.strip()[:40], first=first, second=second,
        )  # fmt: skip
    return None, _FAULTS[found.fault]


def _bounds(indicator: Indicator, milli: int) -> Words:
    if indicator.least is not None and milli < indicator.least:
        if indicator.least == 0:
            return _("This figure cannot be below zero.")
        return format_lazy(_("At least {least}."), least=words_of(indicator.least))
    if indicator.most is not None and milli > indicator.most:
        return format_lazy(_("At most {most}."), most=words_of(indicator.most))
    return ""


_FAULTS: Mapping[str, Words] = {
    "no-number": _("This is no number. Type digits only, such as 1.250 or 12,5."),
    "too-long": format_lazy(_("At most {n} digits."), n=MOST_DIGITS),
    "decimals": _("So many digits after the comma are not possible here."),
}


def problems(
    indicators: Iterable[Indicator],
    given: Mapping[str, Given],
    before: Mapping[str, int],
) -> list[Problem]:
    """Everything that is missing or does not fit together. ``before``: last round's figures."""
    found: list[Problem] = []
    told = list(indicators)
    names = {one.code: one.name for one in told}
    for indicator in told:
        one = given.get(indicator.code, Given())
        empty = one.milli is None if indicator.counted else not one.text.strip()
        if empty:
            if indicator.required:
                found.append(Problem(indicator.code, _("This is still missing.")))
            continue
        if one.milli is None:
            continue
        if words := _bounds(indicator, one.milli):
            found.append(Problem(indicator.code, words))
        other = given.get(indicator.not_above)
        if other is not None and other.milli is not None and one.milli > other.milli:
            words = format_lazy(
                _("Cannot be more than “{other}” ({figure})."),
                other=names.get(indicator.not_above, ""), figure=words_of(other.milli),
            )  # fmt: skip
            found.append(Problem(indicator.code, words))
        if jumped(indicator, one.milli, before.get(indicator.code)) and not one.note:
            words = format_lazy(
                _("Last round it was {before}. Say in the note why it changed so much."),
                before=words_of(before[indicator.code]),
            )
            found.append(Problem(indicator.code, words, hard=False))
    return found


def jumped(indicator: Indicator, milli: int, before: int | None) -> bool:
    """Whether it differs from the last round by more per cent than the form lets pass."""
    if not indicator.jump or before is None:
        return False
    return abs(milli - before) * 100 > indicator.jump * abs(before)
