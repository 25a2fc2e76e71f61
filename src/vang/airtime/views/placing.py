"""Putting an approved bulletin on the air."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vang.airtime import choosing, queries
from vang.airtime.access import PLACERS, RULERS, placeable_bulletin
from vang.airtime.considering import Candidate, Preview
from vang.airtime.forms import KINDS, PlaceForm
from vang.airtime.hearing import Hearing
from vang.airtime.moments import local_day
from vang.airtime.proposals import outcome_of
from vang.airtime.recurrence import Rule
from vang.airtime.services import broadcast_bulletin
from vang.airtime.services.broadcasting import Choice, InNewProgramme, InProgramme, Now, Once
from vang.airtime.services.placing import check_valid, last_valid, rule_of
from vang.airtime.wishes import Kind
from vang.airtime.words import local_words
from vang.base.clock import local_date, now
from vang.base.languages import VIETNAMESE, language_name
from vang.base.refusals import Refusal
from vang.bulletins.models import Bulletin
from vang.bulletins.queries import sounds_of
from vang.people.access import may, require, signed_in
from vang.people.people import person_of
from vang.voice.models import Rendition

READY = Rendition.State.READY


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def place(request: HttpRequest, bulletin_pk: int) -> HttpResponse:
    """Choose when. What disturbs others is shown first and done when confirmed."""
    person, moment = person_of(request), now()
    bulletin = placeable_bulletin(bulletin_pk, person, local_date(moment))
    require(person, PLACERS, bulletin.unit, local_date(moment))
    candidate = _candidate(bulletin, moment)
    if candidate is None:
        messages.error(request, _("Only an approved bulletin with its sound goes on the air."))
        return redirect("bulletins:detail", bulletin.pk)
    form = _form(request, candidate)
    preview = None
    if request.method == "POST" and form.is_valid():
        candidate = candidate.deciding(form.missing(), form.only_codes(), form.what_resumes())
        try:
            preview = _preview(candidate, form.choice())
            if _settled(request, preview, form.cleaned_data["confirmed"]):
                return _do(request, candidate, form.choice())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    return render(request, "airtime/place.html", _context(request, candidate, form, preview))


def _settled(request: HttpRequest, preview: Preview, confirmed: str) -> bool:
    """Nothing is left to ask: nobody is disturbed, or exactly this was confirmed. What finds no
    place at all goes on too, to be refused in words."""
    asked = "preview" in request.POST
    return not asked and (not preview.outcome.heard or preview.fingerprint == confirmed)


def _candidate(bulletin: Bulletin, moment: datetime) -> Candidate | None:
    version = bulletin.current
    sounds = dict(sounds_of(version)) if version else {}
    ready = {language: one for language, one in sounds.items() if one and one.state == READY}
    placeable = bulletin.state in {Bulletin.State.APPROVED, Bulletin.State.RELEASED}
    if version is None or not placeable or ready.keys() != sounds.keys():
        return None
    policy = queries.joined_policy(bulletin.unit)
    today = local_day(moment, policy.zone)
    air = queries.airtime_of(bulletin.unit, today, today + queries.SHOWN_AHEAD, policy)
    lengths = {language: one.duration_ms for language, one in ready.items()}
    hearing = Hearing(air, tuple(version.audience), lengths)
    return Candidate(bulletin, version, ready[VIETNAMESE], hearing, moment)


def _form(request: HttpRequest, candidate: Candidate) -> PlaceForm:
    zone, unit = candidate.air.policy.zone, candidate.bulletin.unit
    today = local_day(candidate.moment, zone)
    kind = request.POST.get("when") or request.GET.get("when", "")
    kinds, names = _kinds(request, candidate), candidate.air.names
    lacking = candidate.hearing.lacking.items()
    return PlaceForm(
        request.POST or None,
        kinds=kinds,
        when=kind if kind in kinds else "now",
        slots=candidate.free_times() if kind == "slot" else [],
        lacking={language: [names[code] for code in codes] for language, codes in lacking},
        clusters={code: names[code] for code in candidate.air.reached(candidate.version.audience)},
        programmes=choosing.programmes_to_choose(unit, candidate.moment),
        zone=zone,
        today=today,
        initial={name: request.GET[name] for name in ("day", "hour") if name in request.GET},
    )


def _kinds(request: HttpRequest, candidate: Candidate) -> list[str]:
    """A new programme is offered to those who may open one."""
    on, unit = local_date(candidate.moment), candidate.bulletin.unit
    rules = may(person_of(request), RULERS, unit, on)
    return [kind for kind, _label in KINDS if rules or kind != "new"]


def _do(request: HttpRequest, candidate: Candidate, choice: Choice) -> HttpResponse:
    placement = broadcast_bulletin(
        bulletin=candidate.bulletin,
        choice=choice,
        by=person_of(request),
        now=candidate.moment,
        missing=candidate.hearing.missing,
        only=candidate.hearing.only,
        resume=candidate.resume.value,
    )
    if placement.start is not None:
        when = local_words(placement.start, candidate.air.policy.zone)
        messages.success(request, _("On the air at %(time)s.") % {"time": when})
    else:
        messages.success(request, _("Placed in the programme."))
    return redirect("airtime:day")


def _preview(candidate: Candidate, choice: Choice) -> Preview:
    """What it would bring. Raises Refusal for "now" when there is no time now."""
    zone, until = candidate.air.policy.zone, candidate.version.valid_until
    match choice:
        case Now():
            wishes = candidate.wishes(Kind.NOW, candidate.earliest())
            first = local_day(candidate.moment, zone)
        case Once():
            wishes = candidate.wishes(Kind.ONCE, choice.start)
            first = local_day(choice.start, zone)
            check_valid(until, first)
        case InProgramme():
            check_valid(until, choice.from_day)
            to_day = last_valid(until, choice.to_day)
            rule = rule_of(choice.programme, choice.from_day, to_day)
            wishes, first = candidate.wishes(Kind.PROGRAMME, rule), choice.from_day
        case InNewProgramme():
            check_valid(until, choice.from_day)
            to_day = last_valid(until, choice.to_day)
            rule = Rule(choice.starts_at, zone, choice.weekdays, choice.from_day, to_day)
            wishes, first = candidate.wishes(Kind.PROGRAMME, rule), choice.from_day
    return Preview(outcome_of(candidate.air, wishes, first), candidate.moment)


def _context(
    request: HttpRequest, candidate: Candidate, form: PlaceForm, preview: Preview | None
) -> dict[str, Any]:
    unit, audience, air = candidate.bulletin.unit, candidate.version.audience, candidate.air
    names, on = air.names, local_date(candidate.moment)
    return {
        "form": form,
        "action": request.path,
        "tabs": _tabs(_kinds(request, candidate), form.kind),
        "bulletin": candidate.bulletin,
        "version": candidate.version,
        "sound": candidate.sound,
        "clusters": [names[code] for code in air.reached(audience)],
        "heard_in": _heard_in(candidate, names),
        "villages": queries.addressed_names(unit, audience, names),
        "unreached": queries.unreached(unit, audience, air.clusters, on),
        "soonest": _soonest(candidate) if form.kind == "now" else "",
        "preview": preview,
        "must_confirm": preview is not None and "preview" not in request.POST,
    }


def _heard_in(candidate: Candidate, names: Mapping[str, str]) -> list[tuple[str, int, list[str]]]:
    """Language, length in ms and clusters of each sound, once there is more than one language."""
    hearing = candidate.hearing
    if set(hearing.reached) <= {VIETNAMESE} and len(hearing.lengths) == 1:
        return []
    return [
        (language_name(language), hearing.lengths[language], [names[code] for code in codes])
        for language, codes in hearing.played.items()
    ]


def _tabs(kinds: list[str], chosen: str) -> list[dict[str, object]]:
    labels = dict(KINDS)
    return [
        {"label": labels[kind], "url": f"?when={kind}", "active": kind == chosen, "count": None}
        for kind in kinds
    ]


def _soonest(candidate: Candidate) -> str:
    """When "now" would be, or why not and when next."""
    try:
        start = candidate.earliest()
    except Refusal as refusal:
        return str(refusal)
    words = _("It would begin at %(time)s.")
    return words % {"time": local_words(start, candidate.air.policy.zone)}
