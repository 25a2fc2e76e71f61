"""What is filled in for an alert and for a template."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from vang.alerts.blanks import Blank, Kind, filled, value_of
from vang.alerts.models.alerts import MOST_HEADLINE, MOST_TEXT
from vang.alerts.models.words import (
    Certainty,
    Event,
    Response,
    Severity,
    Status,
    Urgency,
)
from vang.base.languages import VIETNAMESE, languages
from vang.base.refusals import Refusal
from vang.orgs.models import Unit

_BLANK = "blank_"


def capitals(choices: Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return [(value, capfirst(label)) for value, label in choices]


_STATUSES = [
    (Status.TEST, _("TEST – the loudspeakers say that it is a test, no siren")),
    (Status.EXERCISE, _("EXERCISE – the loudspeakers say that it is an exercise, no siren")),
    (Status.ACTUAL, _("REAL – siren and warning")),
]


class PlaceForm(forms.Form):
    """Real or not, where, how long: what every alert needs."""

    status = forms.ChoiceField(
        label=_("What is it?"),
        choices=_STATUSES,
        initial=Status.TEST,
        widget=forms.RadioSelect,
        help_text=_("It cannot be changed later."),
    )
    places = forms.MultipleChoiceField(
        label=_("Where"), required=False, widget=forms.CheckboxSelectMultiple
    )
    lasts_h = forms.IntegerField(
        label=_("In force for how many hours"), min_value=1, max_value=72, initial=6
    )
    note = forms.CharField(
        label=_("Note for officers"),
        max_length=500,
        required=False,
        help_text=_("An exercise says here which exercise it is."),
    )

    def __init__(
        self, *args: Any, choices: Iterable[Unit], whole: str = "", fixed: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        places: Any = self.fields["places"]
        places.choices = [(one.code, one.full_name) for one in choices]
        if whole:
            places.help_text = _("None chosen: %(whole)s as a whole.") % {"whole": whole}
        if fixed:
            del self.fields["status"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("status") == Status.EXERCISE and not data.get("note", "").strip():
            self.add_error("note", _("Say in the note which exercise this is."))
        return data


class BlankForm(PlaceForm):
    """An alert from a template: only its blanks are filled in."""

    def __init__(
        self, *args: Any, blanks: Iterable[Blank], villages: Iterable[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.blanks, self.villages = list(blanks), list(villages)
        for blank in self.blanks:
            self.fields[_BLANK + blank.name] = _field_of(blank, self.villages)
        order = ["status", *(_BLANK + blank.name for blank in self.blanks), "places"]
        self.order_fields(order)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self.values: dict[str, str] = {}
        for blank in self.blanks:
            try:
                typed = str(data.get(_BLANK + blank.name, ""))
                self.values[blank.name] = value_of(blank, typed, self.villages)
            except Refusal as refusal:
                self.add_error(_BLANK + blank.name, str(refusal))
        return data

    def filled(self, text: str, language: str = VIETNAMESE) -> str:
        """The text of the language, as that language says numbers and times."""
        said = {
            blank.name: value_of(
                blank, self.cleaned_data[_BLANK + blank.name], self.villages, language
            )
            for blank in self.blanks
        }
        return filled(text, said)


def _field_of(blank: Blank, villages: Iterable[str]) -> forms.Field:
    if blank.kind in {Kind.PLACE, Kind.CHOICE}:
        offered = blank.choices or tuple(villages)
        choices = [("", "—"), *((one, one) for one in offered)]
        return forms.ChoiceField(label=blank.label, choices=choices)
    if blank.kind is Kind.TIME:
        return forms.CharField(label=blank.label, widget=forms.TextInput({"type": "time"}))
    label = f"{blank.label} ({blank.unit})" if blank.unit else blank.label
    return forms.CharField(label=label, widget=forms.TextInput({"inputmode": "decimal"}))


class WordsForm(PlaceForm):
    """An alert in free words: in Vietnamese, in the languages that it has (``kept``), and one more.

    A kept language whose fields are emptied is left out.
    """

    event = forms.ChoiceField(label=_("What threatens"), choices=Event.choices)
    headline = forms.CharField(label=_("Headline"), max_length=MOST_HEADLINE)
    text = forms.CharField(
        label=_("What is said"), max_length=MOST_TEXT, widget=forms.Textarea({"rows": 4}),
        help_text=_("What happens, where, when. Short sentences."),
    )  # fmt: skip
    instruction = forms.CharField(
        label=_("What to do"), max_length=MOST_TEXT, required=False,
        widget=forms.Textarea({"rows": 3}),
    )  # fmt: skip
    recording = forms.FileField(
        label=_("Spoken by a person"), required=False,
        help_text=_(
            "A recording of these very words. Without it they are put together from recorded "
            "phrases, or read by the voice."
        ),
    )  # fmt: skip
    response = forms.ChoiceField(
        label=_("Residents should"), choices=capitals(Response.choices), initial=Response.PREPARE
    )
    urgency = forms.ChoiceField(
        label=_("Urgency"), choices=capitals(Urgency.choices), initial=Urgency.IMMEDIATE
    )
    severity = forms.ChoiceField(
        label=_("Severity"), choices=capitals(Severity.choices), initial=Severity.SEVERE
    )
    certainty = forms.ChoiceField(
        label=_("Certainty"), choices=capitals(Certainty.choices), initial=Certainty.LIKELY
    )
    other = forms.ChoiceField(label=_("In one more language"), required=False)
    other_headline = forms.CharField(
        label=_("Headline in that language"), max_length=MOST_HEADLINE, required=False
    )
    other_text = forms.CharField(
        label=_("What is said in that language"), max_length=MOST_TEXT, required=False,
        widget=forms.Textarea({"rows": 4}),
    )  # fmt: skip
    other_instruction = forms.CharField(
        label=_("What to do, in that language"), max_length=MOST_TEXT, required=False,
        widget=forms.Textarea({"rows": 3}),
    )  # fmt: skip

    def __init__(self, *args: Any, kept: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = list(kept)
        for code in self.kept:
            self.fields |= {_said(code, part): made() for part, made in _PARTS.items()}
        known = [
            (code, one.name)
            for code, one in languages().items()
            if code != VIETNAMESE and code not in self.kept
        ]
        other: Any = self.fields["other"]
        other.choices = [("", "—"), *known]
        self.order_fields(["status", "event", "headline", "text", "instruction", "places"])

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        given = [bool(data.get(name)) for name in ("other", "other_headline", "other_text")]
        told = bool(data.get("other_instruction"))
        if (any(given) or told) and not all(given):
            self.add_error("other", _("Language, headline and text belong together."))
        for code in self.kept:
            headline, text, instruction = (data.get(_said(code, part)) for part in _PARTS)
            if bool(headline) != bool(text) or (instruction and not text):
                self.add_error(
                    _said(code, "headline"), _("Headline and text belong together; or empty all.")
                )
        return data

    @property
    def kept_fields(self) -> list[tuple[str, list[forms.BoundField]]]:
        """For the page: the language and its fields."""
        return [(code, [self[_said(code, part)] for part in _PARTS]) for code in self.kept]

    @property
    def further(self) -> list[tuple[str, str, str, str]]:
        """Language, headline, text and what to do, for each language but Vietnamese."""
        data = self.cleaned_data
        found = [(code, *(data[_said(code, part)] for part in _PARTS)) for code in self.kept]
        found.append((data["other"], *(data[f"other_{part}"] for part in _PARTS)))
        return [one for one in found if one[0] and one[1]]


def said_in(code: str, headline: str, text: str, instruction: str) -> dict[str, str]:
    """What a kept language begins with."""
    return {
        _said(code, part): value
        for part, value in zip(_PARTS, (headline, text, instruction), strict=True)
    }


def _said(code: str, part: str) -> str:
    return f"said_{code}_{part}"


_PARTS: dict[str, Callable[[], forms.CharField]] = {
    "headline": lambda: forms.CharField(
        label=_("Headline"), max_length=MOST_HEADLINE, required=False
    ),
    "text": lambda: forms.CharField(
        label=_("What is said"),
        max_length=MOST_TEXT,
        required=False,
        widget=forms.Textarea({"rows": 4}),
    ),
    "instruction": lambda: forms.CharField(
        label=_("What to do"),
        max_length=MOST_TEXT,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    ),
}


class ReasonForm(forms.Form):
    """Why it goes back."""

    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea({"rows": 3}))


class HouseholdForm(forms.Form):
    """How many people a household has, and who says so."""

    people = forms.DecimalField(
        label=_("People in a household"),
        required=False,
        min_value=1,
        max_value=20,
        max_digits=3,
        decimal_places=1,
        localize=True,
        help_text=_("Left empty: what counts in the unit above, or the national average."),
    )
    source = forms.CharField(
        label=_("Where the figure comes from"),
        required=False,
        max_length=200,
        help_text=_("For instance: Statistical yearbook of the province, 2025."),
    )
