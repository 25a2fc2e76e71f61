"""What is claimed: noted, and put in other words."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.claims import services
from vang.claims.access import NEWSROOM
from vang.claims.forms import (
    ClaimForm,
    known,
)
from vang.claims.limits import limits_of
from vang.claims.services import NAMES_FOUND
from vang.claims.views.showing import acting
from vang.people.access import current_unit, require, signed_in
from vang.people.people import person_of


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: HttpRequest) -> HttpResponse:
    """Note a claim."""
    unit, person, moment = current_unit(request), person_of(request), now()
    require(person, NEWSROOM, unit, local_date(moment))
    form, names = ClaimForm(request.POST or None, initial={"seen_at": moment}), False
    if request.method == "POST" and form.is_valid():
        try:
            claim = services.note_claim(
                unit=unit,
                words=form.words(),
                by=person,
                now=moment,
                names_checked=form.cleaned_data["names_checked"],
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            names = refusal.code == NAMES_FOUND
        else:
            messages.success(request, _("Noted. Now check it: add steps, evidence and sources."))
            return redirect("claims:claim", claim.pk)
    shown = {"form": form, "unit": unit, "claim": None, "names_found": names}
    context = {**shown, "limits": limits_of(unit)}
    return render(request, "claims/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Other words for what was claimed."""
    sight, person = acting(request, pk), person_of(request)
    form, names = ClaimForm(request.POST or None, initial=known(sight.claim)), False
    if request.method == "POST" and form.is_valid():
        try:
            services.change_claim(
                claim=sight.claim,
                words=form.words(),
                by=person,
                now=now(),
                names_checked=form.cleaned_data["names_checked"],
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            names = refusal.code == NAMES_FOUND
        else:
            messages.success(request, _("Saved."))
            return redirect("claims:claim", pk)
    shown = {"form": form, "unit": sight.claim.unit, "claim": sight.claim}
    context = {**shown, "names_found": names}
    return render(request, "claims/form.html", context)
