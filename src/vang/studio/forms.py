"""The blanks of a notice as a form."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from vang.base.widgets import DateInput, TimeInput
from vang.orgs.models import Unit
from vang.orgs.queries import villages
from vang.phrases.models import Phrase
from vang.phrases.notices import Blank, Hours, Kind, Notice, Value
from vang.phrases.queries import in_sentence, whole_commune

_PHONE = RegexValidator(r"\A[0-9]{3,15}\Z", _("Only figures, 3 to 15 of them."))
_LONGEST = 300
_LARGEST = 999_999_999


class NoticeForm(forms.Form):
    """One field a blank (two for hours and phrases); ``values()`` is what goes into the text."""

    def __init__(self, *args: Any, notice: Notice, unit: Unit, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.notice, self.unit = notice, unit
        self.places = {v.code: in_sentence(v) for v in villages(unit, on)}
        self.phrases = list(
            Phrase.objects.filter(unit=unit, own=True).values_list("text", flat=True)
        )
        for blank in notice.blanks:
            self._add(blank)

    def values(self) -> dict[str, Value | None]:
        """By name of the blank; None for an optional one left empty."""
        return {blank.name: self._value(blank) for blank in self.notice.blanks}

    def audience(self) -> tuple[str, ...]:
        """Codes of the villages chosen; empty for the whole commune."""
        names = [b.name for b in self.notice.blanks if b.kind == Kind.VILLAGES]
        return tuple(code for name in names for code in self.cleaned_data.get(name, []))

    def clean(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().clean() or self.cleaned_data
        for blank in self.notice.blanks:
            if blank.kind == Kind.HOURS:
                self._check_hours(blank)
            empty = blank.kind == Kind.PHRASE and not blank.optional and not self._value(blank)
            if empty and blank.name not in self.errors:
                self.add_error(blank.name, _("Choose one or write it."))
        return fields

    def _check_hours(self, blank: Blank) -> None:
        first = self.cleaned_data.get(f"{blank.name}_from")
        last = self.cleaned_data.get(f"{blank.name}_to")
        if first and last and last <= first:
            self.add_error(f"{blank.name}_to", _("It ends before it begins."))

    def _value(self, blank: Blank) -> Value | None:
        fields = self.cleaned_data
        if blank.kind == Kind.HOURS:
            first, last = fields.get(f"{blank.name}_from"), fields.get(f"{blank.name}_to")
            return Hours(first, last) if first and last else None
        if blank.kind == Kind.VILLAGES:
            chosen = fields.get(blank.name) or []
            return [self.places[code] for code in chosen] or [whole_commune(self.unit)]
        if blank.kind == Kind.PHRASE:
            text = fields.get(f"{blank.name}_other") or fields.get(blank.name) or ""
            return " ".join(text.split()) or None
        value: Value | None = fields.get(blank.name)
        return None if value == "" else value

    def _add(self, blank: Blank) -> None:
        common: dict[str, Any] = {"label": blank.label, "required": not blank.optional}
        match blank.kind:
            case Kind.DATE:
                self.fields[blank.name] = forms.DateField(widget=DateInput(), **common)
            case Kind.HOUR:
                self.fields[blank.name] = forms.TimeField(widget=TimeInput(), **common)
            case Kind.HOURS:
                self._add_hours(blank)
            case Kind.VILLAGES:
                self.fields[blank.name] = forms.MultipleChoiceField(
                    label=blank.label,
                    choices=list(self.places.items()),
                    required=False,
                    widget=forms.CheckboxSelectMultiple,
                    help_text=_("Choose none for the whole commune."),
                )
            case Kind.NUMBER:
                self.fields[blank.name] = forms.IntegerField(
                    min_value=0, max_value=_LARGEST, **common
                )
            case Kind.PHONE:
                self.fields[blank.name] = forms.CharField(validators=[_PHONE], **common)
            case Kind.PHRASE:
                self._add_phrase(blank)

    def _add_hours(self, blank: Blank) -> None:
        for end, label in (("from", _("From")), ("to", _("To"))):
            self.fields[f"{blank.name}_{end}"] = forms.TimeField(
                label=label, widget=TimeInput(), required=not blank.optional
            )

    def _add_phrase(self, blank: Blank) -> None:
        choices = [("", "–"), *((text, text) for text in self.phrases)]
        self.fields[blank.name] = forms.ChoiceField(
            label=blank.label, choices=choices, required=False
        )
        self.fields[f"{blank.name}_other"] = forms.CharField(
            label=_("Or in other words"),
            help_text=_("It can be put together only once the announcer has recorded it."),
            max_length=_LONGEST,
            required=False,
        )
