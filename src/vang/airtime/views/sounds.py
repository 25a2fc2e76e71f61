"""The station's own sounds."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vang.airtime.access import DECIDERS, PLACERS, readable_sound
from vang.airtime.models import StationSound
from vang.airtime.rundown_forms import SoundForm
from vang.airtime.services import approve_sound, choose_sound, retire_sound
from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.library.models import Item
from vang.orgs.models import Unit
from vang.people.access import current_unit, may, require, signed_in
from vang.people.people import person_of


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def station_sounds(request: HttpRequest) -> HttpResponse:
    """Those in use, and choosing another from the library."""
    unit, moment, person = current_unit(request), now(), person_of(request)
    on = local_date(moment)
    form = SoundForm(request.POST or None, items=_recordings(unit), initial=_asked(request))
    if request.method == "POST":
        require(person, PLACERS, unit, on)
        if form.is_valid():
            try:
                choose_sound(unit=unit, **form.cleaned_data, by=person, now=moment)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Chosen. A colleague listens to it and approves it."))
                return redirect("airtime:sounds")
    rows = StationSound.objects.filter(unit=unit, retired_at=None)
    context = {
        "unit": unit,
        "form": form,
        "sounds": rows.select_related("rendition", "chosen_by", "approved_by"),
        "person": person,
        "may_place": may(person, PLACERS, unit, on),
        "may_decide": may(person, DECIDERS, unit, on),
    }
    return render(request, "airtime/sounds.html", context)


def _asked(request: HttpRequest) -> dict[str, str]:
    """What a link filled in: a recording that is to become a sound."""
    names = ("item", "kind", "title", "relayed_from")
    return {name: request.GET[name][:200] for name in names if name in request.GET}


def _recordings(unit: Unit) -> QuerySet[Item]:
    rows = Item.objects.filter(unit=unit, kind=Item.Kind.AUDIO, archived_at=None)
    return rows.exclude(licence=Item.Licence.UNKNOWN).order_by("-added_at", "-pk")


@require_POST
@signed_in
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """The sound that was heard may go on the air."""
    person, moment = person_of(request), now()
    sound = readable_sound(pk, person, local_date(moment))
    try:
        approve_sound(
            sound=sound, sha256=request.POST.get("sha256", "")[:64], by=person, now=moment
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Approved: %(title)s.") % {"title": sound.title})
    return redirect("airtime:sounds")


@require_POST
@signed_in
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a sound out of use."""
    person, moment = person_of(request), now()
    sound = readable_sound(pk, person, local_date(moment))
    try:
        retire_sound(sound=sound, by=person, now=moment)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("No longer in use: %(title)s.") % {"title": sound.title})
    return redirect("airtime:sounds")
