"""What is filled in for repairs."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vang.base.widgets import DateInput
from vang.people.models import Person
from vang.repairs.models import MAX_NOTE, Part, Ticket
from vang.repairs.store import MOST, MOST_COST, Shelf
from vang.stations.models import Cluster


def _capitals(choices: Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return [(value, capfirst(label)) for value, label in choices]


class _PartChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Part) -> str:
        return f"{obj.name} ({obj.on_hand})"


class TicketForm(forms.Form):
    """What is wrong, and where."""

    cluster = forms.ModelChoiceField(
        label=_("Loudspeaker cluster"), queryset=Cluster.objects.none()
    )
    about = forms.ChoiceField(
        label=_("What is wrong"), choices=_capitals(Ticket.About.choices), widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("In more words"),
        max_length=MAX_NOTE,
        required=False,
        help_text=_("What people say, since when, what you have tried. No names of residents."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *given: Any, clusters: QuerySet[Cluster], **options: Any) -> None:
        super().__init__(*given, **options)
        choice = self.fields["cluster"]
        assert isinstance(choice, forms.ModelChoiceField)  # noqa: S101 - for the types
        choice.queryset = clusters.order_by("name", "pk")


class SendForm(forms.Form):
    """Who goes."""

    technician = forms.ChoiceField(label=_("Technician"))

    def __init__(self, *given: Any, people: Iterable[Person], **options: Any) -> None:
        super().__init__(*given, **options)
        choice = self.fields["technician"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101 - for the types
        choice.choices = [(str(one.pk), one.full_name) for one in people]


class CauseForm(forms.Form):
    """What was found and done."""

    cause = forms.ChoiceField(
        label=_("Cause"), choices=[("", _("choose …")), *_capitals(Ticket.Cause.choices)]
    )
    done = forms.CharField(
        label=_("What was done"),
        max_length=MAX_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PartForm(forms.Form):
    """A part that the repair took."""

    part = _PartChoice(
        label=_("From the store"), queryset=Part.objects.none(), required=False,
        empty_label=_("bought for this repair"),
    )  # fmt: skip
    name = forms.CharField(label=_("Or which part was bought"), max_length=120, required=False)
    amount = forms.IntegerField(label=_("How many"), min_value=1, max_value=10_000, initial=1)
    cost = forms.IntegerField(
        label=_("Price of one (đồng)"), min_value=0, max_value=MOST_COST, required=False,
        help_text=_("Left empty, the price of the store counts."),
    )  # fmt: skip

    def __init__(self, *given: Any, parts: QuerySet[Part], **options: Any) -> None:
        super().__init__(*given, **options)
        choice = self.fields["part"]
        assert isinstance(choice, forms.ModelChoiceField)  # noqa: S101 - for the types
        choice.queryset = parts.filter(on_hand__gt=0)


class PhotoForm(forms.Form):
    """One picture, from the camera perhaps."""

    photo = forms.FileField(
        label=_("Picture of the place or the part"),
        help_text=_("Taken with the phone. Where it was taken is not kept."),
        widget=forms.FileInput(attrs={"accept": "image/*"}),
    )


class CloseForm(forms.Form):
    """Why it is closed without a broadcast that proves it."""

    outcome = forms.ChoiceField(
        label=_("What came of it"),
        choices=_capitals(
            (one.value, one.label) for one in Ticket.Outcome if one is not Ticket.Outcome.PROVEN
        ),
    )
    reason = forms.CharField(
        label=pgettext_lazy("repair", "Reason"),
        max_length=MAX_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ShelfForm(forms.Form):
    """A part of the store."""

    name = forms.CharField(label=_("Part"), max_length=120)
    on_hand = forms.IntegerField(label=_("In the store"), min_value=0, max_value=MOST)
    least = forms.IntegerField(
        label=_("To be bought below"), min_value=0, max_value=MOST, initial=0, required=False
    )
    cost = forms.IntegerField(
        label=_("Price of one (đồng)"), min_value=0, max_value=MOST_COST, initial=0, required=False
    )

    def shelf(self) -> Shelf:
        c = self.cleaned_data
        return Shelf(c["name"], c["on_hand"], c["least"] or 0, c["cost"] or 0)


class PeriodForm(forms.Form):
    """From a day to a day; the last thirty days unless asked otherwise."""

    first = forms.DateField(label=_("From"), widget=DateInput(), required=False)
    last = forms.DateField(label=_("To"), widget=DateInput(), required=False)

    def period(self, today: date) -> tuple[date, date]:
        """At most three years, never upside down."""
        told = self.cleaned_data if self.is_valid() else {}
        last = min(told.get("last") or today, today)
        first = told.get("first") or last - timedelta(days=29)
        return max(min(first, last), last - timedelta(days=3 * 366)), last
