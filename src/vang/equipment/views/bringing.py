"""An inventory from a file: brought, previewed, taken over."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.equipment.access import kept
from vang.equipment.forms.bringing import InventoryForm
from vang.equipment.models import Brought
from vang.equipment.services.bringing import Fate, bring_inventory, preview_of, take_over
from vang.library.uploads import dropped_uploads
from vang.orgs.models import Unit
from vang.people.access import current_unit, require, signed_in
from vang.people.models import Person
from vang.people.people import person_of
from vang.stations.access import KEEPERS

_MOST_SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def bring(request: HttpRequest) -> HttpResponse:
    """A file with an inventory."""
    moment, unit, person = now(), current_unit(request), person_of(request)
    require(person, KEEPERS, unit, local_date(moment))
    form = InventoryForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            name, content = _sent(request)
            made = bring_inventory(unit=unit, content=content, name=name, by=person, now=moment)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("equipment:brought", made.pk)
    context = {"form": form, "unit": unit, "commune": unit.level == Unit.Level.COMMUNE}
    return render(request, "equipment/bring.html", context, status=422 if form.errors else 200)


def _sent(request: HttpRequest) -> tuple[str, bytes]:
    if "table" in dropped_uploads(request):
        raise Refusal("table-too-large", _("The file is larger than 8 MB."))
    file = request.FILES.get("table")
    if file is None:
        raise Refusal("no-file", _("Choose the file first."))
    return file.name or "", file.read()


def _waiting(pk: int, person: Person) -> Brought:
    found = kept(Brought, pk, person, local_date(now()))
    if found.done_at is not None:
        raise Http404
    return found


@require_safe
@signed_in
def brought(request: HttpRequest, pk: int) -> HttpResponse:
    """What it would do."""
    found = _waiting(pk, person_of(request))
    preview = preview_of(found)
    told = [one for one in preview.outcomes if one.fate is not Fate.SAME]
    context = {
        "kept": found,
        "preview": preview,
        "counts": preview.counts,
        "rows": told[:_MOST_SHOWN],
        "more": max(0, len(told) - _MOST_SHOWN),
        "wrong": preview.wrong[:_MOST_SHOWN],
        "more_wrong": max(0, len(preview.wrong) - _MOST_SHOWN),
    }
    return render(request, "equipment/brought.html", context)


@require_POST
@signed_in
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it over."""
    person = person_of(request)
    found = _waiting(pk, person)
    try:
        preview = take_over(found, by=person, now=now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("equipment:brought", pk)
    counts = preview.counts
    words = _("Taken over: %(new)s new, %(changed)s changed.")
    messages.success(request, words % {"new": counts["new"], "changed": counts["changed"]})
    return redirect("equipment:devices")
