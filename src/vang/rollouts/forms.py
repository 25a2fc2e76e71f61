"""What a technician says of a roll-out."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vang.rollouts.models import Release
from vang.rollouts.services import MOST_GROUPS, Shape


class RolloutForm(forms.Form):
    """Which release, for whom first, and when to stop."""

    release = forms.ModelChoiceField(
        label=pgettext_lazy("release", "Version"),
        queryset=Release.objects.none(),
        empty_label=None,
        help_text=_("Only what two people signed stands here."),
    )
    why = forms.CharField(
        label=_("What it is for"),
        max_length=300,
        help_text=_("The second person reads this before approving."),
    )
    canary = forms.IntegerField(
        label=_("Devices in the first group"),
        min_value=1,
        max_value=100,
        initial=2,
        help_text=_("The first to try it. The others wait until these are well."),
    )
    groups = forms.IntegerField(
        label=_("Groups after the first"), min_value=1, max_value=MOST_GROUPS - 1, initial=3
    )
    success_pct = forms.IntegerField(
        label=_("Percent of a group that must be well before the next begins"),
        min_value=1,
        max_value=100,
        initial=90,
    )
    error_pct = forms.IntegerField(
        label=_("Percent of a group that may go back before everything stops"),
        min_value=0,
        max_value=100,
        initial=10,
    )
    minutes = forms.IntegerField(
        label=_("Minutes in which a device must report that it is well"),
        min_value=1,
        max_value=120,
        initial=10,
        help_text=_("Otherwise it starts its former version again by itself."),
    )

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        field = self.fields["release"]
        field.queryset = Release.objects.filter(withdrawn_at=None)  # type: ignore[attr-defined]

    def shape(self) -> Shape:
        told = self.cleaned_data
        names = ("canary", "groups", "success_pct", "error_pct", "minutes")
        return Shape(**{name: told[name] for name in names})


class RefusalForm(forms.Form):
    """Why not."""

    why = forms.CharField(label=_("Why not"), max_length=300)
