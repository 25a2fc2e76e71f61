"""Who may do what where. Views never filter by hand."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import TypeVar

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from vang.base import clock
from vang.orgs.models import Unit
from vang.orgs.queries import ancestors, below, valid_on
from vang.people.models import Membership, Person
from vang.people.people import person_of
from vang.people.roles import effective

Role = Membership.Role
View = TypeVar("View", bound=Callable[..., HttpResponseBase])
SESSION_UNIT = "unit"


def roles(person: Person, unit: Unit, on: date) -> frozenset[str]:
    """What the person may act as at ``unit`` on that day, with what a role carries of another.

    A role holds for everything below its unit.
    """
    if not person.is_active:
        return frozenset()
    held = Membership.objects.filter(valid_on(on), person=person, unit__in=ancestors(unit))
    return effective(held.values_list("role", flat=True))


def may(person: Person, wanted: str | Iterable[str], unit: Unit, on: date) -> bool:
    """Whether the person holds one of the wanted roles at ``unit``."""
    some = {wanted} if isinstance(wanted, str) else set(wanted)
    return not some.isdisjoint(roles(person, unit, on))


def readable_unit(person: Person, unit: Unit, on: date) -> bool:
    """Any role at the unit or above lets a person look."""
    return bool(roles(person, unit, on))


def require(person: Person, wanted: str | Iterable[str], unit: Unit, on: date) -> None:
    """Raises Http404 for a stranger to the unit, PermissionDenied for one without the role."""
    held = roles(person, unit, on)
    if not held:
        raise Http404
    if held.isdisjoint({wanted} if isinstance(wanted, str) else set(wanted)):
        raise PermissionDenied


def visible_communes(person: Person, on: date) -> QuerySet[Unit]:
    """Every commune at or below a unit where the person holds a role."""
    held = Membership.objects.filter(valid_on(on), person=person)
    return below(Unit.objects.filter(pk__in=held.values("unit")), Unit.Level.COMMUNE, on)


def current_unit(request: HttpRequest) -> Unit:
    """The commune that the person works in now: chosen in the session, else the first.

    Raises PermissionDenied when the person has no commune at all.
    """
    communes = visible_communes(person_of(request), clock.local_date(clock.now()))
    chosen = request.session.get(SESSION_UNIT)
    unit = communes.filter(pk=chosen).first() if chosen else None
    unit = unit or communes.first()
    if unit is None:
        raise PermissionDenied
    return unit


def choose_unit(request: HttpRequest, unit_pk: int) -> Unit:
    """Remember the commune to work in. Raises Http404 when it is not the person's to see."""
    communes = visible_communes(person_of(request), clock.local_date(clock.now()))
    unit = communes.filter(pk=unit_pk).first()
    if unit is None:
        raise Http404
    request.session[SESSION_UNIT] = unit.pk
    return unit


def signed_in(view: View) -> View:
    """A view only for people with an account; others are led to the sign-in page and back."""
    return login_required(view)


def colleague(pk: int, unit: Unit, on: date) -> Person:
    """Somebody with a role in force at this very unit. Raises Http404."""
    held = Membership.objects.filter(valid_on(on), unit=unit, person=pk, person__is_active=True)
    membership = held.select_related("person").first()
    if membership is None:
        raise Http404
    return membership.person


def membership_here(pk: int, unit: Unit) -> Membership:
    """A role held at this very unit. Raises Http404."""
    membership = Membership.objects.filter(pk=pk, unit=unit).select_related("person").first()
    if membership is None:
        raise Http404
    return membership
