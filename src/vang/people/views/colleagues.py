"""The people of a unit, and what its administrator does about their accounts."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vang.base import clock
from vang.base.display import vi_date
from vang.base.refusals import Refusal
from vang.base.undo import offer
from vang.orgs.models import Organisation, Unit
from vang.people.access import (
    Role,
    colleague,
    current_unit,
    membership_here,
    overseen,
    require,
    signed_in,
)
from vang.people.forms.colleagues import OfficeForm, PersonForm, RolesForm, SearchForm
from vang.people.forms.rules import SecondFactorForm
from vang.people.models import Person, SecondFactorRule
from vang.people.offices import add_office, offices, open_desk
from vang.people.people import person_of
from vang.people.queries import (
    colleagues,
    open_invitations,
    people_below,
    roles_below,
    roles_here,
    team,
    with_second_factor,
)
from vang.people.restoring import facts_of
from vang.people.services import (
    create_person,
    end_role,
    grant_role,
    random_password,
    reset_password,
)
from vang.people.services.factors import (
    has_second_factor,
    remove_second_factor,
    require_second_factor,
)
from vang.people.views.protection import ask_for_proof

_A_PAGE = 50


def _administered(request: HttpRequest) -> Unit:
    """The present unit, for its administrator. Raises Http404, PermissionDenied."""
    unit = current_unit(request)
    require(person_of(request), Role.ADMINISTRATOR, unit, clock.local_date(clock.now()))
    return unit


@require_safe
@signed_in
def people(request: HttpRequest) -> HttpResponse:
    """The unit's people and the invitations that are still open."""
    unit, now = _administered(request), clock.now()
    found = team(colleagues(unit, clock.local_date(now)))
    page = {
        "people": found,
        "protected": with_second_factor(person for person, _roles in found),
        "invitations": open_invitations(unit),
        "rule": SecondFactorRule.objects.filter(unit=unit).first(),
        "unit": unit,
        "now": now,
    }
    return render(request, "people/people.html", page)


@require_safe
@signed_in
def below(request: HttpRequest) -> HttpResponse:
    """Everybody who works in the communes and offices below, for whoever oversees them."""
    today = clock.local_date(clock.now())
    tops = overseen(person_of(request), today)
    form = SearchForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    found = people_below(tops, today, text=asked.get("text", ""), role=asked.get("role", ""))
    page = Paginator(found, _A_PAGE).get_page(request.GET.get("page", "1"))
    people = list(page.object_list)
    held = roles_below(people, tops, today)
    context = {
        "form": form,
        "lead": ", ".join(unit.full_name for unit in tops),
        "page": page,
        "rows": [(someone, held.get(someone.pk, [])) for someone in people],
        "asked": any(asked.values()),
    }
    return render(request, "people/below.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
def add(request: HttpRequest) -> HttpResponse:
    """A colleague at once, with a password shown here."""
    unit = _administered(request)
    ask_for_proof(request)
    form = PersonForm(request.POST or None, unit)
    if request.method == "POST" and form.is_valid():
        try:
            person, password = _add(form.cleaned_data, unit, person_of(request))
        except Refusal as refusal:
            form.add_error("username", str(refusal))
        else:
            page = {"person": person, "password": password, "unit": unit}
            return render(request, "people/password.html", page)
    return render(request, "people/add.html", {"form": form, "unit": unit})


def _add(fields: dict[str, Any], unit: Unit, by: Person) -> tuple[Person, str]:
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
    return person, password


@require_safe
@signed_in
def person(request: HttpRequest, person_pk: int) -> HttpResponse:
    """One colleague: roles here, ways in, and what the administrator may do."""
    unit, today = _administered(request), clock.local_date(clock.now())
    someone = colleague(person_pk, unit, today)
    held = list(roles_here(someone, unit, today))
    form = RolesForm(None, unit)
    form.leave_out(membership.role for membership in held)
    page = {
        "person": someone,
        "memberships": held,
        "form": form,
        "second_factor": has_second_factor(someone),
        "unit": unit,
        "oneself": someone == person_of(request),
    }
    return render(request, "people/person.html", page)


@require_POST
@signed_in
def give(request: HttpRequest, person_pk: int) -> HttpResponse:
    """More roles for a colleague, from today."""
    unit, now = _administered(request), clock.now()
    ask_for_proof(request)
    someone = colleague(person_pk, unit, clock.local_date(now))
    form = RolesForm(request.POST, unit)
    if form.is_valid():
        for role in form.cleaned_data["roles"]:
            grant_role(
                person=someone,
                unit=unit,
                role=role,
                since=clock.local_date(now),
                by=person_of(request),
                now=now,
            )
        messages.success(request, _("The roles are given."))
    else:
        messages.error(request, _("Choose at least one role of this unit."))
    return redirect("people:person", someone.pk)


@require_POST
@signed_in
def end(request: HttpRequest, membership_pk: int) -> HttpResponse:
    """End one role of a colleague from today."""
    unit, now = _administered(request), clock.now()
    membership, by = membership_here(membership_pk, unit), person_of(request)
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


@never_cache
@require_POST
@signed_in
def reset(request: HttpRequest, person_pk: int) -> HttpResponse:
    """Give a colleague of this commune a new password, shown once."""
    unit, now = _administered(request), clock.now()
    ask_for_proof(request)
    someone = colleague(person_pk, unit, clock.local_date(now))
    try:
        password = reset_password(person=someone, unit=unit, by=person_of(request), now=now)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("people:person", someone.pk)
    page = {"person": someone, "password": password, "unit": unit}
    return render(request, "people/password.html", page)


@require_POST
@signed_in
def drop_factor(request: HttpRequest, person_pk: int) -> HttpResponse:
    """A colleague lost the telephone: take the second proof away."""
    unit, now = _administered(request), clock.now()
    ask_for_proof(request)
    someone = colleague(person_pk, unit, clock.local_date(now))
    try:
        remove_second_factor(person=someone, unit=unit, by=person_of(request), now=now)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The second proof is removed."))
    return redirect("people:person", someone.pk)


@require_http_methods(["GET", "POST"])
@signed_in
def second_factor(request: HttpRequest) -> HttpResponse:
    """Whether approvers, leaders and administrators here need a second proof."""
    unit, now = _administered(request), clock.now()
    ask_for_proof(request)
    rule = SecondFactorRule.objects.filter(unit=unit).first()
    form = SecondFactorForm(request.POST or None, rule)
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        decided = require_second_factor(
            unit=unit,
            required=bool(fields["required"]),
            grace_days=fields["grace_days"],
            by=person_of(request),
            now=now,
        )
        messages.success(request, _decided(decided))
        return redirect("people:list")
    return render(request, "people/second_factor.html", {"form": form, "rule": rule, "unit": unit})


def _decided(rule: SecondFactorRule) -> str:
    if rule.required_from is None:
        return _("A second proof is no longer required.")
    told = _("A second proof is required from %(day)s on. Those without one are told.")
    return told % {"day": vi_date(rule.required_from)}


@require_http_methods(["GET", "POST"])
@signed_in
def office_list(request: HttpRequest) -> HttpResponse:
    """Offices and organisations that work here themselves; the administrator adds one."""
    unit, now, by = _administered(request), clock.now(), person_of(request)
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
    unit, now, by = _administered(request), clock.now(), person_of(request)
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
