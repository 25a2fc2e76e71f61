"""What the communes of a district or province are searched and sorted by."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vang.orgs.models import Unit
from vang.stations.models import Cluster
from vang.trials.services import MOST_WORDS


class VillagesForm(forms.Form):
    """Names of villages, one a line."""

    names = forms.CharField(
        label=_("Names of the villages, one a line"),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=20_000,
        help_text=_("Such as “Thôn 1”, “Tổ dân phố Hương An”. Without a kind it is a thôn."),
    )

    def clean_names(self) -> list[str]:
        """Commas divide as well as lines."""
        typed: str = self.cleaned_data["names"]
        return [name for line in typed.splitlines() for name in line.split(",")]


class TrialForm(forms.Form):
    """Where a trial is heard, and what is said beside the announcement."""

    cluster = forms.ModelChoiceField(
        label=_("Heard at"), queryset=Cluster.objects.none(), empty_label=None
    )
    words = forms.CharField(
        label=_("Words of your own"),
        required=False,
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Spoken between the announcement that this is a trial and its repetition."),
    )

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["cluster"]
        field.queryset = Cluster.objects.filter(unit=unit, active=True).order_by("name", "code")


class CommuneFilter(forms.Form):
    """All fields are optional: the address alone shows everything."""

    q = forms.CharField(label=_("Name of the commune"), max_length=80, required=False)
    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[
            ("", _("What needs attention first")),
            ("name", pgettext_lazy("commune", "Name")),
            ("waiting", _("Waiting for approval")),
            ("not_heard", _("Not heard today")),
            ("offline", _("Loudspeakers out of contact")),
            ("released", _("Released in 7 days")),
        ],
    )
