"""What is filled in to offer an item, to ask for content, and to answer."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vang.base.widgets import DateInput, DateTimeInput
from vang.bulletins.models import Bulletin, Category
from vang.orgs.forms import AimForm
from vang.orgs.models import Unit
from vang.orgs.reach import MOST_PARTNERS, partners
from vang.pool.models import MAX_ANSWER, MAX_REASON
from vang.pool.queries import VIEWS, Wanted
from vang.pool.services.offering import Terms


class FilterForm(forms.Form):
    """Which offers the list shows."""

    q = forms.CharField(label=_("Words of the title"), max_length=200, required=False)
    category = forms.ChoiceField(label=_("Category"), required=False)
    must_air = forms.ChoiceField(
        label=_("Must be aired"),
        choices=[("", _("All")), ("yes", _("Only what must be aired"))],
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        category: Any = self.fields["category"]
        category.choices = [("", _("All")), *Category.choices]

    def wanted(self, view: str) -> Wanted:
        """What was asked for; what is not understood is left out."""
        self.is_valid()
        fields = self.cleaned_data
        return Wanted(
            view=view if view in VIEWS else "new",
            words=fields.get("q", ""),
            category=fields.get("category", ""),
            must_air=fields.get("must_air") == "yes",
        )


class OfferForm(AimForm):
    """To whom and on which terms an approved item is offered."""

    valid_from = forms.DateField(label=_("May be aired from"), widget=DateInput())
    valid_to = forms.DateField(
        label=pgettext_lazy("offer", "Until"), required=False, widget=DateInput()
    )
    with_sound = forms.BooleanField(
        label=_("With the sound"),
        help_text=_("Who takes it unchanged airs this very sound."),
        required=False,
        initial=True,
    )
    may_adapt = forms.BooleanField(
        label=_("The words may be adapted"),
        help_text=_("Otherwise it is aired exactly as it stands."),
        required=False,
        initial=True,
    )
    must_air = forms.BooleanField(
        label=_("Must be aired"),
        help_text=_("It stands first in the work of everybody it is offered to."),
        required=False,
    )
    meant_for = forms.CharField(
        label=_("Meant for"),
        max_length=200,
        required=False,
        help_text=_("For instance: households that keep cattle."),
    )
    message = forms.CharField(
        label=_("Message to those who take it"),
        max_length=MAX_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, unit: Unit, on: date, **kwargs: Any) -> None:
        super().__init__(*args, unit=unit, on=on, **kwargs)
        if unit.level == Unit.Level.COMMUNE:
            del self.fields["must_air"]

    def clean(self) -> dict[str, Any]:
        fields = super().clean()
        first, last = fields.get("valid_from"), fields.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _("The last day must not lie before the first."))
        return fields

    def terms(self) -> Terms:
        fields = self.cleaned_data
        names = ("valid_from", "valid_to", "with_sound", "may_adapt", "meant_for", "message")
        return Terms(
            **{name: fields[name] for name in names}, must_air=fields.get("must_air", False)
        )


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=_("Why?"), max_length=MAX_REASON, widget=forms.Textarea(attrs={"rows": 3})
    )


class RequestForm(forms.Form):
    """What is needed, from whom, until when."""

    title = forms.CharField(
        label=_("What is needed"), max_length=200, help_text=_("One line, as a subject.")
    )
    text = forms.CharField(
        label=_("In detail"),
        help_text=_("Content, for whom, how long, when it shall be aired."),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    category = forms.ChoiceField(label=_("Category"), required=False)
    due_at = forms.DateTimeField(label=_("Until when"), widget=DateTimeInput())
    asked = forms.MultipleChoiceField(label=_("Whom to ask"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, unit: Unit, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {one.pk: one for one in partners(unit, on)[:MOST_PARTNERS]}
        category: Any = self.fields["category"]
        category.choices = [("", _("Any")), *Category.choices]
        asked: Any = self.fields["asked"]
        asked.choices = [(str(pk), one.full_name) for pk, one in self.units.items()]

    def asked_units(self) -> list[Unit]:
        return [self.units[int(key)] for key in self.cleaned_data["asked"]]


class AnswerForm(forms.Form):
    """An answer in words."""

    text = forms.CharField(
        label=_("Answer"),
        max_length=MAX_ANSWER,
        help_text=_("Facts from which the unit that asks writes its own bulletin."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class BulletinAnswerForm(forms.Form):
    """An answer by an approved bulletin."""

    bulletin = forms.ChoiceField(label=_("Approved bulletin"))
    may_adapt = forms.BooleanField(
        label=_("The words may be adapted"), required=False, initial=True
    )

    def __init__(self, *args: Any, choices: list[Bulletin], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bulletins = {one.pk: one for one in choices}
        bulletin: Any = self.fields["bulletin"]
        bulletin.choices = [
            (str(pk), one.current.title if one.current else "")
            for pk, one in self.bulletins.items()
        ]

    def chosen(self) -> Bulletin:
        return self.bulletins[int(self.cleaned_data["bulletin"])]
