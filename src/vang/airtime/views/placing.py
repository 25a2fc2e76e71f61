"""Putting an approved bulletin on the air."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vang.airtime import queries
from vang.airtime.access import PLACERS, placeable_bulletin
from vang.airtime.forms import PlaceForm
from vang.airtime.moments import local_day
from vang.airtime.offers import free_times
from vang.airtime.proposals import Outcome, outcome_of
from vang.airtime.services import broadcast_bulletin
from vang.airtime.services.broadcasting import Choice, InNewProgramme, InProgramme, Now, Once
from vang.airtime.services.placing import rule_of
from vang.airtime.timeline import Schedule, UnitAirtime
from vang.airtime.wishes import Kind, Rule, Wish
from vang.airtime.words import REASONS, local_words
from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.bulletins.models import Bulletin, Version
from vang.people.access import require, signed_in
from vang.people.people import person_of
from vang.voice.models import Rendition
from vang_protocol.plans import Priority


@dataclass(frozen=True)
class Candidate:
    """What would go on the air: the newest version with its sound, and the commune's air."""

    bulletin: Bulletin
    version: Version
    sound: Rendition
    air: UnitAirtime
    moment: datetime

    def wish(self, kind: Kind, when: datetime | Rule) -> Wish:
        return Wish(
            placement=0,
            edition="",
            title=self.version.title,
            priority=Priority(self.version.priority),
            duration_ms=self.sound.duration_ms,
            audience=tuple(self.version.audience),
            kind=kind,
            when=when,
            placed_at=self.moment,
        )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def place(request: HttpRequest, bulletin_pk: int) -> HttpResponse:
    """Choose when; "preview" shows what it would do to the day, "place" does it."""
    person, moment = person_of(request), now()
    bulletin = placeable_bulletin(bulletin_pk, person, local_date(moment))
    require(person, PLACERS, bulletin.unit, local_date(moment))
    candidate = _candidate(bulletin, moment)
    if candidate is None:
        messages.error(request, _("Only an approved bulletin with its sound goes on the air."))
        return redirect("bulletins:detail", bulletin.pk)
    form = _form(request, candidate)
    outcome = None
    if request.method == "POST" and form.is_valid():
        try:
            if "preview" not in request.POST:
                return _do(request, candidate, form.choice())
            outcome = _preview(candidate, form.choice())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    return render(request, "airtime/place.html", _context(candidate, form, outcome))


def _candidate(bulletin: Bulletin, moment: datetime) -> Candidate | None:
    version = bulletin.current
    sound = version.rendition if version else None
    ready = bulletin.state in {Bulletin.State.APPROVED, Bulletin.State.RELEASED}
    if version is None or sound is None or not ready or sound.state != Rendition.State.READY:
        return None
    today = local_day(moment, queries.policy_of(bulletin.unit).zone)
    air = queries.airtime_of(bulletin.unit, today, today + queries.SHOWN_AHEAD)
    return Candidate(bulletin, version, sound, air, moment)


def _form(request: HttpRequest, candidate: Candidate) -> PlaceForm:
    zone = candidate.air.policy.zone
    slots = free_times(candidate.air, candidate.wish(Kind.ONCE, candidate.moment), candidate.moment)
    return PlaceForm(
        request.POST or None,
        slots=slots,
        programmes=queries.open_programmes(candidate.bulletin.unit, candidate.moment),
        zone=zone,
        today=local_day(candidate.moment, zone),
    )


def _do(request: HttpRequest, candidate: Candidate, choice: Choice) -> HttpResponse:
    placement = broadcast_bulletin(
        bulletin=candidate.bulletin, choice=choice, by=person_of(request), now=candidate.moment
    )
    if placement.start is not None:
        when = local_words(placement.start, candidate.air.policy.zone)
        messages.success(request, _("On the air at %(time)s.") % {"time": when})
    else:
        messages.success(request, _("Placed in the programme."))
    return redirect("airtime:day")


def _preview(candidate: Candidate, choice: Choice) -> Outcome:
    """What it would bring. Raises Refusal for "now" when there is no time now."""
    zone = candidate.air.policy.zone
    match choice:
        case Now():
            wish = candidate.wish(Kind.NOW, _earliest(candidate))
            first = local_day(candidate.moment, zone)
        case Once():
            wish, first = candidate.wish(Kind.ONCE, choice.start), local_day(choice.start, zone)
        case InProgramme():
            rule = rule_of(choice.programme, choice.from_day, choice.to_day)
            wish, first = candidate.wish(Kind.PROGRAMME, rule), choice.from_day
        case InNewProgramme():
            rule = Rule(choice.starts_at, zone, choice.weekdays, choice.from_day, choice.to_day)
            wish, first = candidate.wish(Kind.PROGRAMME, rule), choice.from_day
    return outcome_of(candidate.air, wish, first)


def _earliest(candidate: Candidate) -> datetime:
    found = Schedule(candidate.air).earliest(
        candidate.moment,
        duration_ms=candidate.sound.duration_ms,
        audience=candidate.version.audience,
        priority=Priority(candidate.version.priority),
    )
    if isinstance(found, datetime):
        return found
    raise Refusal(found.value, REASONS[found])


def _context(candidate: Candidate, form: PlaceForm, outcome: Outcome | None) -> dict[str, Any]:
    names = queries.cluster_names(candidate.bulletin.unit)
    audience = candidate.version.audience
    return {
        "form": form,
        "bulletin": candidate.bulletin,
        "version": candidate.version,
        "sound": candidate.sound,
        "clusters": [names[code] for code in queries.heard_on(candidate.bulletin.unit, audience)],
        "villages": queries.village_names(candidate.bulletin.unit, audience),
        "outcome": outcome,
        "refused": [(one, REASONS[one.reason]) for one in outcome.refused] if outcome else [],
    }
