"""The blanks of a template: each has a kind, so that at two in the morning nothing is mistyped.

In the text a blank stands as ``{name}``. There is no blank for free words: what two people
approved stays what they approved. Pure.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from vang.base.refusals import Refusal

_NAME = re.compile(r"\{([a-z][a-z0-9_]{0,29})\}")
_TIME = re.compile(r"(\d{1,2})[:hg](\d{2})?")
MOST_BLANKS = 12
MOST_CHOICES = 100


class Kind(StrEnum):
    """``number`` has a unit and limits; ``choice`` a list; ``place`` offers the villages."""

    NUMBER = "number"
    TIME = "time"
    PLACE = "place"
    CHOICE = "choice"


@dataclass(frozen=True)
class Blank:
    """One blank. ``unit`` is said after a number ("mét")."""

    name: str
    label: str
    kind: Kind
    unit: str = ""
    least: float = 0
    most: float = 0
    choices: tuple[str, ...] = ()

    def table(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "label": self.label,
            "kind": self.kind.value,
            "unit": self.unit,
            "least": self.least,
            "most": self.most,
            "choices": list(self.choices),
        }


def blank_of(table: Mapping[str, Any]) -> Blank:
    """As it was kept. Raises KeyError, ValueError for anything else."""
    return Blank(
        name=str(table["name"]),
        label=str(table["label"]),
        kind=Kind(table["kind"]),
        unit=str(table.get("unit", "")),
        least=float(table.get("least", 0)),
        most=float(table.get("most", 0)),
        choices=tuple(str(one) for one in table.get("choices", ())),
    )


def names_in(text: str) -> list[str]:
    """The blanks of a text, each once, in order."""
    return list(dict.fromkeys(_NAME.findall(text)))


def shown(text: str, blanks: Iterable[Blank]) -> str:
    """The text before it is filled in: each blank by its label."""
    labels = {blank.name: blank.label for blank in blanks}
    return _NAME.sub(lambda found: f"[{labels.get(found[1], found[1])}]", text)


def check_blanks(texts: Iterable[str], blanks: Iterable[Blank]) -> None:
    """Every blank of a text is explained, once. Raises Refusal."""
    known = [blank.name for blank in blanks]
    if len(known) != len(set(known)) or len(known) > MOST_BLANKS:
        raise Refusal("blanks-twice", _("Each blank has a name of its own; twelve at most."))
    for text in texts:
        unknown = [name for name in names_in(text) if name not in known]
        if unknown:
            words = str(_("The text has a blank that is not explained: {name}."))
            raise Refusal("blank-unknown", words.format(name="{" + unknown[0] + "}"))


def value_of(blank: Blank, typed: str, villages: Iterable[str] = ()) -> str:
    """What is written into the text. Raises Refusal with a sentence about this blank."""
    value = " ".join(typed.split())
    match blank.kind:
        case Kind.NUMBER:
            return _number(blank, value)
        case Kind.TIME:
            return _time(blank, value)
        case Kind.CHOICE:
            return _one_of(blank, value, blank.choices)
        case Kind.PLACE:
            return _one_of(blank, value, blank.choices or tuple(villages))


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its blanks filled. Raises Refusal when one is left."""
    left = [name for name in names_in(text) if not values.get(name)]
    if left:
        raise Refusal("blank-left", str(_("Fill in: {name}.")).format(name=left[0]))
    return _NAME.sub(lambda found: values[found[1]], text)


def _number(blank: Blank, value: str) -> str:
    try:
        number = float(value.replace(",", "."))
    except ValueError:
        number = float("nan")
    if not blank.least <= number <= blank.most:
        words = str(_("{label}: a number from {least} to {most}."))
        limits = {"least": _plain(blank.least), "most": _plain(blank.most)}
        raise Refusal("blank-number", words.format(label=blank.label, **limits))
    said = _plain(number)
    return f"{said} {blank.unit}" if blank.unit else said


def _plain(number: float) -> str:
    """As it is written in Vietnamese: 7,5 and 12."""
    return f"{number:.2f}".rstrip("0").rstrip(".").replace(".", ",")


def _time(blank: Blank, value: str) -> str:
    found = _TIME.fullmatch(value.replace(" ", ""))
    try:
        moment = time(int(found[1]), int(found[2] or 0)) if found else None
    except ValueError:
        moment = None
    if moment is None:
        words = str(_("{label}: a time such as 17:30."))
        raise Refusal("blank-time", words.format(label=blank.label))
    minutes = f" {moment.minute:02d} phút" if moment.minute else ""
    return f"{moment.hour} giờ{minutes}"


def _one_of(blank: Blank, value: str, choices: tuple[str, ...]) -> str:
    if value not in choices:
        raise Refusal("blank-choice", str(_("{label}: choose one.")).format(label=blank.label))
    return value
