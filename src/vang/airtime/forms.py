"""What an officer fills in about the air."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from vang.airtime.models import Placement, Programme
from vang.airtime.services.broadcasting import Choice, InNewProgramme, InProgramme, Now, Once
from vang.base.languages import language_name
from vang.base.widgets import DateInput, TimeInput
from vang_protocol.plans import Resume

WEEKDAYS = (
    ("0", _("Monday")),
    ("1", _("Tuesday")),
    ("2", _("Wednesday")),
    ("3", _("Thursday")),
    ("4", _("Friday")),
    ("5", _("Saturday")),
    ("6", _("Sunday")),
)
EVERY_DAY = [number for number, _name in WEEKDAYS]


def mask_of(days: Sequence[str]) -> str:
    """["0", "4"] as the programme keeps it: "1000100"."""
    return "".join("1" if number in days else "0" for number in EVERY_DAY)


def days_of(mask: str) -> list[str]:
    """The other way round."""
    return [number for number, chosen in zip(EVERY_DAY, mask, strict=True) if chosen == "1"]


KINDS = (
    ("now", _("Broadcast now")),
    ("slot", _("Free time today")),
    ("once", _("Another time")),
    ("programme", _("Recurring programme")),
    ("new", _("New programme")),
)


def _instead_of(language: str) -> str:
    return f"instead_{language}"


def _instead_field(language: str, clusters: Sequence[str]) -> forms.ChoiceField:
    """Without a first choice: whoever places it decides, and nothing is decided silently."""
    name = language_name(language)
    return forms.ChoiceField(
        label=_("There is no recording in %(language)s") % {"language": name},
        help_text=_("Loudspeakers that speak it: %(clusters)s. What is heard there?")
        % {"clusters": ", ".join(clusters)},
        choices=Placement.Instead.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is heard there.")},
    )


class PlaceForm(forms.Form):
    """When an approved bulletin goes on the air."""

    when = forms.ChoiceField(widget=forms.HiddenInput, choices=KINDS)
    slot = forms.TypedChoiceField(
        label=_("Free times today"),
        required=False,
        coerce=datetime.fromisoformat,
        empty_value=None,
        widget=forms.RadioSelect,
    )
    day = forms.DateField(label=_("Day"), required=False, widget=DateInput())
    hour = forms.TimeField(label=_("Hour"), required=False, widget=TimeInput())
    programme = forms.ModelChoiceField(
        label=_("Programme"), required=False, queryset=Programme.objects.none()
    )
    name = forms.CharField(label=_("Name of the new programme"), max_length=120, required=False)
    starts_at = forms.TimeField(label=_("Begins at"), required=False, widget=TimeInput())
    weekdays = forms.MultipleChoiceField(
        label=_("On these days"),
        choices=WEEKDAYS,
        required=False,
        initial=EVERY_DAY,
        widget=forms.CheckboxSelectMultiple,
    )
    from_day = forms.DateField(label=_("First day"), required=False, widget=DateInput())
    to_day = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=DateInput(),
        help_text=_("Leave empty to play until it is taken off."),
    )

    only = forms.MultipleChoiceField(
        label=_("Clusters"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Other clusters may hear something else at the same time."),
        error_messages={"required": _("Choose at least one cluster.")},
    )
    resume = forms.ChoiceField(
        label=_("When something more important interrupts it"),
        choices=Placement.Resume.choices,
        initial=Placement.Resume.DROP,
        required=False,
    )
    confirmed = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    """Fingerprint of the disturbance that the person was shown before pressing again."""

    _asks = {
        "now": (),
        "slot": ("slot",),
        "once": ("day", "hour"),
        "programme": ("programme", "from_day", "to_day"),
        "new": ("name", "starts_at", "weekdays", "from_day", "to_day"),
    }

    def __init__(
        self,
        *given: Any,
        kinds: Sequence[str],
        when: str,
        slots: Sequence[datetime],
        lacking: Mapping[str, Sequence[str]],
        clusters: Mapping[str, str],
        programmes: QuerySet[Programme],
        zone: str,
        today: date,
        **options: Any,
    ) -> None:
        """``lacking``: language that the bulletin cannot be heard in → clusters that speak it.
        ``clusters``: code → name of those that reach its villages."""
        super().__init__(*given, **options)
        self.kind = when
        self.lacking = list(lacking)
        for language, speaking in lacking.items():
            self.fields[_instead_of(language)] = _instead_field(language, speaking)
        self._zone = ZoneInfo(zone)
        asked, slot, only = self.fields["when"], self.fields["slot"], self.fields["only"]
        programme = self.fields["programme"]
        assert isinstance(asked, forms.ChoiceField)  # noqa: S101 - for the types
        assert isinstance(slot, forms.ChoiceField)  # noqa: S101 - for the types
        assert isinstance(only, forms.MultipleChoiceField)  # noqa: S101 - for the types
        only.choices, only.initial = list(clusters.items()), list(clusters)
        self._clusters = frozenset(clusters)
        assert isinstance(programme, forms.ModelChoiceField)  # noqa: S101 - for the types
        asked.choices = [(kind, label) for kind, label in KINDS if kind in kinds]
        slot.choices = [(s.isoformat(), f"{s.astimezone(self._zone):%H:%M}") for s in slots]
        programme.queryset = programmes
        for name in ("day", "from_day"):
            self.fields[name].initial = today
        self.fields["when"].initial = when
        for name in self._asks[when]:  # only the fields of the chosen kind; a last day may be open
            self.fields[name].required = name != "to_day"

    @property
    def shown(self) -> list[forms.BoundField]:
        """The fields of the chosen kind, then what is to be decided for missing languages."""
        names = [*self._asks[self.kind], *map(_instead_of, self.lacking)]
        return [self[name] for name in names]

    @property
    def further(self) -> list[forms.BoundField]:
        """What is seldom chosen otherwise: the clusters, and what an interruption does."""
        return [*([self["only"]] if len(self._clusters) > 1 else []), self["resume"]]

    def only_codes(self) -> tuple[str, ...]:
        """Codes of the clusters it is limited to; none when all are chosen, or no choice shown."""
        chosen = frozenset(self.cleaned_data["only"])
        return () if chosen in (self._clusters, frozenset()) else tuple(sorted(chosen))

    def what_resumes(self) -> Resume:
        return Resume(self.cleaned_data["resume"] or Placement.Resume.DROP)

    def missing(self) -> dict[str, str]:
        """For each lacking language: what its clusters hear, as the cleaned fields say."""
        return {lang: self.cleaned_data[_instead_of(lang)] for lang in self.lacking}

    def choice(self) -> Choice:
        """What the cleaned fields say."""
        c = self.cleaned_data
        match c["when"]:
            case "now":
                return Now()
            case "slot":
                return Once(c["slot"])
            case "once":
                return Once(datetime.combine(c["day"], c["hour"], self._zone))
            case "programme":
                return InProgramme(c["programme"], c["from_day"], c["to_day"])
        mask = mask_of(c["weekdays"])
        return InNewProgramme(c["name"], c["starts_at"], mask, c["from_day"], c["to_day"])


class ProgrammeForm(forms.Form):
    """A recurring session."""

    name = forms.CharField(label=_("Name of the programme"), max_length=120)
    starts_at = forms.TimeField(label=_("Begins at"), widget=TimeInput())
    weekdays = forms.MultipleChoiceField(
        label=_("On these days"),
        choices=WEEKDAYS,
        initial=EVERY_DAY,
        widget=forms.CheckboxSelectMultiple,
    )
    on_holidays = forms.ChoiceField(
        label=_("On public holidays"),
        choices=Programme.Holidays.choices,
        initial=Programme.Holidays.PLAY,
        widget=forms.RadioSelect,
    )
    valid_from = forms.DateField(label=_("First day"), widget=DateInput())
    valid_to = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=DateInput(),
        help_text=_("Leave empty when it has no end."),
    )


class SkipForm(forms.Form):
    """One time of a programme that shall not be."""

    day = forms.DateField(label=_("Day"), widget=DateInput())
    note = forms.CharField(label=_("Reason"), required=False, max_length=200)


class DayOffForm(forms.Form):
    """A day off of the commune's own."""

    day = forms.DateField(label=_("Day"), widget=DateInput())
    name = forms.CharField(label=_("Name of the day"), max_length=120)
    kind = forms.ChoiceField(
        label=_("What is it"),
        choices=[
            ("off", _("a day off of the commune's own")),
            ("work", _("a working day although it is a public holiday")),
        ],
        initial="off",
        widget=forms.RadioSelect,
    )


class FeedForm(forms.Form):
    """A new calendar address."""

    name = forms.CharField(
        label=_("Who will use it"),
        max_length=120,
        help_text=_("A person or an office, so that you know later which one to close."),
    )


class MoveForm(forms.Form):
    """Where something goes, and whether it also stays where it is."""

    how = forms.ChoiceField(
        label=_("What is wanted"),
        choices=[("move", _("play it then instead")), ("copy", _("play it then too"))],
        initial="move",
        widget=forms.RadioSelect,
    )
    day = forms.DateField(label=_("Day"), widget=DateInput())
    hour = forms.TimeField(label=_("Hour"), widget=TimeInput())
    confirmed = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    """Fingerprint of the disturbance that the person was shown before pressing again."""

    def start(self, zone: str) -> datetime:
        """The instant that the cleaned fields name."""
        c = self.cleaned_data
        return datetime.combine(c["day"], c["hour"], ZoneInfo(zone))


def next_hour(now: datetime, zone: str) -> time:
    """A sensible hour to begin with: the next full one."""
    local = now.astimezone(ZoneInfo(zone)) + timedelta(hours=1)
    return time(local.hour)
