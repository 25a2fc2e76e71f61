"""Which places and devices are wanted."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vang.base.states import LOOKS
from vang.equipment.fleet import STATES, DeviceWish, Wish
from vang.equipment.models import Device, Segment
from vang.orgs.models import Unit
from vang.orgs.queries import villages

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
