"""Signing in and out, with a password and what else the account asks for."""

from typing import Any

from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.core.internal import ratelimit
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.internal import flows as webauthn_flows
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from vang.letters.services import letters_leave
from vang.people.access import choose_unit, signed_in
from vang.people.adapters import safe_place
from vang.people.addresses import client_address
from vang.people.arrivals import DEVICE_COOKIE, leave
from vang.people.forms.doors import CodeForm, PasskeyProofForm, PasskeySignInForm, SignInForm
from vang.people.guessing import guessed_too_often


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password; then whatever second proof the account has."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    place = wanted if safe_place(wanted) else ""
    if request.user.is_authenticated:
        return redirect(place or settings.LOGIN_REDIRECT_URL)
    if request.method == "POST" and _guessed_too_often(request):
        return locked_out(request)
    form = SignInForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        login = Login(user=form.get_user(), redirect_url=place or None)
        credentials = {"username": form.cleaned_data["username"]}
        response: HttpResponse = perform_password_login(request, credentials, login)
        return response
    page = {"form": form, "next": place, "letters_leave": letters_leave()}
    return render(request, "people/sign_in.html", page)


def _guessed_too_often(request: HttpRequest) -> bool:
    return guessed_too_often(
        username=request.POST.get("username", "").strip(),
        device=request.COOKIES.get(DEVICE_COOKIE, ""),
        address=client_address(request),
    )


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session. On a computer that others use too, Back shows nothing any more."""
    leave(request)
    response = redirect("people:sign-in")
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def locked_out(request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
    """Too many wrong passwords: say so, and for how long."""
    minutes = round(float(settings.AXES_COOLOFF_TIME) * 60)
    page = {"minutes": minutes, "letters_leave": letters_leave()}
    return render(request, "people/locked_out.html", page, status=429)


@never_cache
@require_http_methods(["GET", "POST"])
@login_stage_required(stage=AuthenticateStage.key, redirect_urlname="account_login")  # type: ignore[untyped-decorator]
def second_proof(request: HttpRequest) -> HttpResponse:
    """After the right password: a code, a recovery code or a passkey."""
    stage = request._login_stage  # type: ignore[attr-defined]
    person = stage.login.user
    data = request.POST if request.method == "POST" else None
    by_key = data is not None and "credential" in data
    code = CodeForm(data=None if by_key else data, user=person)
    key = PasskeyProofForm(data=data if by_key else None, user=person)
    asked = key if by_key else code
    if data is not None and asked.is_valid():
        asked.save()
        response: HttpResponse = stage.exit()
        return response
    kinds = set(Authenticator.objects.filter(user=person).values_list("type", flat=True))
    page = {
        "form": code,
        "key_form": key,
        "has_code": not kinds.isdisjoint({"totp", "recovery_codes"}),
        "options": webauthn.begin_authentication(person) if "webauthn" in kinds else None,
    }
    return render(request, "people/second_proof.html", page)


@never_cache
@require_http_methods(["GET", "POST"])
@ratelimit.decorator(app="allauth.mfa", action="webauthn_login")  # type: ignore[untyped-decorator]
def passkey(request: HttpRequest) -> HttpResponse:
    """Signing in with a passkey alone. GET gives the challenge to the page's script."""
    if request.method == "GET":
        return JsonResponse(webauthn.begin_authentication(user=None))
    form = PasskeySignInForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This passkey does not open an account here."))
        return redirect("people:sign-in")
    wanted = request.POST.get("next", "")
    key = form.cleaned_data["credential"]
    login = Login(user=key.user, redirect_url=wanted if safe_place(wanted) else None)
    response: HttpResponse = webauthn_flows.perform_passwordless_login(request, key, login)
    return response


@require_POST
@signed_in
def choose(request: HttpRequest) -> HttpResponse:
    """Work in another commune from now on."""
    wanted = request.POST.get("unit", "")
    choose_unit(request, int(wanted) if wanted.isdecimal() else 0)
    return redirect("desk:home")
