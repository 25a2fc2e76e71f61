"""Choosing what one is written about."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from vang.notices.kinds import Kind
from vang.notices.models import Mail
from vang.notices.queries import Habits

HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]
_PREFIX = "kind-"


class PreferencesForm(forms.Form):
    """One choice a kind, the hour of the day's letter, and the language of letters."""

    hour = forms.TypedChoiceField(label=_("Hour of the day's letter"), choices=HOURS, coerce=int)
    language = forms.ChoiceField(label=_("Language of letters"), choices=settings.LANGUAGES)

    def __init__(self, data: Any, habits: Habits, language: str) -> None:
        initial = {"hour": habits.hour, "language": language}
        super().__init__(data, initial=initial)
        self._kinds = [kind for kind, _mail in habits.kinds]
        for kind, mail in habits.kinds:
            self.fields[_PREFIX + kind.name] = forms.ChoiceField(
                label=str(kind.label), choices=Mail.choices, initial=mail
            )

    @property
    def rows(self) -> list[tuple[Kind, forms.BoundField]]:
        return [(kind, self[_PREFIX + kind.name]) for kind in self._kinds]

    @property
    def choices(self) -> dict[str, str]:
        """The chosen way by kind, of a valid form."""
        return {kind.name: self.cleaned_data[_PREFIX + kind.name] for kind in self._kinds}
