"""What a technician fills in about a cluster."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vang.base.languages import VIETNAMESE, language_choices
from vang.base.refusals import Refusal
from vang.orgs.models import Unit
from vang.orgs.queries import villages
from vang.stations.models import Cluster
from vang.stations.positions import parse_position, written_position
from vang_protocol.limits import DELAY_MS


class ClusterForm(forms.Form):
    """Where the loudspeakers stand and who hears them."""

    name = forms.CharField(label=_("Name of the cluster"), max_length=120)
    place = forms.CharField(
        label=_("Where it hangs"),
        max_length=200,
        required=False,
        help_text=_("So that anybody finds it."),
    )
    position = forms.CharField(
        label=_("Coordinates"),
        max_length=60,
        required=False,
        help_text=_(
            "Latitude and longitude as a map on the telephone shows them: 15.7012, 108.2123. By "
            "them a warning that draws its area finds the clusters in it."
        ),
    )
    villages = forms.ModelMultipleChoiceField(
        label=_("Villages that hear it"),
        queryset=Unit.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("A notice to some villages is played only where they hear it."),
    )
    language = forms.ChoiceField(
        label=_("Language of its hearers"),
        initial=VIETNAMESE,
        help_text=_(
            "A bulletin that has a recording in this language is played here in it. Where it is "
            "missing, whoever puts it on the air decides what is heard here."
        ),
    )
    volume_ceiling_db = forms.IntegerField(
        label=_("Loudest volume (dB)"),
        min_value=-60,
        max_value=0,
        initial=0,
        help_text=_("0 is the full volume of the device; every 6 dB less halves it."),
    )
    delay_ms = forms.IntegerField(
        label=_("Delay (ms)"),
        min_value=0,
        max_value=DELAY_MS,
        initial=0,
        required=False,
        help_text=_(
            "Where two horns are heard at one place and echo, delay the nearer one: 3 ms for every "
            "metre it is nearer."
        ),
    )

    def clean_delay_ms(self) -> int:
        """Nothing typed: no delay."""
        return self.cleaned_data["delay_ms"] or 0

    def clean_position(self) -> str:
        """The text that can be read."""
        text: str = self.cleaned_data["position"]
        try:
            parse_position(text)
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return text

    def __init__(self, *given: Any, unit: Unit, on: date, **options: Any) -> None:
        super().__init__(*given, **options)
        field = self.fields["villages"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101 - for the types
        field.queryset = villages(unit, on)
        language = self.fields["language"]
        assert isinstance(language, forms.ChoiceField)  # noqa: S101 - for the types
        language.choices = language_choices()


class ChangeForm(ClusterForm):
    """The same, and whether the cluster is in service."""

    active = forms.BooleanField(
        label=_("In service"),
        required=False,
        help_text=_("A cluster out of service is left out of every plan."),
    )


def known(cluster: Cluster) -> dict[str, Any]:
    """What the form begins with."""
    return {
        "name": cluster.name,
        "place": cluster.place,
        "position": written_position(cluster.latitude, cluster.longitude),
        "villages": [village.pk for village in cluster.villages.all()],
        "language": cluster.language,
        "volume_ceiling_db": cluster.volume_ceiling_db,
        "delay_ms": cluster.delay_ms,
        "active": cluster.active,
    }
