"""What is filled in for a recording."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from vang.base.widgets import DateTimeInput
from vang.captures.models import MOST_MINUTES
from vang.relays.models import Station


class CaptureForm(forms.Form):
    """Which programme, and when it is sent."""

    station = forms.ModelChoiceField(
        label=_("Station that sends it"), queryset=Station.objects.none(), empty_label=None
    )
    starts_at = forms.DateTimeField(label=_("Begins at"), widget=DateTimeInput())
    minutes = forms.IntegerField(
        label=_("How many minutes"), min_value=1, max_value=MOST_MINUTES, initial=15
    )
    permitted = forms.BooleanField(
        label=_("We may broadcast this programme again"),
        required=False,
        help_text=_("Programmes of VOV and of the province's station as their offices allow it."),
    )

    def __init__(self, *given: Any, stations: QuerySet[Station], **options: Any) -> None:
        super().__init__(*given, **options)
        station = self.fields["station"]
        assert isinstance(station, forms.ModelChoiceField)  # noqa: S101 - for the types
        station.queryset = stations
