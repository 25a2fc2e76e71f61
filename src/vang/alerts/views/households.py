"""How many people a household has: shown, and set by an administrator."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vang.alerts.access import SEE
from vang.alerts.forms import HouseholdForm
from vang.alerts.households import SETTERS, set_size, size_in
from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.people.access import current_unit, may, require, signed_in
from vang.people.people import person_of


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def households(request: HttpRequest) -> HttpResponse:
    """The figure that counts, where it comes from, and another."""
    unit, person, moment = current_unit(request), person_of(request), now()
    wanted = SETTERS if request.method == "POST" else SEE
    require(person, wanted, unit, local_date(moment))
    size = size_in(unit)
    own = size.own if size.own is not None and size.own.unit_id == unit.pk else None
    initial = {"people": own.people, "source": own.source} if own else None
    form = HouseholdForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            set_size(unit=unit, **form.cleaned_data, by=person, now=moment)
        except Refusal as refusal:
            form.add_error("source", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("alerts:households")
    context = {
        "unit": unit,
        "size": size,
        "form": form,
        "setter": may(person, SETTERS, unit, local_date(moment)),
    }
    return render(request, "alerts/households.html", context, status=422 if form.errors else 200)
