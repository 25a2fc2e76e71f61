"""What a programme consists of: tune, bulletins, relay, closing, and music in the gaps."""

from dataclasses import replace
from datetime import datetime
from math import inf
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vang.airtime import choosing, queries
from vang.airtime.access import RULERS, readable_part, readable_programme
from vang.airtime.considering import Preview
from vang.airtime.models import Programme, ProgrammePart, StationSound
from vang.airtime.moments import local_day
from vang.airtime.programme_parts import FRAMES, airable
from vang.airtime.proposals import Change, outcome_of
from vang.airtime.rules import rule_of_programme
from vang.airtime.rundown_forms import FillForm, SoundPartForm, WindowForm
from vang.airtime.services import add_sound_part, add_window, remove_part, set_fill, shift_part
from vang.airtime.services.rundown import parts_in_force
from vang.airtime.wishes import Kind, Wish
from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.people.access import may, require, signed_in
from vang.people.people import person_of
from vang.relays.access import stations_for
from vang_protocol.plans import Priority

_BREATHS_MS = 10_000
_FRAMING = (*FRAMES, StationSound.Kind.RELAY)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def rundown(request: HttpRequest, pk: int) -> HttpResponse:
    """The parts in order. What a new part disturbs is shown first and done when confirmed."""
    moment, person = now(), person_of(request)
    programme = readable_programme(pk, person, local_date(moment))
    forms = _forms(request, programme)
    preview = None
    if request.method == "POST":
        require(person, RULERS, programme.unit, local_date(moment))
        chosen = forms.get(request.POST.get("what", ""))
        if chosen is not None and chosen.is_valid():
            preview = _preview(programme, chosen, moment)
            try:
                if preview is None or _settled(
                    programme, preview, chosen.cleaned_data["confirmed"]
                ):
                    _do(request, programme, chosen, moment)
                    return redirect("airtime:rundown", programme.pk)
            except Refusal as refusal:
                chosen.add_error(None, str(refusal))
    return render(
        request, "airtime/rundown.html", _context(request, programme, forms, preview, moment)
    )


def _settled(programme: Programme, preview: Preview, confirmed: str) -> bool:
    """Nothing falls out and no other programme is moved, or exactly this was confirmed. That the
    bulletins of the programme itself begin later by the new part is what was asked for."""
    own = tuple(f"p{pk}-" for pk in programme.placements.values_list("pk", flat=True))
    own += tuple(f"r{pk}-" for pk in programme.parts.values_list("pk", flat=True))
    heard, changes = preview.outcome.heard, preview.outcome.changes
    most = max((one.duration_ms for one in heard), default=0) + _BREATHS_MS
    disturbed = any(_later_ms(one) > most or not one.id.startswith(own) for one in changes)
    quiet = not disturbed and not preview.outcome.refused
    return quiet or preview.fingerprint == confirmed


def _later_ms(change: Change) -> float:
    """By how much it begins later or earlier; endless when it falls out."""
    if change.before is None or change.after is None:
        return inf
    return abs((change.after - change.before).total_seconds()) * 1000


Forms = dict[str, SoundPartForm | WindowForm | FillForm]


def _forms(request: HttpRequest, programme: Programme) -> Forms:
    sounds = airable(StationSound.objects.filter(unit=programme.unit, kind__in=_FRAMING))
    what = request.POST.get("what", "")

    def data(name: str) -> Any:
        return request.POST if what == name else None

    return {
        "sound": SoundPartForm(data("sound"), prefix=None, sounds=sounds, auto_id="sound_%s"),
        "window": WindowForm(
            data("window"), auto_id="window_%s", stations=stations_for(programme.unit)
        ),
        "fill": FillForm(
            data("fill"), auto_id="fill_%s", initial={"minutes": programme.fill_s // 60}
        ),
    }


def _preview(
    programme: Programme, form: SoundPartForm | WindowForm | FillForm, moment: datetime
) -> Preview | None:
    """What the new part would bring; music moves nothing."""
    if isinstance(form, FillForm):
        return None
    wish = _wish(programme, form, moment)
    today = local_day(moment, programme.zone)
    air = queries.airtime_of(programme.unit, today, today + queries.SHOWN_AHEAD)
    return Preview(outcome_of(air, [wish], today), moment)


def _wish(programme: Programme, form: SoundPartForm | WindowForm, moment: datetime) -> Wish:
    today = local_day(moment, programme.zone)
    rule = rule_of_programme(programme, today, today + queries.SHOWN_AHEAD)
    whole = Wish(
        placement=-(1 << 39),
        edition="",
        title="",
        priority=Priority.NORMAL,
        duration_ms=0,
        audience=(),
        kind=Kind.PROGRAMME,
        when=replace(rule, first=max(rule.first, today)),
        placed_at=moment,
        programme=programme.pk,
        part=-1 if form.before else 100,
    )
    if isinstance(form, WindowForm):
        length, relay = form.cleaned_data["minutes"] * 60_000, form.cleaned_data["relay"]
        kept = replace(whole, title=form.title, duration_ms=length, reserved=True)
        return replace(kept, relay=relay.pk) if relay else kept
    sound = form.cleaned_data["sound"]
    length = sound.rendition.duration_ms
    frame = sound.kind in FRAMES
    return replace(whole, title=sound.title, duration_ms=length, sound=sound.pk, frame=frame)


def _do(
    request: HttpRequest,
    programme: Programme,
    form: SoundPartForm | WindowForm | FillForm,
    moment: datetime,
) -> None:
    by, c = person_of(request), form.cleaned_data
    if isinstance(form, FillForm):
        set_fill(programme=programme, fill_s=c["minutes"] * 60, by=by, now=moment)
        messages.success(request, _("The filling with music is changed."))
        return
    if isinstance(form, WindowForm):
        add_window(
            programme=programme,
            source=c["source"],
            relay=c["relay"],
            lasts_s=c["minutes"] * 60,
            before=form.before,
            by=by,
            now=moment,
        )
    else:
        add_sound_part(programme=programme, sound=c["sound"], before=form.before, by=by, now=moment)
    messages.success(request, _("It is part of the sessions that have not begun."))


def _context(
    request: HttpRequest,
    programme: Programme,
    forms: Forms,
    preview: Preview | None,
    moment: datetime,
) -> dict[str, Any]:
    parts = parts_in_force(programme, moment)
    playing = choosing.playing_in(programme, moment)
    before = [one for one in parts if one.place < 0]
    after = [one for one in parts if one.place > 0]
    return {
        "programme": programme,
        "unit": programme.unit,
        "before": before,
        "playing": playing,
        "after": after,
        "total_ms": _total(parts) + sum(one.edition.duration_ms for one in playing),
        "longest_s": queries.policy_of(programme.unit).longest_session_s,
        "forms": forms,
        "preview": preview,
        "asked": request.POST.get("what", ""),
        "may_rule": programme.ended_at is None
        and may(person_of(request), RULERS, programme.unit, local_date(moment)),
        "music": airable(
            StationSound.objects.filter(unit=programme.unit, kind=StationSound.Kind.MUSIC)
        ).count(),
    }


def _total(parts: list[ProgrammePart]) -> int:
    return sum(
        one.sound.rendition.duration_ms if one.sound else one.lasts_s * 1000 for one in parts
    )


@require_POST
@signed_in
def shift(request: HttpRequest, pk: int) -> HttpResponse:
    """One place earlier or later."""
    person, moment = person_of(request), now()
    part = readable_part(pk, person, local_date(moment))
    earlier = request.POST.get("to") == "earlier"
    try:
        shift_part(part=part, earlier=earlier, by=person, now=moment)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("airtime:rundown", part.programme_id)


@require_POST
@signed_in
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a part out of the sessions to come."""
    person, moment = person_of(request), now()
    part = readable_part(pk, person, local_date(moment))
    try:
        remove_part(part=part, by=person, now=moment)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Taken out of the sessions that have not begun."))
    return redirect("airtime:rundown", part.programme_id)
