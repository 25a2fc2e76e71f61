"""Looking through a journal."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vang.base.widgets import DateInput
from vang.chronicle.acts import actions_of
from vang.chronicle.words.kinds import Group
from vang.journal.queries import Choice
from vang.people.models import Person


class ChoiceForm(forms.Form):
    """Which rows are wanted; with ``people`` also whose."""

    what = forms.ChoiceField(
        label=_("Kind of work"), required=False, choices=[("", _("All")), *Group.choices]
    )
    first = forms.DateField(
        label=pgettext_lazy("first and last day", "From"), required=False, widget=DateInput()
    )
    last = forms.DateField(
        label=pgettext_lazy("first and last day", "Until"), required=False, widget=DateInput()
    )
    before = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, data: Any, people: Iterable[Person] | None = None) -> None:
        super().__init__(data)
        if people is not None:
            found = [(str(one.pk), one.full_name) for one in people]
            self.fields["who"] = forms.ChoiceField(
                label=_("Who"), required=False, choices=[("", _("Everybody")), *found]
            )

    def choice(self) -> Choice:
        """What was asked for; a field with an error asks for nothing."""
        self.is_valid()
        asked = self.cleaned_data
        return Choice(
            before=asked.get("before"),
            actions=actions_of(asked["what"]) if asked.get("what") else frozenset(),
            first=asked.get("first"),
            last=asked.get("last"),
            by=int(asked["who"]) if asked.get("who") else None,
        )

    @property
    def asks(self) -> bool:
        """Whether something is looked for, rather than everything."""
        return any(self.cleaned_data.get(name) for name in ("what", "who", "first", "last"))
