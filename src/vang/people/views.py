"""Signing in and out, choosing the commune, and the list of colleagues."""

from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.views import LoginView, logout_then_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vang.base import clock
from vang.base.refusals import Refusal
from vang.base.undo import offer
from vang.orgs.models import Organisation, Unit
from vang.people.access import (
    Role,
    choose_unit,
    colleague,
    current_unit,
    membership_here,
    require,
    signed_in,
)
from vang.people.forms import OfficeForm, PersonForm, SignInForm
from vang.people.models import Person
from vang.people.offices import add_office, offices, open_desk
from vang.people.people import person_of
from vang.people.queries import colleagues, team
from vang.people.restoring import facts_of
from vang.people.services import (
    change_password,
    create_person,
    end_role,
    grant_role,
    random_password,
    reset_password,
)

sign_in = LoginView.as_view(
    template_name="people/sign_in.html",
    authentication_form=SignInForm,
    redirect_authenticated_user=True,
)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    return logout_then_login(request)


def locked_out(request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
    """Too many wrong passwords: say so, and for how long."""
    minutes = round(float(settings.AXES_COOLOFF_TIME) * 60)
    return render(request, "people/locked_out.html", {"minutes": minutes}, status=429)


@require_POST
@signed_in
def choose(request: HttpRequest) -> HttpResponse:
    """Work in another commune from now on."""
    wanted = request.POST.get("unit", "")
    choose_unit(request, int(wanted) if wanted.isdecimal() else 0)
    return redirect("desk:home")


@require_http_methods(["GET", "POST"])
@signed_in
def people(request: HttpRequest) -> HttpResponse:
    """The commune's people; the administrator adds one here."""
    unit, now, by = current_unit(request), clock.now(), person_of(request)
    require(by, Role.ADMINISTRATOR, unit, clock.local_date(now))
    form = PersonForm(request.POST or None)
    password = ""
    if request.method == "POST" and form.is_valid():
        try:
            password = _add(form.cleaned_data, unit, by)
        except Refusal as refusal:
            form.add_error("username", str(refusal))
    return render(
        request,
        "people/people.html",
        {
            "form": form if not password else PersonForm(),
            "password": password,
            "added": form.cleaned_data if password else None,
            "people": team(colleagues(unit, clock.local_date(now))),
            "unit": unit,
        },
    )


def _add(fields: dict[str, Any], unit: Unit, by: Person) -> str:
    now, password = clock.now(), random_password()
    person = create_person(
        username=fields["username"],
        full_name=fields["full_name"],
        title=fields["title"],
        password=password,
        by=by,
        unit=unit,
        now=now,
    )
    for role in fields["roles"]:
        grant_role(person=person, unit=unit, role=role, since=clock.local_date(now), by=by, now=now)
    return password


@require_POST
@signed_in
def end(request: HttpRequest, membership_pk: int) -> HttpResponse:
    """End one role of a colleague from today."""
    unit, now, by = current_unit(request), clock.now(), person_of(request)
    require(by, Role.ADMINISTRATOR, unit, clock.local_date(now))
    membership = membership_here(membership_pk, unit)
    facts = facts_of(membership)
    try:
        end_role(membership=membership, by=by, now=now, on=clock.local_date(now))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        told = {"name": membership.person, "role": membership.get_role_display()}
        words = _("%(name)s is no longer %(role)s.") % told
        offer(request, "people.end-role", words, by=by, now=now, **facts)
    return redirect("people:list")


@require_POST
@signed_in
def reset(request: HttpRequest, person_pk: int) -> HttpResponse:
    """Give a colleague of this commune a new password, shown once."""
    unit, now, by = current_unit(request), clock.now(), person_of(request)
    require(by, Role.ADMINISTRATOR, unit, clock.local_date(now))
    person = colleague(person_pk, unit, clock.local_date(now))
    try:
        password = reset_password(person=person, unit=unit, by=by, now=now)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("people:list")
    return render(
        request, "people/password.html", {"person": person, "password": password, "unit": unit}
    )


@require_http_methods(["GET", "POST"])
@signed_in
def office_list(request: HttpRequest) -> HttpResponse:
    """Offices and organisations that work here themselves; the administrator adds one."""
    unit, now, by = current_unit(request), clock.now(), person_of(request)
    require(by, Role.ADMINISTRATOR, unit, clock.local_date(now))
    form = OfficeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            add_office(unit=unit, **form.cleaned_data, by=by, now=now)
        except Refusal as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _desk_opened())
            return redirect("people:offices")
    context = {"form": form, "offices": offices(unit, now), "unit": unit}
    return render(request, "people/offices.html", context)


@require_POST
@signed_in
def give_desk(request: HttpRequest, office_pk: int) -> HttpResponse:
    """Let an office that is on the list work here itself."""
    unit, now, by = current_unit(request), clock.now(), person_of(request)
    require(by, Role.ADMINISTRATOR, unit, clock.local_date(now))
    office = get_object_or_404(Organisation, pk=office_pk, unit=unit)
    try:
        open_desk(office=office, by=by, now=now)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _desk_opened())
    return redirect("people:offices")


def _desk_opened() -> str:
    return _("The office has a desk. Choose it at the top of the page and name its people.")


@require_http_methods(["GET", "POST"])
@signed_in
def own_account(request: HttpRequest) -> HttpResponse:
    """The person's own details and password."""
    person = person_of(request)
    form = PasswordChangeForm(cast("Any", person), request.POST or None)
    if request.method == "POST" and form.is_valid():
        password = form.cleaned_data["new_password1"]
        change_password(person=person, password=password, now=clock.now())
        update_session_auth_hash(request, cast("Any", person))
        messages.success(request, _("Your password is changed."))
        return redirect("people:account")
    return render(request, "people/account.html", {"form": form, "person": person})
