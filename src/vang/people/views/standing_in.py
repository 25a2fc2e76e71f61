"""Who stands in for whom, and the editorial board."""

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vang.base import clock
from vang.base.acting import done
from vang.base.refusals import Refusal
from vang.orgs.models import Unit
from vang.orgs.queries import valid_on
from vang.people.access import (
    DECIDE,
    Role,
    choose_capacity,
    current_unit,
    here,
    require,
    signed_in,
)
from vang.people.boards import board_of, boards_before
from vang.people.forms.standing_in import BoardForm, DelegationForm, MemberForm
from vang.people.models import Board, BoardMember, Delegation, Membership, Person
from vang.people.people import person_of
from vang.people.queries import delegations_here
from vang.people.services.boards import Seat, add_member, end_member, set_up_board
from vang.people.services.delegating import Terms, delegate, end_delegation
from vang.people.tabs import order_tabs


@require_POST
@signed_in
def choose(request: HttpRequest) -> HttpResponse:
    """In whose name to decide from now on."""
    wanted = request.POST.get("delegation", "")
    choose_capacity(request, int(wanted) if wanted.isdecimal() else -1)
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=set())
    return redirect(back if back and safe else "desk:home")


@require_safe
@signed_in
def delegations(request: HttpRequest) -> HttpResponse:
    """Those of the unit that run or are to come, and the latest that have ended."""
    unit, person, now = current_unit(request), person_of(request), clock.now()
    today = clock.local_date(now)
    current, ended = delegations_here(unit, today)
    page = {
        "unit": unit,
        "current": current,
        "ended": ended,
        "today": today,
        "may_give": bool(_principals(unit, person, request)),
        "administers": Role.ADMINISTRATOR in here(request).roles,
        "tabs": order_tabs(request, "people:delegations"),
    }
    return render(request, "people/delegations.html", page)


@require_http_methods(["GET", "POST"])
@signed_in
def give(request: HttpRequest) -> HttpResponse:
    """A new one: by the person who will be away, or entered by the administrator."""
    unit, by, now = current_unit(request), person_of(request), clock.now()
    require(by, (*DECIDE, Role.ADMINISTRATOR), unit, clock.local_date(now))
    principals = _principals(unit, by, request)
    form = DelegationForm(
        request.POST or None,
        principals=principals,
        deputies=_colleagues(unit, clock.local_date(now)),
        initial={
            "first": clock.local_date(now),
            "principal": by if by in principals else None,
            "role": Role.LEADER if Role.LEADER in here(request).roles else Role.APPROVER,
        },
    )
    if request.method == "POST" and form.is_valid():
        fields = dict(form.cleaned_data)
        people = {"principal": fields.pop("principal"), "deputy": fields.pop("deputy")}
        try:
            delegate(unit=unit, **people, terms=Terms(**fields), by=by, now=now)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The delegation is entered; both people are told."))
            return redirect("people:delegations")
    return render(request, "people/delegate.html", {"form": form, "unit": unit})


@require_POST
@signed_in
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """It ends today."""
    delegation = get_object_or_404(
        Delegation.objects.select_related("unit"), pk=pk, unit=current_unit(request)
    )
    try:
        end_delegation(delegation=delegation, by=person_of(request), now=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The delegation has ended. What was decided stands."))
    return redirect("people:delegations")


def _principals(unit: Unit, by: Person, request: HttpRequest) -> QuerySet[Person]:
    """Who can lend a decision here: for the administrator all, for others themselves."""
    today = clock.local_date(clock.now())
    held = Membership.objects.filter(valid_on(today), unit=unit, role__in=DECIDE)
    people = Person.objects.filter(pk__in=held.values("person"), is_active=True)
    return people if Role.ADMINISTRATOR in here(request).roles else people.filter(pk=by.pk)


def _colleagues(unit: Unit, on: date) -> QuerySet[Person]:
    held = Membership.objects.filter(valid_on(on), unit=unit)
    return Person.objects.filter(pk__in=held.values("person"), is_active=True)


@require_safe
@signed_in
def board(request: HttpRequest) -> HttpResponse:
    """The editorial board in force, and those before it."""
    unit, today = current_unit(request), clock.local_date(clock.now())
    page = {
        "unit": unit,
        "sitting": board_of(unit, today),
        "before": boards_before(unit, today),
        "administers": Role.ADMINISTRATOR in here(request).roles,
        "tabs": order_tabs(request, "people:board"),
        "form": BoardForm(None, initial={"since": today, "decided_on": today}),
        "member_form": MemberForm(
            None, colleagues=_colleagues(unit, today), initial={"since": today}
        ),
    }
    return render(request, "people/board.html", page)


@require_POST
@signed_in
def set_up(request: HttpRequest) -> HttpResponse:
    """A new board by a decision; the one before ends."""
    unit, by, now = current_unit(request), person_of(request), clock.now()
    require(by, Role.ADMINISTRATOR, unit, clock.local_date(now))
    form = BoardForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give number and date of the decision."))
        return redirect("people:board")
    return _done(request, lambda: set_up_board(unit=unit, **form.cleaned_data, by=by, now=now))


@require_POST
@signed_in
def join(request: HttpRequest, board_pk: int) -> HttpResponse:
    """One more member of the board."""
    unit, by, now = current_unit(request), person_of(request), clock.now()
    require(by, Role.ADMINISTRATOR, unit, clock.local_date(now))
    sitting = get_object_or_404(Board.objects.select_related("unit"), pk=board_pk, unit=unit)
    colleagues = _colleagues(unit, clock.local_date(now))
    form = MemberForm(request.POST, colleagues=colleagues, initial={})
    if not form.is_valid():
        messages.error(request, _("Give duty, name and the day from which it holds."))
        return redirect("people:board")
    fields = dict(form.cleaned_data)
    since = fields.pop("since")
    return _done(
        request, lambda: add_member(board=sitting, seat=Seat(**fields), since=since, by=by, now=now)
    )


@require_POST
@signed_in
def leave(request: HttpRequest, member_pk: int) -> HttpResponse:
    """A member's duty ends today."""
    unit, by, now = current_unit(request), person_of(request), clock.now()
    require(by, Role.ADMINISTRATOR, unit, clock.local_date(now))
    members = BoardMember.objects.select_related("board__unit")
    member = get_object_or_404(members, pk=member_pk, board__unit=unit)
    today = clock.local_date(now)
    return _done(request, lambda: end_member(member=member, on=today, by=by, now=now))


def _done(request: HttpRequest, act: Callable[[], object]) -> HttpResponse:
    return done(request, act, _("The board is changed."), "people:board")
