"""Links that open once: invitation, new password, address. GET shows, only POST consumes."""

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.core.internal import ratelimit
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from vang.base import clock
from vang.base.refusals import Refusal
from vang.letters.services import letters_leave
from vang.people.access import invitation_behind, link_behind
from vang.people.forms.doors import ForgottenForm, JoiningForm, NewPasswordForm
from vang.people.jobs import ask_for_new_password
from vang.people.models import Invitation, Membership, OneTimeLink, Person
from vang.people.services.addresses import LINK_USED, confirm_address
from vang.people.services.invitations import accept_as, accept_as_new, why_void
from vang.people.services.resetting import choose_new_password

_LIMITS = {"forgotten": "5/10m/ip", "link": "30/10m/ip"}
Purpose = OneTimeLink.Purpose


@sensitive_post_parameters("password", "again")
@never_cache
@require_http_methods(["GET", "POST"])
@ratelimit.decorator(app="vang.people", action="link", config=_LIMITS)  # type: ignore[untyped-decorator]
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Accept an invitation with a new account, or with the one signed in."""
    found, now = invitation_behind(token), clock.now()
    reason = why_void(found, now) if found else Refusal("no-invitation", LINK_USED)
    if found is None or reason is not None:
        return _closed(request, str(reason))
    if isinstance(request.user, Person):
        return _take_roles(request, found, token, request.user)
    form = JoiningForm(request.POST or None, found.full_name)
    if request.method == "POST" and form.is_valid():
        try:
            person = accept_as_new(
                invitation=found,
                token=token,
                username=form.cleaned_data["username"],
                password=form.cleaned_data["password"],
                now=now,
            )
        except Refusal as refusal:
            form.add_error("username", str(refusal))
        except ValidationError as error:
            form.add_error("password", error)
        else:
            messages.success(request, _("Welcome. Your account is open."))
            login = Login(user=person, signup=True)
            response: HttpResponse = perform_password_login(
                request, {"username": person.username}, login
            )
            return response
    return render(request, "people/join.html", {"form": form, **_about(found)})


def _take_roles(
    request: HttpRequest, found: Invitation, token: str, person: Person
) -> HttpResponse:
    if request.method == "POST":
        try:
            accept_as(invitation=found, token=token, person=person, now=clock.now())
        except Refusal as refusal:
            return _closed(request, str(refusal))
        messages.success(request, _("You have the roles of the invitation."))
        return redirect("desk:home")
    return render(request, "people/join_as.html", {"person": person, **_about(found)})


def _about(found: Invitation) -> dict[str, object]:
    roles = [str(Membership.Role(role).label) for role in found.roles]
    return {"invitation": found, "roles": roles}


def _closed(request: HttpRequest, reason: str) -> HttpResponse:
    return render(request, "people/link_closed.html", {"reason": reason}, status=410)


@never_cache
@require_http_methods(["GET", "POST"])
@ratelimit.decorator(app="vang.people", action="forgotten", config=_LIMITS)  # type: ignore[untyped-decorator]
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a new password by letter. The answer is the same whoever is named."""
    form = ForgottenForm(request.POST or None)
    asked = request.method == "POST" and letters_leave() and form.is_valid()
    if asked:
        ask_for_new_password.enqueue(form.cleaned_data["given"])
    page = {"form": form, "asked": asked, "letters_leave": letters_leave()}
    return render(request, "people/forgotten.html", page)


@sensitive_post_parameters("password", "again")
@never_cache
@require_http_methods(["GET", "POST"])
@ratelimit.decorator(app="vang.people", action="link", config=_LIMITS)  # type: ignore[untyped-decorator]
def new_password(request: HttpRequest, token: str) -> HttpResponse:
    """Choose a new password with the link of a letter."""
    link = link_behind(token, Purpose.PASSWORD, clock.now())
    if link is None:
        return _closed(request, str(LINK_USED))
    form = NewPasswordForm(request.POST or None, link.person)
    if request.method == "POST" and form.is_valid():
        try:
            choose_new_password(link=link, password=form.cleaned_data["password"], now=clock.now())
        except Refusal as refusal:
            return _closed(request, str(refusal))
        messages.success(request, _("The new password holds. Sign in with it."))
        return redirect("people:sign-in")
    return render(request, "people/new_password_form.html", {"form": form, "person": link.person})


@never_cache
@require_http_methods(["GET", "POST"])
@ratelimit.decorator(app="vang.people", action="link", config=_LIMITS)  # type: ignore[untyped-decorator]
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm an e-mail address with the link of a letter."""
    link = link_behind(token, Purpose.ADDRESS, clock.now())
    if link is None:
        return _closed(request, str(LINK_USED))
    if request.method == "POST":
        try:
            confirm_address(link=link, now=clock.now())
        except Refusal as refusal:
            return _closed(request, str(refusal))
        messages.success(request, _("Your address is confirmed."))
        return redirect("people:account")
    return render(request, "people/confirm_address.html", {"link": link})
