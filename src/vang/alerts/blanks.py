"""The blanks of a template: each has a kind, so that at two in the morning nothing is mistyped.

In the text a blank stands as ``{name}``. There is no blank for free words: what two people
approved stays what they approved. Pure.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from vang.base.languages import VIETNAMESE
from vang.base.refusals import Refusal

_NAME = re.compile(r"\{([a-z][a-z0-9_]{0,29})\}")
_TIME = re.compile(r"(\d{1,2})[:hg](\d{2})?")
MOST_BLANKS = 12
MOST_CHOICES = 100
MOST_LABEL, MOST_UNIT, MOST_CHOICE = 60, 20, 100
MOST_NUMBER = 1_000_000
_WITH_POINT = frozenset({"en", "yue"})
"""Languages that write 7.5; in Vietnam and to its west it is 7,5."""


class Kind(StrEnum):
    """``number`` has a unit and limits; ``choice`` a list; ``place`` offers the villages."""

    NUMBER = "number"
    TIME = "time"
    PLACE = "place"
    CHOICE = "choice"


@dataclass(frozen=True)
class Blank:
    """One blank. ``unit`` is said after a number, in Vietnamese ("mét")."""

    name: str
    label: str
    kind: Kind
    unit: str = ""
    least: float = 0
    most: float = 0
    choices: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """What may be filled in, in words."""
        match self.kind:
            case Kind.NUMBER:
                words = str(_("a number from {least} to {most}"))
                said = words.format(least=_plain(self.least), most=_plain(self.most))
                return f"{said} {self.unit}".strip()
            case Kind.TIME:
                return str(_("a time of day"))
            case _kind:
                return "; ".join(self.choices) or str(_("a village"))

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


def check_blank(blank: Blank) -> None:
    """Name, label, and what its kind needs. Raises Refusal with a sentence about this blank."""
    if not _NAME.fullmatch("{" + blank.name + "}"):
        raise Refusal("blank-name", str(_BAD_NAME).format(name=blank.name))
    if not blank.label or len(blank.label) > MOST_LABEL or len(blank.unit) > MOST_UNIT:
        raise Refusal("blank-label", str(_BAD_LABEL).format(name=blank.name))
    if any("{" in one or "}" in one for one in (blank.label, blank.unit, *blank.choices)):
        raise Refusal("braces", str(_BRACES))
    if blank.kind is Kind.NUMBER and not _has_limits(blank):
        raise Refusal("blank-limits", str(_BAD_LIMITS).format(name=blank.name))
    if blank.kind is Kind.CHOICE and len(blank.choices) < 2:
        raise Refusal("blank-choices", str(_FEW_CHOICES).format(name=blank.name))
    longest = max(map(len, blank.choices), default=0)
    twice = len(set(blank.choices)) != len(blank.choices)
    if twice or longest > MOST_CHOICE or len(blank.choices) > MOST_CHOICES:
        raise Refusal("blank-choices", str(_BAD_CHOICES).format(name=blank.name))


def _has_limits(blank: Blank) -> bool:
    return -MOST_NUMBER <= blank.least < blank.most <= MOST_NUMBER


def check_blanks(texts: Sequence[str], blanks: Iterable[Blank]) -> None:
    """Every blank of a text is explained, once; the first text has them all. Raises Refusal."""
    told = list(blanks)
    known = [blank.name for blank in told]
    if len(known) != len(set(known)) or len(known) > MOST_BLANKS:
        raise Refusal("blanks-twice", _("Each blank has a name of its own; twelve at most."))
    for blank in told:
        check_blank(blank)
    for text in texts:
        unknown = [name for name in names_in(text) if name not in known]
        if unknown:
            words = str(_("The text has a blank that is not explained: {name}."))
            raise Refusal("blank-unknown", words.format(name="{" + unknown[0] + "}"))
        if has_braces(_NAME.sub("", text)):
            raise Refusal("braces", str(_BRACES))
    unused = [name for name in known if name not in names_in("".join(texts[:1]))]
    if unused:
        raise Refusal("blank-unused", str(_UNUSED).format(name="{" + unused[0] + "}"))


def has_braces(text: str) -> bool:
    """Whether it has blanks, or what was meant as one."""
    return "{" in text or "}" in text


def value_of(
    blank: Blank, typed: str, villages: Iterable[str] = (), language: str = VIETNAMESE
) -> str:
    """What is written into the text of the language. Raises Refusal with a sentence about it.

    Other languages have no words for our units and hours: there a number stands bare, a time as
    17:30, and the text says the rest.
    """
    value = " ".join(typed.split())
    match blank.kind:
        case Kind.NUMBER:
            return _number(blank, value, language)
        case Kind.TIME:
            return _time(blank, value, language)
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


def _number(blank: Blank, value: str, language: str) -> str:
    try:
        number = float(value.replace(",", "."))
    except ValueError:
        number = float("nan")
    if not blank.least <= number <= blank.most:
        words = str(_("{label}: a number from {least} to {most}."))
        limits = {"least": _plain(blank.least), "most": _plain(blank.most)}
        raise Refusal("blank-number", words.format(label=blank.label, **limits))
    said = _plain(number)
    if language in _WITH_POINT:
        return said.replace(",", ".")
    return f"{said} {blank.unit}" if blank.unit and language == VIETNAMESE else said


def _plain(number: float) -> str:
    """As it is written in Vietnamese: 7,5 and 12."""
    return f"{number:.2f}".rstrip("0").rstrip(".").replace(".", ",")


def _time(blank: Blank, value: str, language: str) -> str:
    found = _TIME.fullmatch(value.replace(" ", ""))
    try:
        moment = time(int(found[1]), int(found[2] or 0)) if found else None
    except ValueError:
        moment = None
    if moment is None:
        words = str(_("{label}: a time such as 17:30."))
        raise Refusal("blank-time", words.format(label=blank.label))
    if language != VIETNAMESE:
        return f"{moment.hour}:{moment.minute:02d}"
    minutes = f" {moment.minute:02d} phút" if moment.minute else ""
    return f"{moment.hour} giờ{minutes}"


def _one_of(blank: Blank, value: str, choices: tuple[str, ...]) -> str:
    if value not in choices:
        raise Refusal("blank-choice", str(_("{label}: choose one.")).format(label=blank.label))
    return value


_BAD_NAME = _(
    "“{name}” cannot name a blank: small letters without marks, digits and _ only, a letter first; "
    "for instance muc_nuoc."
)
_BAD_LABEL = _("{name}: say in a few words what is to be filled in.")
_BRACES = _("A blank is written {name}, as its name stands below; other braces are not allowed.")
_BAD_LIMITS = _("{name}: give the least and the most that may be filled in.")
_FEW_CHOICES = _("{name}: write at least two choices, each on a line of its own.")
_BAD_CHOICES = _("{name}: each choice once, at most 100 of at most 100 letters.")
_UNUSED = _("{name} stands nowhere in the Vietnamese text: write it in, or leave the blank out.")
