"""What is filled in for a guidance note."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vang.base.widgets import DateInput
from vang.bulletins.models import Category
from vang.guidance.models import MAX_TEXT, Guidance
from vang.guidance.services import Note
from vang.orgs.forms import AimForm, chosen_before


class GuidanceForm(AimForm):
    """Number, period, topics, what to stress and what to avoid, and to whom it goes."""

    field_order = (
        *("title", "number", "signed_on", "starts_on", "ends_on", "categories", "topics"),
        *("do", "avoid", "text", "whom", "chosen"),
    )
    title = forms.CharField(label=_("What it is about"), max_length=300)
    number = forms.CharField(
        label=_("Number and symbol"),
        max_length=60,
        required=False,
        help_text=_("As on the document: 12-HD/BTGHU."),
    )
    signed_on = forms.DateField(label=_("Signed on"), required=False, widget=DateInput())
    starts_on = forms.DateField(label=pgettext_lazy("guidance", "From"), widget=DateInput())
    ends_on = forms.DateField(label=pgettext_lazy("guidance", "To"), widget=DateInput())
    categories = forms.MultipleChoiceField(
        label=_("Categories"),
        choices=Category.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose none for all."),
    )
    topics = forms.CharField(
        label=_("Topics"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Words by which a text is recognised, one a line: whoever writes them sees this "
            "guidance at once."
        ),
    )
    do = forms.CharField(
        label=_("To stress"),
        required=False,
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("One point a line."),
    )
    avoid = forms.CharField(
        label=_("To avoid"),
        required=False,
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One point a line."),
    )
    text = forms.CharField(
        label=_("Further text"),
        required=False,
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def clean(self) -> dict[str, Any]:
        fields = super().clean()
        first, last = fields.get("starts_on"), fields.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day must not lie before the first."))
        return fields

    def note(self) -> Note:
        """What was filled in."""
        fields = self.cleaned_data
        return Note(
            title=fields["title"],
            number=fields["number"],
            signed_on=fields["signed_on"],
            starts_on=fields["starts_on"],
            ends_on=fields["ends_on"],
            categories=tuple(fields["categories"]),
            topics=fields["topics"],
            text=fields["text"],
            do=fields["do"],
            avoid=fields["avoid"],
        )


def known(guidance: Guidance) -> dict[str, Any]:
    """What the form begins with for a draft."""
    names = ("title", "number", "signed_on", "starts_on", "ends_on", "text", "do", "avoid")
    return {
        **{name: getattr(guidance, name) for name in names},
        "categories": guidance.categories,
        "topics": "\n".join(guidance.topics),
        **chosen_before(guidance.targets),
    }


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=_("Why?"), max_length=1_000, widget=forms.Textarea(attrs={"rows": 3})
    )
