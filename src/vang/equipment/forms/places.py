"""What is typed about a place: what hangs there, whom it reaches, which device comes to it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vang.base.refusals import Refusal
from vang.equipment.models import Device, Place, Segment
from vang.equipment.services import Coverage, Spot
from vang.equipment.services.places import MOST_HOUSEHOLDS, MOST_SPEAKERS, MOST_WATTS
from vang.orgs.models import Unit
from vang.orgs.queries import villages
from vang.stations.positions import parse_position, written_position


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
