"""Inviting colleagues by a link."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from vang.base import clock
from vang.base.refusals import Refusal
from vang.letters.services import letters_leave
from vang.people.access import Role, current_unit, invitation_here, require, signed_in
from vang.people.forms.colleagues import InvitationForm
from vang.people.models import Invitation
from vang.people.people import person_of
from vang.people.services.invitations import invite, renew_invitation, withdraw_invitation
from vang.people.views.protection import ask_for_proof


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
def invite_somebody(request: HttpRequest) -> HttpResponse:
    """Name, roles and perhaps an address; the answer shows the link, once."""
    unit, now, by = current_unit(request), clock.now(), person_of(request)
    require(by, Role.ADMINISTRATOR, unit, clock.local_date(now))
    ask_for_proof(request)
    form = InvitationForm(request.POST or None, unit)
    if request.method == "POST" and form.is_valid():
        try:
            invitation, token = invite(unit=unit, **form.cleaned_data, by=by, now=now)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return _show_link(request, invitation, token)
    page = {"form": form, "unit": unit, "letters_leave": letters_leave()}
    return render(request, "people/invite.html", page)


@never_cache
@require_POST
@signed_in
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    """Another link for another seven days."""
    unit, now, by = current_unit(request), clock.now(), person_of(request)
    require(by, Role.ADMINISTRATOR, unit, clock.local_date(now))
    invitation = invitation_here(pk, unit)
    ask_for_proof(request)
    token = renew_invitation(invitation=invitation, by=by, now=now)
    return _show_link(request, invitation_here(pk, unit), token)


@require_POST
@signed_in
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The link opens nothing any more."""
    unit, now, by = current_unit(request), clock.now(), person_of(request)
    require(by, Role.ADMINISTRATOR, unit, clock.local_date(now))
    withdraw_invitation(invitation=invitation_here(pk, unit), by=by, now=now)
    messages.success(request, _("The invitation is withdrawn."))
    return redirect("people:list")


def _show_link(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    link = request.build_absolute_uri(reverse("people:invitation", args=[token]))
    page = {
        "invitation": invitation,
        "link": link,
        "written": bool(invitation.email) and letters_leave(),
    }
    return render(request, "people/invited.html", page)
