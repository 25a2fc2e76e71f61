"""Tokens for other systems, and what these can ask."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vang.base import clock
from vang.base.refusals import Refusal
from vang.connections.access import token_here
from vang.connections.api import api
from vang.connections.forms import TokenForm
from vang.connections.queries import is_open, labels, operations, tokens_of
from vang.connections.services import Issued, issue_token, revoke_token
from vang.orgs.models import Unit
from vang.people.access import Role, current_unit, require, signed_in
from vang.people.people import person_of
from vang.people.views.protection import ask_for_proof


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def token_list(request: HttpRequest) -> HttpResponse:
    """The unit's tokens; a new one is made here and its secret shown once."""
    unit = _administered(request)
    ask_for_proof(request)
    form = TokenForm(request.POST or None)
    issued = _issue(request, unit, form) if request.method == "POST" else None
    now = clock.now()
    return render(
        request,
        "connections/list.html",
        {
            "unit": unit,
            "form": TokenForm() if issued else form,
            "issued": issued,
            "rows": [(token, is_open(token, now), labels(token)) for token in tokens_of(unit)],
            "address": request.build_absolute_uri("/api/v1/"),
        },
    )


def _issue(request: HttpRequest, unit: Unit, form: TokenForm) -> Issued | None:
    if not form.is_valid():
        return None
    told: dict[str, Any] = form.cleaned_data
    try:
        return issue_token(unit=unit, **told, by=person_of(request), now=clock.now())
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return None


@require_POST
@signed_in
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Shut one other system out."""
    token = token_here(pk, _administered(request))
    revoke_token(token=token, by=person_of(request), now=clock.now())
    messages.success(request, _("The token no longer lets anybody in."))
    return redirect("connections:list")


@require_safe
@signed_in
def about(request: HttpRequest) -> HttpResponse:
    """What other systems can ask, for those who make them."""
    _administered(request)
    document = api.get_openapi_schema()
    shown = {
        "operations": operations(document),
        "address": request.build_absolute_uri("/api/v1/"),
    }
    return render(request, "connections/about.html", shown)


def no_such_address(_request: HttpRequest, **_path: str) -> JsonResponse:
    """Programs are answered in their language, also where nothing is."""
    return JsonResponse({"error": "not-found", "detail": "No such address."}, status=404)


def _administered(request: HttpRequest) -> Unit:
    unit = current_unit(request)
    require(person_of(request), Role.ADMINISTRATOR, unit, clock.local_date(clock.now()))
    return unit
