"""What is typed about a device: its facts, where it goes, to whom it is lent."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vang.base.widgets import DateInput
from vang.equipment.models import Device, Place
from vang.equipment.services import Facts
from vang.equipment.services.devices import MOST_PRICE
from vang.orgs.models import Unit


class DeviceForm(forms.Form):
    """A device as an asset."""

    kind = forms.ChoiceField(label=_("Kind of device"), choices=Device.Kind.choices)
    name = forms.CharField(label=_("Make and model"), max_length=120)
    vendor = forms.CharField(label=_("Vendor"), max_length=120, required=False)
    serial = forms.CharField(
        label=_("Serial number"), max_length=80, required=False,
        help_text=_("As on its label."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    bought_on = forms.DateField(label=_("Bought on"), required=False, widget=DateInput())
    warranty_until = forms.DateField(
        label=_("Warranty until"), required=False, widget=DateInput(),
        help_text=_("You are reminded 30 and 7 days before."),
    )  # fmt: skip
    price = forms.IntegerField(
        label=_("Price (VND)"), min_value=0, max_value=MOST_PRICE, required=False
    )
    funding = forms.ChoiceField(
        label=_("Paid from"), required=False,
        choices=[("", _("not entered yet")), *Device.Funding.choices],
    )  # fmt: skip
    network = forms.ChoiceField(
        label=_("Network"), required=False,
        choices=[("", _("not entered yet")), *Device.Network.choices],
    )  # fmt: skip
    sim_number = forms.RegexField(
        label=_("Number of the SIM"), regex=r"^\+?\d{8,19}$", required=False,
        help_text=_("Only whoever keeps the register sees it whole."),
    )  # fmt: skip
    sim_operator = forms.CharField(label=_("Network operator"), max_length=40, required=False)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def facts(self) -> Facts:
        return Facts(**{name: self.cleaned_data[name] for name in Facts.__dataclass_fields__})


class NewDeviceForm(DeviceForm):
    """The same, and where it stands."""

    place = forms.ModelChoiceField(
        label=_("Where it stands"), queryset=Place.objects.none(), required=False,
        empty_label=_("in the store"),
        help_text=_("A device that is to be enrolled stays in the store until then."),
    )  # fmt: skip

    def __init__(self, *given: Any, unit: Unit, **options: Any) -> None:
        super().__init__(*given, **options)
        _offer_places(self.fields["place"], unit)


class PutUpForm(forms.Form):
    """Where a device goes."""

    place = forms.ModelChoiceField(
        label=_("Where it goes"), queryset=Place.objects.none(), empty_label=_("choose …")
    )

    def __init__(self, *given: Any, unit: Unit, **options: Any) -> None:
        super().__init__(*given, **options)
        _offer_places(self.fields["place"], unit)


def _offer_places(field: forms.Field, unit: Unit) -> None:
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the types
    field.queryset = Place.objects.filter(unit=unit, ended_at=None).order_by("name", "pk")


def known_device(device: Device) -> dict[str, Any]:
    return {name: getattr(device, name) for name in Facts.__dataclass_fields__}


class LoanForm(forms.Form):
    """To whom and until when."""

    to = forms.CharField(label=_("Lent to"), max_length=200)
    until = forms.DateField(label=_("Due back on"), widget=DateInput())


class WhyForm(forms.Form):
    """A reason."""

    why = forms.CharField(label=_("Why"), max_length=300)
