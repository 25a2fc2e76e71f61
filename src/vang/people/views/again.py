"""Proving again who one is, before something that matters."""

from typing import Any

from allauth.account.internal.flows.reauthentication import (
    reauthenticate_by_password,
    resume_request,
)
from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth as webauthn
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from vang.people.access import signed_in
from vang.people.adapters import safe_place
from vang.people.forms.doors import CodeAgainForm, PasskeyAgainForm, PasswordAgainForm
from vang.people.people import person_of


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
def prove_again(request: HttpRequest) -> HttpResponse:
    """The password, a code or a passkey; then on to what the person wanted."""
    person = person_of(request)
    if (
        slow := ratelimit.consume_or_429(request, action="reauthenticate", user=person)
    ) is not None:
        refusal: HttpResponse = slow
        return refusal
    data = request.POST if request.method == "POST" else None
    forms: dict[str, Any] = {
        "password": PasswordAgainForm(data=_for(data, "password"), user=person),
        "code": CodeAgainForm(data=_for(data, "code"), user=person),
        "credential": PasskeyAgainForm(data=_for(data, "credential"), user=person),
    }
    sent = next((name for name, form in forms.items() if form.is_bound), "")
    if sent and forms[sent].is_valid():
        if sent == "password":
            reauthenticate_by_password(request)
        else:
            forms[sent].save()
        response: HttpResponse | None = resume_request(request)
        return response or redirect("people:protection")
    kinds = set(Authenticator.objects.filter(user=person).values_list("type", flat=True))
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    page = {
        "forms": forms,
        "next": wanted if safe_place(wanted) else "",
        "has_code": "totp" in kinds,
        "options": webauthn.begin_authentication(person) if "webauthn" in kinds else None,
    }
    return render(request, "people/prove_again.html", page)


def _for(data: object, field: str) -> object:
    """The posted data, for the form whose field was sent."""
    return data if data is not None and field in data else None  # type: ignore[operator]
