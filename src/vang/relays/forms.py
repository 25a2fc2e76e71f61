"""What is filled in for a station and a source."""

from django import forms
from django.utils.translation import gettext_lazy as _

from vang.relays.models import Source


class StationForm(forms.Form):
    """A station whose programmes may be relayed."""

    name = forms.CharField(
        label=_("Name of the station"), max_length=120, help_text=_("Such as VOV1.")
    )


class SourceForm(forms.Form):
    """One way to its programme."""

    kind = forms.ChoiceField(label=_("How it comes"), choices=Source.Kind.choices)
    address = forms.CharField(
        label=_("Address"),
        max_length=500,
        help_text=_(
            "Of a stream: https://… as the station publishes it (Icecast, MP3, AAC, HLS). "
            "Of a line-in: the name of the sound card, such as default."
        ),
        widget=forms.TextInput(attrs={"inputmode": "url", "spellcheck": "false"}),
    )
