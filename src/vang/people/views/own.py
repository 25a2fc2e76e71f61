"""One's own account: details, password, address, where one is signed in."""

from typing import Any, cast

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from vang.base import clock
from vang.base.refusals import Refusal
from vang.letters.services import letters_leave
from vang.people.access import signed_in
from vang.people.forms.doors import AddressForm
from vang.people.models import SignInSession
from vang.people.people import person_of
from vang.people.queries import sessions_of
from vang.people.services import change_password
from vang.people.services.addresses import change_address
from vang.people.services.factors import has_second_factor
from vang.people.services.sessions import end_session, end_sessions, move_session
from vang.people.views.protection import proved


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@signed_in
def own_account(request: HttpRequest) -> HttpResponse:
    """The person's own details and password."""
    person = person_of(request)
    slow: HttpResponse | None = ratelimit.consume_or_429(request, action="reauthenticate")
    if slow is not None:
        return slow
    form = PasswordChangeForm(cast("Any", person), request.POST or None)
    form.fields["old_password"].widget.attrs.pop("autofocus", None)
    if request.method == "POST" and form.is_valid():
        password = form.cleaned_data["new_password1"]
        key = str(request.session.session_key)
        change_password(person=person, password=password, now=clock.now(), session=key)
        update_session_auth_hash(request, cast("Any", person))
        move_session(key=key, to=str(request.session.session_key))
        messages.success(request, _("Your password is changed. Other sessions are ended."))
        return redirect("people:account")
    page = {
        "form": form,
        "person": person,
        "second_factor": has_second_factor(person),
        "letters_leave": letters_leave(),
    }
    return render(request, "people/account.html", page)


@require_http_methods(["GET", "POST"])
@signed_in
@proved  # type: ignore[untyped-decorator]
def address(request: HttpRequest) -> HttpResponse:
    """Give, change or remove the e-mail address; a new one is first confirmed by letter."""
    person = person_of(request)
    form = AddressForm(request.POST or None, initial={"email": person.email})
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        try:
            change_address(person=person, email=email, now=clock.now())
        except Refusal as refusal:
            form.add_error("email", str(refusal))
        else:
            messages.success(request, _sent(email))
            return redirect("people:account")
    page = {"form": form, "person": person, "letters_leave": letters_leave()}
    return render(request, "people/address.html", page)


def _sent(email: str) -> str:
    if not email:
        return _("Your address is removed.")
    told = _("A letter went to %(address)s. Open its link within two days to confirm the address.")
    return told % {"address": email}


@require_http_methods(["GET"])
@signed_in
def sessions(request: HttpRequest) -> HttpResponse:
    """Where the person is signed in now."""
    mine = sessions_of(person_of(request), clock.now())
    here = request.session.session_key
    return render(request, "people/sessions.html", {"sessions": mine, "here": here})


@require_POST
@signed_in
def end_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign out in that browser."""
    session = SignInSession.objects.filter(person=person_of(request), pk=pk).first()
    if session is None:
        raise Http404
    end_session(session=session)
    messages.success(request, _("That session is ended."))
    return redirect("people:sessions")


@require_POST
@signed_in
def end_others(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    count = end_sessions(person=person_of(request), but=str(request.session.session_key))
    told = ngettext("%(n)d session ended.", "%(n)d sessions ended.", count) % {"n": count}
    messages.success(request, told)
    return redirect("people:sessions")
