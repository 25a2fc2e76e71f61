"""What is typed into the register of equipment."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vang.base.refusals import Refusal
from vang.base.states import LOOKS
from vang.base.widgets import DateInput
from vang.equipment.fleet import STATES, DeviceWish, Wish
from vang.equipment.models import Device, Ground, Place, Segment, Station
from vang.equipment.services import Coverage, Facts, Line, Spot
from vang.equipment.services.devices import MOST_PRICE
from vang.equipment.services.places import MOST_HOUSEHOLDS, MOST_SPEAKERS, MOST_WATTS
from vang.orgs.models import Unit
from vang.orgs.queries import villages
from vang.stations.models import Cluster
from vang.stations.positions import parse_position, written_position

_ANY = [("", _("All"))]


class FindForm(forms.Form):
    """Which places are wanted."""

    q = forms.CharField(
        label=_("Place, device or serial number"), max_length=100, required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )  # fmt: skip
    state = forms.ChoiceField(label=_("State"), required=False)
    village = forms.ModelChoiceField(
        label=_("Village"), queryset=Unit.objects.none(), required=False, empty_label=_("All")
    )
    kind = forms.ChoiceField(
        label=_("Way of transmission"), required=False, choices=[*_ANY, *Segment.Kind.choices]
    )
    ending = forms.ChoiceField(
        label=pgettext_lazy("warranty or licence", "Ends within 90 days"),
        required=False,
        choices=[*_ANY, ("warranty", _("warranty")), ("licence", _("licence"))],
    )

    def __init__(self, data: Any, *, unit: Unit, on: date) -> None:
        super().__init__(data or None)
        state, village = self.fields["state"], self.fields["village"]
        assert isinstance(state, forms.ChoiceField)  # noqa: S101 - for the types
        assert isinstance(village, forms.ModelChoiceField)  # noqa: S101 - for the types
        state.choices = [*_ANY, *((one, LOOKS[one].label) for one in STATES)]
        if unit.level == Unit.Level.COMMUNE:
            village.queryset = villages(unit, on)
        else:
            del self.fields["village"]

    def wish(self) -> Wish:
        """What was asked for; a field with an error asks for nothing."""
        if not self.is_bound:
            return Wish()
        self.is_valid()
        told = self.cleaned_data
        village = told.get("village")
        return Wish(
            state=told.get("state") or "",
            village=village.pk if village else None,
            kind=told.get("kind") or "",
            ending=told.get("ending") or "",
            words=told.get("q") or "",
        )


class FindDeviceForm(forms.Form):
    """Which devices are wanted."""

    q = forms.CharField(
        label=_("Model, vendor, serial number or place"), max_length=100, required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )  # fmt: skip
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("In use")),
            *Device.State.choices,
            ("undescribed", _("not described yet")),
        ],
    )
    kind = forms.ChoiceField(
        label=_("Kind of device"), required=False, choices=[*_ANY, *Device.Kind.choices]
    )
    ending = forms.ChoiceField(
        label=pgettext_lazy("warranty or licence", "Ends within 90 days"),
        required=False,
        choices=[*_ANY, ("warranty", _("warranty")), ("loan", _("loan"))],
    )

    def wish(self) -> DeviceWish:
        """What was asked for; a field with an error asks for nothing."""
        if not self.is_bound:
            return DeviceWish()
        self.is_valid()
        told = self.cleaned_data
        names = ("state", "kind", "ending")
        return DeviceWish(
            **{name: told.get(name) or "" for name in names}, words=told.get("q") or ""
        )


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


class CoverageForm(forms.Form):
    """What hangs at a place of a cluster."""

    segment = forms.ModelChoiceField(
        label=_("Way of transmission"), queryset=Segment.objects.none(), required=False,
        empty_label=_("over the Internet (IP)"),
    )  # fmt: skip
    speakers = forms.IntegerField(
        label=_("Number of loudspeakers"), min_value=0, max_value=MOST_SPEAKERS, initial=0
    )
    watts = forms.IntegerField(
        label=_("Power of all of them (W)"), min_value=0, max_value=MOST_WATTS, initial=0
    )
    households = forms.IntegerField(
        label=_("Households that hear it"), min_value=0, max_value=MOST_HOUSEHOLDS, required=False,
        help_text=_("Empty: as many as the villages have that hear it."),
    )  # fmt: skip
    power = forms.ChoiceField(
        label=_("Power supply"), required=False,
        choices=[("", _("not entered yet")), *Place.Power.choices],
    )  # fmt: skip
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *given: Any, unit: Unit, **options: Any) -> None:
        super().__init__(*given, **options)
        way = self.fields["segment"]
        assert isinstance(way, forms.ModelChoiceField)  # noqa: S101 - for the types
        way.queryset = Segment.objects.filter(unit=unit, ended_at=None)

    def coverage(self) -> Coverage:
        names = ("segment", "speakers", "watts", "households", "power", "note")
        return Coverage(**{name: self.cleaned_data[name] for name in names})


class PlaceForm(CoverageForm):
    """A place that is heard over FM or wire."""

    name = forms.CharField(label=_("Name of the place"), max_length=120)
    where = forms.CharField(label=_("Where it hangs"), max_length=200, required=False)
    position = forms.CharField(
        label=_("Coordinates"), max_length=60, required=False,
        help_text=_("As a map on the telephone shows them: 15.7012, 108.2123."),
    )  # fmt: skip
    villages = forms.ModelMultipleChoiceField(
        label=_("Villages that hear it"),
        queryset=Unit.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ("name", "segment", "where", "position", "villages", "speakers", "watts")

    def __init__(self, *given: Any, unit: Unit, on: date, **options: Any) -> None:
        super().__init__(*given, unit=unit, **options)
        way, heard = self.fields["segment"], self.fields["villages"]
        assert isinstance(way, forms.ModelChoiceField)  # noqa: S101 - for the types
        assert isinstance(heard, forms.ModelMultipleChoiceField)  # noqa: S101 - for the types
        way.queryset = Segment.objects.filter(unit=unit, ended_at=None).exclude(kind="IP")
        way.empty_label, way.required = None, True
        heard.queryset = villages(unit, on)

    def clean_position(self) -> str:
        """The text that can be read."""
        text: str = self.cleaned_data["position"]
        try:
            parse_position(text)
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return text

    def spot(self) -> Spot:
        told = self.cleaned_data
        return Spot(told["name"], told["where"], told["position"], tuple(told["villages"]))


def known_place(place: Place) -> dict[str, Any]:
    names = ("segment", "speakers", "watts", "households", "power", "note", "name", "where")
    return {
        **{name: getattr(place, name) for name in names},
        "position": written_position(place.latitude, place.longitude),
        "villages": [village.pk for village in place.villages.all()],
    }


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


class EnrolForm(forms.Form):
    """Which device comes to a place."""

    device = forms.ChoiceField(label=_("Which device?"), widget=forms.RadioSelect)

    def __init__(self, *given: Any, offered: Iterable[Device], here: Device | None, **options: Any):
        super().__init__(*given, **options)
        self.found = {str(one.pk): one for one in offered}
        choices: list[tuple[str, Any]] = [(key, str(one)) for key, one in self.found.items()]
        if here is not None:
            self.found[str(here.pk)] = here
            words = _("the one that hangs here, set up anew: %(device)s") % {"device": here}
            choices.append((str(here.pk), words))
        choices.append(("new", _("one that is not in the register yet")))
        field = self.fields["device"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the types
        field.choices = choices
        field.initial = choices[0][0] if len(choices) == 1 else None

    def device_chosen(self) -> Device | None:
        return self.found.get(self.cleaned_data["device"])


class InventoryForm(forms.Form):
    """A file."""

    table = forms.FileField(
        label=_("File"), help_text=_(".csv or .xlsx, at most 2,000 devices"), required=False
    )


class GroundForm(forms.Form):
    """What lies under the map."""

    boundary = forms.FileField(
        label=_("Boundaries (GeoJSON)"), required=False,
        help_text=_("Areas or lines in degrees (WGS 84), at most 2 MB. The map works without."),
    )  # fmt: skip
    drop_boundary = forms.BooleanField(label=_("Remove the boundaries"), required=False)
    tiles = forms.CharField(
        label=_("Address of map tiles"), max_length=300, required=False,
        help_text=_(
            "Of a server that you may use: https://example.vn/{z}/{x}/{y}.png. Empty: no tiles, "
            "and no browser asks anybody else."
        ),
    )  # fmt: skip
    credit = forms.CharField(
        label=_("Source of the tiles"), max_length=200, required=False,
        help_text=_("Shown on the map, as its licence asks."),
    )  # fmt: skip


def known_ground(ground: Ground | None) -> dict[str, Any]:
    return {"tiles": ground.tiles, "credit": ground.credit} if ground else {}
