"""What is filled in for the register."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from vang.base.widgets import DateTimeInput
from vang.claims.limits import Hours
from vang.claims.models import MAX_CLAIM, MAX_NOTE, Claim
from vang.claims.services import Words
from vang.library.attachments import ACCEPTED

_NAMES_CHECKED = _("I have looked: no private person is named here")


def _capitals(choices: Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """The labels as they begin a line."""
    return [(value, capfirst(label)) for value, label in choices]


class FilterForm(forms.Form):
    """Which claims the list shows."""

    q = forms.CharField(label=_("Words of the claim"), max_length=200, required=False)


class ClaimForm(forms.Form):
    """What was claimed, where and when it was seen. There is no field for who said it."""

    title = forms.CharField(
        label=_("The claim in one sentence"),
        max_length=300,
        help_text=_("As residents hear it, without names of people."),
    )
    text = forms.CharField(
        label=_("Its words, if it is longer"),
        max_length=MAX_CLAIM,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    where = forms.ChoiceField(label=_("Where it was seen"), choices=_capitals(Claim.Where.choices))
    place = forms.CharField(
        label=_("More exactly"),
        max_length=200,
        required=False,
        help_text=_("For instance: a chat group of the village. No names, no links to profiles."),
    )
    seen_at = forms.DateTimeField(label=_("When it was seen"), widget=DateTimeInput())
    names_checked = forms.BooleanField(label=_NAMES_CHECKED, required=False)

    def words(self) -> Words:
        names = ("title", "text", "where", "place", "seen_at")
        return Words(**{name: self.cleaned_data[name] for name in names})


def known(claim: Claim) -> dict[str, Any]:
    """What the form begins with."""
    return {name: getattr(claim, name) for name in ("title", "text", "where", "place", "seen_at")}


class StepForm(forms.Form):
    """What was done to check it."""

    text = forms.CharField(
        label=_("What was done"),
        max_length=2_000,
        help_text=_("Which authority was asked, what was compared, what it answered."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    names_checked = forms.BooleanField(label=_NAMES_CHECKED, required=False)


class EvidenceForm(forms.Form):
    """One file."""

    evidence = forms.FileField(
        label=_("Picture, recording or document"),
        help_text=_("At most 20 MB. Cover names and faces first if you can."),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )


class SourceForm(forms.Form):
    """What the verdict rests on."""

    name = forms.CharField(
        label=_("Authority or document"),
        max_length=300,
        help_text=_("Published with the answer."),
    )
    url = forms.URLField(label=_("Link"), required=False, max_length=500, assume_scheme="https")


class VerdictForm(forms.Form):
    """What is true, and how the claim stands to it."""

    verdict = forms.ChoiceField(
        label=_("Verdict"), choices=_capitals(Claim.Verdict.choices), widget=forms.RadioSelect
    )
    finding = forms.CharField(
        label=_("What is true"),
        max_length=MAX_NOTE,
        help_text=_("Published with the answer, in words that residents understand."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    names_checked = forms.BooleanField(label=_NAMES_CHECKED, required=False)


class ReasonForm(forms.Form):
    """Why, or what came of it."""

    reason = forms.CharField(
        label=_("In a few words"), max_length=1_000, widget=forms.Textarea(attrs={"rows": 3})
    )


class LimitsForm(forms.Form):
    """Time limits of the unit."""

    verify_h = forms.IntegerField(label=_("Hours until the verdict"), min_value=1, max_value=8_760)
    answer_h = forms.IntegerField(
        label=_("Hours until the answer is out"), min_value=1, max_value=8_760
    )
    close_d = forms.IntegerField(label=_("Days until it is closed"), min_value=1, max_value=365)

    def limits(self) -> Hours:
        return Hours(**self.cleaned_data)
