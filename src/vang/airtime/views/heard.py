"""What sounds at one place at one time, and why."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from vang.airtime import queries
from vang.airtime.days import Item
from vang.airtime.models import Placement, StationSound, StoppedOccurrence
from vang.airtime.quiet import ClusterRule
from vang.airtime.sounding import Answer, instant, sounding
from vang.airtime.timeline import Schedule, UnitAirtime
from vang.airtime.words import REASONS, SILENCES
from vang.base.clock import local_date, now
from vang.base.widgets import DateInput, TimeInput
from vang.orgs.models import Unit
from vang.orgs.queries import villages
from vang.people.access import current_unit, signed_in


class HeardForm(forms.Form):
    """Where and when."""

    place = forms.ChoiceField(label=gettext_lazy("Place"))
    day = forms.DateField(label=gettext_lazy("Day"), widget=DateInput())
    hour = forms.TimeField(label=gettext_lazy("Hour"), widget=TimeInput())

    def __init__(
        self, *given: Any, hamlets: list[Unit], names: dict[str, str], **options: Any
    ) -> None:
        super().__init__(*given, **options)
        place = self.fields["place"]
        assert isinstance(place, forms.ChoiceField)  # noqa: S101 - for the types
        there = [(f"v:{one.code}", one.full_name) for one in hamlets]
        clusters = [(f"c:{code}", name) for code, name in names.items()]
        place.choices = [(_("Villages"), there), (_("Clusters"), clusters)]
        self.names = dict([*there, *clusters])


@dataclass(frozen=True)
class Told:
    """One cluster's answer with who answers for it."""

    name: str
    answer: Answer
    silence: Promise | str
    rule: ClusterRule
    programme: str
    placement: Placement | None
    sound: StationSound | None
    stop: StoppedOccurrence | None
    lost: list[tuple[str, Promise]]

    @property
    def subject(self) -> Item | None:
        """What is heard, or what the silence is about."""
        return self.answer.item or self.answer.other


@never_cache
@require_safe
@signed_in
def heard(request: HttpRequest) -> HttpResponse:
    """Choose a village or cluster and a time; each cluster heard there answers."""
    unit, moment = current_unit(request), now()
    if unit.level != Unit.Level.COMMUNE:
        return redirect("airtime:communes")
    today = local_date(moment)
    policy = queries.policy_of(unit)
    hamlets = list(villages(unit, today))
    names = queries.cluster_names(unit)
    local = moment.astimezone(ZoneInfo(policy.zone))
    asked = bool(request.GET.keys() & {"place", "day", "hour"})
    form = HeardForm(
        request.GET if asked else None,
        hamlets=hamlets,
        names=names,
        initial={"day": today, "hour": local.time().replace(second=0, microsecond=0)},
    )
    context: dict[str, Any] = {"unit": unit, "form": form, "told": None, "policy": policy}
    if asked and form.is_valid():
        c = form.cleaned_data
        at = instant(c["day"], c["hour"], policy.zone)
        air = queries.airtime_of(unit, c["day"], c["day"])
        context |= {
            "at": at,
            "past": at < moment,
            "place": form.names[c["place"]],
            "told": _told(unit, air, _codes(air, c["place"]), at),
        }
    return render(request, "airtime/heard.html", context)


def _codes(air: UnitAirtime, place: str) -> list[str]:
    """The clusters that are heard at the place, by name."""
    kind, _colon, code = place.partition(":")
    return [
        cluster
        for cluster in air.names
        if (cluster == code if kind == "c" else code in air.clusters[cluster])
    ]


def _told(unit: Unit, air: UnitAirtime, codes: list[str], at: datetime) -> list[Told]:
    schedule = Schedule(air, look_ahead_days=0)
    answers = [sounding(schedule, code, at) for code in codes]
    subjects = [one for answer in answers if (one := answer.item or answer.other)]
    placements = _placements(subjects)
    sounds = _sounds(subjects)
    stops = _stops(unit, subjects)
    return [_one(air, answer, placements, sounds, stops) for answer in answers]


def _one(
    air: UnitAirtime,
    answer: Answer,
    placements: dict[int, Placement],
    sounds: dict[int, StationSound],
    stops: dict[str, StoppedOccurrence],
) -> Told:
    subject = answer.item or answer.other
    return Told(
        name=air.names.get(answer.cluster, answer.cluster),
        answer=answer,
        silence=SILENCES[answer.silence] if answer.silence else "",
        rule=air.rules.get(answer.cluster, ClusterRule()),
        programme=air.programmes.get(subject.programme, "") if subject else "",
        placement=placements.get(subject.placement) if subject else None,
        sound=sounds.get(subject.sound) if subject else None,
        stop=stops.get(subject.id) if subject else None,
        lost=[(one.title, REASONS[one.reason]) for one in answer.without_room],
    )


def _placements(subjects: list[Item]) -> dict[int, Placement]:
    keys = {one.placement for one in subjects if one.placement > 0}
    if not keys:
        return {}
    rows = Placement.objects.filter(pk__in=keys).select_related(
        "edition__approved_by", "edition__bulletin", "placed_by"
    )
    return {row.pk: row for row in rows.defer("edition__text").order_by("pk")}


def _sounds(subjects: list[Item]) -> dict[int, StationSound]:
    keys = {one.sound for one in subjects if one.sound}
    if not keys:
        return {}
    rows = StationSound.objects.filter(pk__in=keys).select_related("approved_by", "chosen_by")
    return {row.pk: row for row in rows.order_by("pk")}


def _stops(unit: Unit, subjects: list[Item]) -> dict[str, StoppedOccurrence]:
    keys = {one.id for one in subjects}
    if not keys:
        return {}
    rows = StoppedOccurrence.objects.filter(unit=unit, item__in=keys).select_related("stopped_by")
    return {row.item: row for row in rows.order_by("pk")}
