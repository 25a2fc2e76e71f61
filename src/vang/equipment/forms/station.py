"""What is typed about a station and its ways of transmission."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vang.base.widgets import DateInput
from vang.equipment.models import Segment, Station
from vang.equipment.services import Line
from vang.equipment.services.places import MOST_WATTS
from vang.orgs.models import Unit
from vang.stations.models import Cluster


class StationForm(forms.Form):
    """What the station is called and where it is."""

    name = forms.CharField(label=_("Name of the station"), max_length=200)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    telephone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    decision = forms.CharField(label=_("Decision that set it up"), max_length=200, required=False)


def known_station(station: Station | None, unit: Unit) -> dict[str, Any]:
    if station is None:
        return {"name": f"Đài truyền thanh {unit.full_name[:1].lower()}{unit.full_name[1:]}"}
    names = ("name", "address", "telephone", "decision")
    return {name: getattr(station, name) for name in names}


class SegmentForm(forms.Form):
    """A way of transmission."""

    kind = forms.ChoiceField(
        label=_("Way of transmission"), choices=Segment.Kind.choices, widget=forms.RadioSelect
    )
    name = forms.CharField(
        label=pgettext_lazy("equipment", "Name"),
        max_length=120,
        help_text=_("Such as: FM 92.5 MHz, wire of the market."),
    )
    fed_by = forms.ModelChoiceField(
        label=_("Fed by the device of"),
        queryset=Cluster.objects.none(),
        required=False,
        empty_label=_("nothing of Vang: switched on by hand"),
        help_text=_(
            "For FM and wire: the cluster whose device is plugged into the transmitter or "
            "amplifier. What is heard beyond it nobody can check."
        ),
    )
    frequency = forms.DecimalField(
        label=_("Frequency (MHz)"), min_value=30, max_value=300, decimal_places=3, required=False
    )
    power_w = forms.IntegerField(
        label=_("Power (W)"), min_value=0, max_value=MOST_WATTS, required=False
    )
    licence_number = forms.CharField(
        label=_("Number of the frequency licence"), max_length=80, required=False
    )
    licence_until = forms.DateField(
        label=_("Licence valid until"), required=False, widget=DateInput(),
        help_text=_("You are reminded 90, 30 and 7 days before."),
    )  # fmt: skip
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *given: Any, unit: Unit, **options: Any) -> None:
        super().__init__(*given, **options)
        feed = self.fields["fed_by"]
        assert isinstance(feed, forms.ModelChoiceField)  # noqa: S101 - for the types
        feed.queryset = Cluster.objects.filter(unit=unit, active=True).order_by("name", "code")

    def line(self) -> Line:
        told = dict(self.cleaned_data)
        mhz: Decimal | None = told.pop("frequency")
        return Line(frequency_khz=int(mhz * 1000) if mhz is not None else None, **told)


def known_segment(segment: Segment) -> dict[str, Any]:
    names = ("kind", "name", "fed_by", "power_w", "licence_number", "licence_until", "note")
    khz = segment.frequency_khz
    mhz = Decimal(khz) / 1000 if khz is not None else None
    return {**{name: getattr(segment, name) for name in names}, "frequency": mhz}
