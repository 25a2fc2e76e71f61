"""What is filled in before somebody speaks, and for a permission."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from vang.live.services import MOST_WORDS, Leave, Wanted
from vang.people.models import Person
from vang.stations.models import Cluster

MINUTES = (1, 2, 3, 5, 9)


def _minutes(number: int) -> Any:
    return ngettext_lazy("%(n)s minute", "%(n)s minutes", number) % {"n": number}


class SpeakForm(forms.Form):
    """Where, how long, and about what."""

    subject = forms.CharField(
        label=_("What is it about?"),
        max_length=160,
        help_text=_("Stands in the list of what was spoken. It is not read aloud."),
    )
    clusters = forms.ModelMultipleChoiceField(
        queryset=Cluster.objects.none(),
        label=_("Where you are heard"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose where you want to be heard.")},
    )
    minutes = forms.TypedChoiceField(
        label=_("How long, at most"),
        coerce=int,
        initial=3,
        widget=forms.RadioSelect,
        choices=[(n, _minutes(n)) for n in MINUTES],
    )

    def __init__(self, places: Collection[Cluster], *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        field = self.fields["clusters"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101 - for the types
        rows = Cluster.objects.filter(pk__in=[one.pk for one in places])
        field.queryset = rows.order_by("name", "code")
        if len(places) == 1:
            self.initial.setdefault("clusters", [one.pk for one in places])

    def wanted(self) -> Wanted:
        told = self.cleaned_data
        return Wanted(told["subject"], tuple(told["clusters"]), told["minutes"])


class WordsForm(forms.Form):
    """What was said, measured when it is kept. ``seen``: which wording the person had before."""

    words = forms.CharField(
        label=_("What was said"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 10, "maxlength": MOST_WORDS}),
        help_text=_(
            "For those who could not hear it. As it was said; at most 20,000 characters. Who wrote "
            "or changed it stands in the journal."
        ),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class PermissionForm(forms.Form):
    """Who may speak where, until when, in which hours."""

    person = forms.ModelChoiceField(queryset=Person.objects.none(), label=_("Who may speak"))
    clusters = forms.ModelMultipleChoiceField(
        queryset=Cluster.objects.none(), label=_("At which loudspeakers"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose loudspeakers of this commune.")},
    )  # fmt: skip
    valid_from = forms.DateField(label=_("From the day"))
    valid_to = forms.DateField(label=_("To the day"), help_text=_("The last day, included."))
    hours_from = forms.TimeField(label=_("Not before"), input_formats=["%H:%M"])
    hours_to = forms.TimeField(label=_("Not after"), input_formats=["%H:%M"])

    def __init__(
        self, people: Collection[Person], places: Collection[Cluster], *given: Any, **named: Any
    ) -> None:
        super().__init__(*given, **named)
        who, where = self.fields["person"], self.fields["clusters"]
        assert isinstance(who, forms.ModelChoiceField)  # noqa: S101 - for the types
        assert isinstance(where, forms.ModelMultipleChoiceField)  # noqa: S101
        who.queryset = Person.objects.filter(pk__in=[one.pk for one in people]).order_by(
            "full_name", "pk"
        )
        who.label_from_instance = lambda one: capfirst(one.full_name)  # type: ignore[method-assign,assignment]
        where.queryset = Cluster.objects.filter(pk__in=[one.pk for one in places]).order_by(
            "name", "code"
        )

    def leave(self) -> Leave:
        told = self.cleaned_data
        names = ("person", "valid_from", "valid_to", "hours_from", "hours_to")
        return Leave(clusters=tuple(told["clusters"]), **{name: told[name] for name in names})

    @staticmethod
    def initial_for(today: date) -> dict[str, Any]:
        """Till the end of the year, in the evening."""
        return {
            "valid_from": today,
            "valid_to": date(today.year, 12, 31),
            "hours_from": "16:30",
            "hours_to": "20:30",
        }
