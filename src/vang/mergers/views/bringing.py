"""The list of units from a file: brought, previewed, taken over."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.library.uploads import dropped_uploads
from vang.mergers.access import open_list, scope
from vang.mergers.forms import ListForm
from vang.mergers.importing import NATIONAL, bring_list, confirm_list, preview_of
from vang.mergers.listing import Fate
from vang.mergers.models import BroughtList
from vang.orgs.models import Unit
from vang.people.access import Role, current_unit, signed_in
from vang.people.people import person_of

_MOST_SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def bring(request: HttpRequest) -> HttpResponse:
    """A file, or the list that comes with the software."""
    today = local_date(now())
    unit = scope(person_of(request), current_unit(request), today, [Role.ADMINISTRATOR])
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            kept = _kept(request, form.cleaned_data, unit)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("mergers:brought", kept.pk)
    context = {"form": form, "unit": unit}
    return render(request, "mergers/bring.html", context, status=422 if form.errors else 200)


def _kept(request: HttpRequest, told: dict[str, Any], unit: Unit) -> BroughtList:
    national, file = told["national"], told["table"]
    if "table" in dropped_uploads(request):
        raise Refusal("table-too-large", _("The file is larger than 8 MB."))
    if not national and file is None:
        raise Refusal("table-missing", _("Choose a file, or the national list."))
    return bring_list(
        content=None if national else file.read(),
        name=NATIONAL if national else file.name,
        unit=unit,
        complete=told["complete"],
        effective_on=told["effective_on"],
        legal_basis=told["legal_basis"],
        by=person_of(request),
        now=now(),
    )


@require_safe
@signed_in
def brought(request: HttpRequest, pk: int) -> HttpResponse:
    """What the list would do."""
    kept = open_list(person_of(request), pk, local_date(now()))
    preview = preview_of(kept)
    told = [one for one in preview.outcomes if one.fate is not Fate.SAME]
    context = {
        "kept": kept,
        "preview": preview,
        "counts": preview.counts,
        "rows": told[:_MOST_SHOWN],
        "more": max(0, len(told) - _MOST_SHOWN),
        "wrong": preview.wrong[:_MOST_SHOWN],
        "more_wrong": max(0, len(preview.wrong) - _MOST_SHOWN),
    }
    return render(request, "mergers/brought.html", context)


@require_POST
@signed_in
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it over."""
    kept = open_list(person_of(request), pk, local_date(now()))
    try:
        confirm_list(kept, by=person_of(request), now=now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("mergers:brought", pk)
    messages.success(request, _("The list has been taken over."))
    return redirect("mergers:list")
