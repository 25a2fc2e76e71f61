"""What an officer fills in about the station's sounds and what a programme consists of."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from vang.airtime.models import StationSound
from vang.airtime.services.rundown import MOST_FILL_S, WINDOW_S
from vang.library.models import Item
from vang.relays.models import Station

_BEFORE = "before"


class _TitledField(forms.ModelChoiceField[Item]):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.title)


class SoundForm(forms.Form):
    """A recording of the library as a sound of the station."""

    item = _TitledField(
        label=_("Recording"),
        queryset=Item.objects.none(),
        help_text=_("Recordings of the library whose rights are known."),
    )
    kind = forms.ChoiceField(
        label=_("What it is for"), choices=StationSound.Kind.choices, widget=forms.RadioSelect
    )
    title = forms.CharField(
        label=_("Name in the schedule"),
        max_length=200,
        required=False,
        help_text=_("As the schedule names it. Left empty, it is the recording's own."),
    )
    relayed_from = forms.CharField(
        label=_("Station that made it"),
        max_length=120,
        required=False,
        help_text=_("For a programme of another station, such as the province's radio."),
    )

    def __init__(self, *given: Any, items: QuerySet[Item], **options: Any) -> None:
        super().__init__(*given, **options)
        item = self.fields["item"]
        assert isinstance(item, forms.ModelChoiceField)  # noqa: S101 - for the types
        item.queryset = items

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("kind") == StationSound.Kind.RELAY and not found.get("relayed_from"):
            self.add_error("relayed_from", _("Name the station whose programme it is."))
        return found


class _PartForm(forms.Form):
    where = forms.ChoiceField(
        label=_("Place in the session"),
        choices=[(_BEFORE, _("before the bulletins")), ("after", _("after the bulletins"))],
        initial=_BEFORE,
        widget=forms.RadioSelect,
    )
    confirmed = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    """Fingerprint of the disturbance that the person was shown before pressing again."""

    @property
    def before(self) -> bool:
        return bool(self.cleaned_data["where"] == _BEFORE)


class SoundPartForm(_PartForm):
    """A sound of the station in a programme."""

    field_order = ("sound", "where")
    sound = forms.ModelChoiceField(
        label=_("Sound of the station"), queryset=StationSound.objects.none()
    )

    def __init__(self, *given: Any, sounds: QuerySet[StationSound], **options: Any) -> None:
        super().__init__(*given, **options)
        sound = self.fields["sound"]
        assert isinstance(sound, forms.ModelChoiceField)  # noqa: S101 - for the types
        sound.queryset = sounds


class WindowForm(_PartForm):
    """Time kept for a relay: the loudspeakers carry it, or other equipment does."""

    field_order = ("relay", "source", "minutes", "where")
    relay = forms.ModelChoiceField(
        label=_("Carried by the loudspeakers from"),
        queryset=Station.objects.none(),
        required=False,
        empty_label=_("no: other equipment relays it"),
    )
    source = forms.CharField(
        label=_("Station relayed by other equipment"), max_length=120, required=False
    )
    minutes = forms.IntegerField(
        label=_("Length (minutes)"), min_value=WINDOW_S[0] // 60, max_value=WINDOW_S[1] // 60
    )

    def __init__(self, *given: Any, stations: QuerySet[Station], **options: Any) -> None:
        super().__init__(*given, **options)
        relay = self.fields["relay"]
        assert isinstance(relay, forms.ModelChoiceField)  # noqa: S101 - for the types
        relay.queryset = stations

    @property
    def title(self) -> str:
        """The station's name, whoever carries it."""
        relay = self.cleaned_data["relay"]
        return str(relay.name) if relay else str(self.cleaned_data["source"])

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not found.get("relay") and not found.get("source"):
            self.add_error("source", _("Choose a station, or name the one that is relayed."))
        return found


class FillForm(forms.Form):
    """Up to what length music fills the sessions."""

    minutes = forms.IntegerField(
        label=_("Fill the session with music up to (minutes)"),
        min_value=0,
        max_value=MOST_FILL_S // 60,
        help_text=_("Counted from the beginning of the session. 0: no music."),
    )
