"""What protects the account: app codes, passkeys, recovery codes."""

import base64
import time

from allauth.account import app_settings
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal import flows as recovery
from allauth.mfa.totp.internal import flows as totp
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.internal import flows as keys
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vang.base import clock
from vang.people.access import signed_in
from vang.people.arrivals import ask_anew
from vang.people.forms.doors import FirstCodeForm, PasskeyForm, PasskeyNameForm
from vang.people.models import Person
from vang.people.people import person_of
from vang.people.services.factors import needed_from

Type = Authenticator.Type
proved = reauthentication_required(app="allauth.mfa")


def ask_for_proof(request: HttpRequest) -> None:
    """What was sent waits until the person has proved again that it is them; looking is free.

    Signing in is such a proof too, for as long. Raises ReauthenticationRequired, which the accounts
    library answers.
    """
    if request.method == "POST" and not _signed_in_just_now(request):
        raise_if_reauthentication_required(request, app="allauth.mfa")


def _signed_in_just_now(request: HttpRequest) -> bool:
    proofs = get_authentication_records(request, request.user)
    last = max((float(proof["at"]) for proof in proofs), default=0.0)
    return time.time() - last < int(app_settings.REAUTHENTICATION_TIMEOUT)


@never_cache
@require_safe
@signed_in
def protection(request: HttpRequest) -> HttpResponse:
    """What stands between a stolen password and the account."""
    person, now = person_of(request), clock.now()
    mine = list(Authenticator.objects.filter(user=person).order_by("created_at", "pk"))
    codes = next((one for one in mine if one.type == Type.RECOVERY_CODES), None)
    page = {
        "totp": next((one for one in mine if one.type == Type.TOTP), None),
        "keys": [one for one in mine if one.type == Type.WEBAUTHN],
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else None,
        "due": needed_from(person, clock.local_date(now)),
    }
    return render(request, "people/protection.html", page)


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
@proved  # type: ignore[untyped-decorator]
def add_app(request: HttpRequest) -> HttpResponse:
    """Codes from an app on the telephone: shown as a picture and as text, proved by one code."""
    person = person_of(request)
    if _of(person, Type.TOTP) is not None:
        return redirect("people:protection")
    form = FirstCodeForm(data=request.POST if request.method == "POST" else None, user=person)
    if request.method == "POST" and form.is_valid():
        _app, new_codes = totp.activate_totp(request, form)
        ask_anew(request)
        messages.success(request, _("The app is set up. From now on its code is asked for."))
        return redirect("people:protect-codes" if new_codes else "people:protection")
    adapter = get_adapter()
    url = adapter.build_totp_url(person, form.secret)
    picture = base64.b64encode(adapter.build_totp_svg(url).encode()).decode()
    page = {
        "form": form,
        "picture": f"data:image/svg+xml;base64,{picture}",
        "secret": " ".join(form.secret[i : i + 4] for i in range(0, len(form.secret), 4)),
    }
    return render(request, "people/add_app.html", page)


@require_POST
@signed_in
@proved  # type: ignore[untyped-decorator]
def remove_app(request: HttpRequest) -> HttpResponse:
    """The app's codes are no longer asked for."""
    app = _of(person_of(request), Type.TOTP)
    if app is None:
        raise Http404
    totp.deactivate_totp(request, app)
    ask_anew(request)
    messages.success(request, _("The app is no longer asked for."))
    return redirect("people:protection")


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
@proved  # type: ignore[untyped-decorator]
def add_key(request: HttpRequest) -> HttpResponse:
    """A passkey of this device or of a security key."""
    person = person_of(request)
    form = PasskeyForm(data=request.POST if request.method == "POST" else None, user=person)
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        _key, new_codes = keys.add_authenticator(request, fields["name"], fields["credential"])
        ask_anew(request)
        messages.success(request, _("The passkey is added. You can sign in with it."))
        return redirect("people:protect-codes" if new_codes else "people:protection")
    page = {"form": form, "options": webauthn.begin_registration(person, passwordless=True)}
    return render(request, "people/add_key.html", page)


@require_POST
@signed_in
@proved  # type: ignore[untyped-decorator]
def remove_key(request: HttpRequest, pk: int) -> HttpResponse:
    """This passkey opens nothing any more."""
    keys.remove_authenticator(request, _own_key(request, pk))
    ask_anew(request)
    messages.success(request, _("The passkey is removed."))
    return redirect("people:protection")


@require_http_methods(["GET", "POST"])
@signed_in
@proved  # type: ignore[untyped-decorator]
def rename_key(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name for a passkey."""
    key = _own_key(request, pk)
    form = PasskeyNameForm(request.POST or None, initial={"name": key.wrap().name})
    if request.method == "POST" and form.is_valid():
        keys.rename_authenticator(request, key, form.cleaned_data["name"])
        return redirect("people:protection")
    return render(request, "people/rename_key.html", {"form": form})


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
@proved  # type: ignore[untyped-decorator]
def codes(request: HttpRequest) -> HttpResponse:
    """The recovery codes, to print or copy; POST makes new ones and voids the old."""
    person = person_of(request)
    if request.method == "POST":
        if not recovery.can_generate_recovery_codes(person):
            raise Http404
        recovery.generate_recovery_codes(request)
        messages.success(request, _("New recovery codes are made; the old ones open nothing."))
        return redirect("people:protect-codes")
    held, _may = recovery.view_recovery_codes(request)
    if held is None:
        raise Http404
    return render(request, "people/codes.html", {"codes": held.get_unused_codes()})


def _of(person: Person, kind: str) -> Authenticator | None:
    found: Authenticator | None = Authenticator.objects.filter(user=person, type=kind).first()
    return found


def _own_key(request: HttpRequest, pk: int) -> Authenticator:
    key = Authenticator.objects.filter(user=person_of(request), type=Type.WEBAUTHN, pk=pk).first()
    if key is None:
        raise Http404
    return key
