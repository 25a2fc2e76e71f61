"""What is filled in for a template: its words in every language, and its blanks."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vang.alerts.blanks import (
    MOST_BLANKS,
    MOST_CHOICE,
    MOST_CHOICES,
    MOST_LABEL,
    MOST_NUMBER,
    MOST_UNIT,
    Blank,
    Kind,
    check_blank,
)
from vang.alerts.contents import MOST_LANGUAGES
from vang.alerts.forms import capitals
from vang.alerts.models.alerts import MOST_HEADLINE, MOST_TEXT
from vang.alerts.models.words import (
    Category,
    Certainty,
    Event,
    Response,
    Severity,
    Urgency,
)
from vang.alerts.services.templates import Said
from vang.base.languages import VIETNAMESE, languages
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.library.models import Recording

Keep = Callable[[Any, str, str], Recording | None]
"""The recording that was brought, else the one that was spoken with these very words
(headline, text)."""

KINDS = [
    (Kind.NUMBER, _("a number")),
    (Kind.TIME, _("a time of day")),
    (Kind.PLACE, _("a village")),
    (Kind.CHOICE, _("one of a list")),
]


def _long(label: Any, rows: int = 4, help_text: Any = "", *, required: bool = True) -> Any:
    return forms.CharField(
        label=label,
        max_length=MOST_TEXT,
        required=required,
        widget=forms.Textarea({"rows": rows}),
        help_text=help_text,
    )


def _line(label: Any, most: int, help_text: Any = "", *, required: bool = False) -> Any:
    return forms.CharField(label=label, max_length=most, required=required, help_text=help_text)


class TemplateForm(forms.Form):
    """Vietnamese, and what stands for all languages."""

    name = _line(_("Name of the template"), 120, required=True)
    event = forms.ChoiceField(label=_("What threatens"), choices=Event.choices)
    headline = _line(_("Headline"), MOST_HEADLINE, required=True)
    text = _long(
        _("Text with blanks"),
        5,
        _("A blank stands as its name in braces: {muc_nuoc}. The blanks are explained below."),
    )
    ready = _long(_("Text without blanks"), 5, _("Sent word for word when one officer is alone."))
    retraction_headline = _line(_("Headline of the retraction"), MOST_HEADLINE, required=True)
    retraction = _long(_("Text of the retraction"), 3)
    recording = forms.FileField(
        label=_("Text without blanks, spoken by a person"),
        required=False,
        help_text=_("Headline and text. Without it they are put together from recorded phrases, "
        "or read by the voice."),
    )  # fmt: skip
    retraction_recording = forms.FileField(
        label=_("Retraction, spoken by a person"), required=False
    )
    category = forms.ChoiceField(
        label=pgettext_lazy("alert", "Category"), choices=capitals(Category.choices)
    )
    response = forms.ChoiceField(label=_("Residents should"), choices=capitals(Response.choices))
    urgency = forms.ChoiceField(label=_("Urgency"), choices=capitals(Urgency.choices))
    severity = forms.ChoiceField(label=_("Severity"), choices=capitals(Severity.choices))
    certainty = forms.ChoiceField(label=_("Certainty"), choices=capitals(Certainty.choices))
    lasts_h = forms.IntegerField(
        label=_("In force for how many hours"), min_value=1, max_value=72, initial=6
    )
    most_s = forms.IntegerField(
        label=_("Seconds that one alone may let it sound"), min_value=10, max_value=180, initial=180
    )

    def __init__(self, *args: Any, new: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not new:
            del self.fields["name"], self.fields["event"]

    @property
    def words(self) -> list[forms.BoundField]:
        """What stands first."""
        return [self[name] for name in _WORDS if name in self.fields]

    @property
    def grades(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in _WORDS]


_WORDS = (
    "name",
    "event",
    "headline",
    "text",
    "ready",
    "recording",
    "retraction_headline",
    "retraction",
    "retraction_recording",
)


class BlankRow(forms.Form):
    """One blank; empty, or marked to be left out, it counts for nothing."""

    drop = forms.BooleanField(label=_("Leave this blank out"), required=False)
    name = _line(_("Name, as in the text: muc_nuoc"), 30, required=True)
    label = _line(_("What is to be filled in"), MOST_LABEL, required=True)
    kind = forms.ChoiceField(label=_("What kind"), choices=KINDS)
    unit = _line(_("Unit said after the number: mét"), MOST_UNIT)
    least = forms.FloatField(
        label=_("A number: at least"), required=False, localize=True,
        min_value=-MOST_NUMBER, max_value=MOST_NUMBER,
    )  # fmt: skip
    most = forms.FloatField(
        label=_("A number: at most"), required=False, localize=True,
        min_value=-MOST_NUMBER, max_value=MOST_NUMBER,
    )  # fmt: skip
    choices = forms.CharField(
        label=_("Choices, one a line"),
        required=False,
        max_length=MOST_CHOICES * (MOST_CHOICE + 2),
        widget=forms.Textarea({"rows": 2}),
        help_text=_("For a list; of villages, empty means all of the unit."),
    )
    blank: Blank | None = None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("drop") or not any(data.get(one) for one in ("name", "label", "choices")):
            self.errors.clear()
        elif not self.errors:
            self._made(data)
        return data

    def _made(self, data: Mapping[str, Any]) -> None:
        kind = Kind(data["kind"])
        number, listed = kind is Kind.NUMBER, kind in {Kind.CHOICE, Kind.PLACE}
        lines = (" ".join(one.split()) for one in clean_text(data["choices"]).splitlines())
        blank = Blank(
            name=data["name"].strip("{} "),
            label=" ".join(clean_text(data["label"]).split()),
            kind=kind,
            unit=" ".join(clean_text(data["unit"]).split()) if number else "",
            least=data["least"] or 0 if number else 0,
            most=data["most"] or 0 if number else 0,
            choices=tuple(one for one in lines if one) if listed else (),
        )
        try:
            check_blank(blank)
        except Refusal as refusal:
            self.add_error(_FIELD_OF.get(refusal.code, "label"), str(refusal))
        else:
            self.blank = blank


def row_of(blank: Blank) -> dict[str, Any]:
    """What its row begins with."""
    row = {**blank.table(), "choices": "\n".join(blank.choices)}
    if blank.kind is not Kind.NUMBER:
        return row | {"least": None, "most": None}
    for name, number in (("least", blank.least), ("most", blank.most)):
        row[name] = int(number) if number.is_integer() else number
    return row


_FIELD_OF = {"blank-name": "name", "blank-limits": "most", "blank-choices": "choices"}


class LanguageRow(forms.Form):
    """One more language; empty, or marked to be left out, it counts for nothing."""

    drop = forms.BooleanField(label=_("Leave this language out"), required=False)
    language = forms.ChoiceField(label=_("Language"))
    headline = _line(_("Headline"), MOST_HEADLINE, required=True)
    text = _long(
        _("Text with blanks"),
        4,
        _("A number stands here without its unit, a time as 17:30. Written like the text without "
        "blanks, it is heard in that recording; else it is only to be read."),
    )  # fmt: skip
    ready = _long(_("Text without blanks"), 4)
    recording = forms.FileField(
        label=_("Text without blanks, spoken by a person"), required=False,
        help_text=_("Headline and text. Without it this language is only to be read."),
    )  # fmt: skip
    retraction_headline = _line(_("Headline of the retraction"), MOST_HEADLINE, required=True)
    retraction = _long(_("Text of the retraction"), 3)
    retraction_recording = forms.FileField(
        label=_("Retraction, spoken by a person"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(code, one.name) for code, one in languages().items() if code != VIETNAMESE]
        field: Any = self.fields["language"]
        field.choices = [("", "—"), *known]
        for name in _NEEDED:
            self.fields[name].error_messages["required"] = _(
                "Fill this in, or leave the language out."
            )

    @property
    def is_given(self) -> bool:
        data = self.cleaned_data
        return not data.get("drop") and any(data.get(one) for one in (*_NEEDED, *_FILES))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.is_given:
            self.errors.clear()
        return data

    def said(self, keep: Keep) -> tuple[Said, Said]:
        """Alert and retraction. Raises Refusal for a file that is no recording."""
        return said_of(self.cleaned_data, keep)


_NEEDED = ("language", "headline", "text", "ready", "retraction_headline", "retraction")
_FILES = ("recording", "retraction_recording")


def said_of(data: Mapping[str, Any], keep: Keep) -> tuple[Said, Said]:
    """As :meth:`LanguageRow.said`."""
    end = " ".join(data["retraction_headline"].split()), " ".join(data["retraction"].split())
    begun = " ".join(data["headline"].split()), " ".join(data["ready"].split())
    alert = Said(begun[0], data["text"], begun[1], keep(data["recording"], *begun))
    return alert, Said(end[0], end[1], end[1], keep(data["retraction_recording"], *end))


BlankRows = formset_factory(
    BlankRow, extra=0, max_num=MOST_BLANKS, absolute_max=MOST_BLANKS, validate_max=True
)
_FURTHER = MOST_LANGUAGES - 1
LanguageRows = formset_factory(
    LanguageRow, extra=0, max_num=_FURTHER, absolute_max=_FURTHER, validate_max=True
)


@dataclass
class Filled:
    """The three parts of one page."""

    main: TemplateForm
    blanks: "BaseFormSet[BlankRow]"
    further: "BaseFormSet[LanguageRow]"

    def is_valid(self) -> bool:
        """Whatever is wrong in a row is told at the top as well."""
        right = [self.main.is_valid(), self.blanks.is_valid(), self.further.is_valid()]
        for rows, words in ((self.blanks, _IN_BLANK), (self.further, _IN_LANGUAGE)):
            for number, row in enumerate(rows, start=1):
                for told in _errors(row):
                    self.main.add_error(None, str(words) % {"number": number, "error": told})
            self.main.add_error(None, list(rows.non_form_errors()))
        return all(right)


def _errors(row: forms.Form) -> Iterable[str]:
    for name, told in row.errors.items():
        label = row.fields[name].label if name in row.fields else ""
        yield f"{label}: {told[0]}" if label else str(told[0])


def filled_in(data: Any, files: Any, initial: Mapping[str, Any], *, new: bool = False) -> Filled:
    """``initial``: of the main form; ``blanks`` and ``further`` in it are lists of rows."""
    return Filled(
        TemplateForm(data, files, new=new, initial=dict(initial)),
        BlankRows(data, files, prefix="blanks", initial=initial.get("blanks", [])),
        LanguageRows(data, files, prefix="further", initial=initial.get("further", [])),
    )


def with_one_more(form: Filled, kind: str, *, new: bool = False) -> Filled:
    """What was typed, and one more empty row of ``kind``; nothing is checked yet."""
    initial: dict[str, Any] = _typed(form.main)
    for name, rows, most in (
        ("blanks", form.blanks, MOST_BLANKS),
        ("further", form.further, _FURTHER),
    ):
        typed = [_typed(row) for row in rows.forms]
        initial[name] = [*typed, {}] if name == kind and len(typed) < most else typed
    return filled_in(None, None, initial, new=new)


def _typed(form: forms.Form) -> dict[str, Any]:
    return {
        name: form[name].value()
        for name, field in form.fields.items()
        if not isinstance(field, forms.FileField)
    }


_IN_BLANK = _("Blank %(number)s: %(error)s")
_IN_LANGUAGE = _("Language %(number)s: %(error)s")
