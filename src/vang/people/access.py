"""Who may do what where. Views never filter by hand."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import cached_property
from typing import TypeVar

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Case, Q, QuerySet, Value, When
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from vang.base import clock
from vang.orgs.models import Unit
from vang.orgs.queries import ancestors, at_or_under, below, valid_on
from vang.people.acting import NOBODY, Standing, in_order, running
from vang.people.models import Delegation, Invitation, Membership, OneTimeLink, Person
from vang.people.people import CAPACITY, person_of
from vang.people.roles import carried, effective
from vang.people.tokens import token_hash

Role = Membership.Role
View = TypeVar("View", bound=Callable[..., HttpResponseBase])
SESSION_UNIT = "unit"
_MOST_CHOICES = 200
_WRITE = (Role.WRITER, Role.APPROVER, Role.LEADER)
DECIDE = (Role.APPROVER, Role.LEADER)
OVERSEE = (Role.READER, Role.ADMINISTRATOR)


def roles(person: Person, unit: Unit, on: date) -> frozenset[str]:
    """What the person may act as at ``unit`` on that day, with what a role carries of another.

    A role holds for everything below its unit, but see :func:`counts_at`.
    """
    return standing(person, unit, on).roles


def counts_at(unit: Unit) -> Q:
    """The condition that a role counts at ``unit``: it is held there or above.

    In an office only its own people write, approve and lead; from above it is read and
    administered.
    """
    if unit.level != Unit.Level.OFFICE:
        return Q(unit__in=ancestors(unit))
    return Q(unit=unit) | Q(unit__in=ancestors(unit), role__in=OVERSEE)


def standing(person: Person, unit: Unit, on: date) -> Standing:
    """The person's own roles at ``unit`` and those lent to them, in one query."""
    if not person.is_active:
        return NOBODY
    known = person.standings
    if known is not None and (found := known.get((unit.pk, on))) is not None:
        return found
    found = _standing(person, unit, on)
    if known is not None:
        known[unit.pk, on] = found
    return found


def _standing(person: Person, unit: Unit, on: date) -> Standing:
    held = Membership.objects.filter(valid_on(on), counts_at(unit), person=person)
    own = held.order_by().values_list("role", Value(0))
    lent = running(person, on).filter(counts_at(unit)).order_by().values_list("role", "pk")
    found = Standing.of(own.union(lent, all=True))
    if unit.valid_to is not None and unit.valid_to <= on:
        return Standing(found.own | _inherited(person, unit, on), found.lent)
    return found


def _inherited(person: Person, unit: Unit, on: date) -> frozenset[str]:
    """Of a unit that has become another: who has a role in that one reads what was there, and who
    decides there may still withdraw what was released. Nothing new is written in the old one."""
    held = Membership.objects.filter(
        valid_on(on), person=person, unit__standing_for__unit=unit
    ).exclude(unit=unit)
    roles = frozenset(held.order_by().values_list("role", flat=True))
    return effective({Role.READER, *roles.intersection(DECIDE)}) if roles else frozenset()


def act(
    person: Person,
    wanted: str | Iterable[str],
    unit: Unit,
    on: date,
    *,
    unless: Callable[[Person], bool] | None = None,
) -> Standing:
    """As :func:`standing`, and note in whose name the person acts in one of the wanted roles.

    A delegation that covers them comes first, unless the person chose otherwise for the session.
    ``unless`` tells of a principal in whose name this must not be done.
    """
    some = {wanted} if isinstance(wanted, str) else set(wanted)
    found = standing(person, unit, on)
    fitting = in_order(found.delegations_for(some, person.capacity))
    usable = (one for one in fitting if unless is None or not unless(one.principal))
    person.acting = next(usable, None)
    return found


def every_role(person: Person, on: date) -> frozenset[str]:
    """What the person may act as somewhere, in one unit or another."""
    held = Membership.objects.filter(valid_on(on), person=person)
    own = held.order_by().values_list("role", flat=True)
    lent = running(person, on).order_by().values_list("role", flat=True)
    return effective(own.union(lent))


def may(person: Person, wanted: str | Iterable[str], unit: Unit, on: date) -> bool:
    """Whether the person may act in one of the wanted roles at ``unit``; notes in whose name."""
    some = {wanted} if isinstance(wanted, str) else set(wanted)
    return not some.isdisjoint(act(person, some, unit, on).roles)


def readable_unit(person: Person, unit: Unit, on: date) -> bool:
    """Any role at the unit or above lets a person look."""
    return bool(roles(person, unit, on))


def require(person: Person, wanted: str | Iterable[str], unit: Unit, on: date) -> None:
    """Raises Http404 for a stranger to the unit, PermissionDenied for one without the role."""
    some = {wanted} if isinstance(wanted, str) else set(wanted)
    held = act(person, some, unit, on).roles
    if not held:
        raise Http404
    if held.isdisjoint(some):
        raise PermissionDenied


def visible_communes(person: Person, on: date) -> QuerySet[Unit]:
    """Every commune at or below a unit where the person holds a role."""
    held = Membership.objects.filter(valid_on(on), person=person)
    return below(Unit.objects.filter(pk__in=held.values("unit")), Unit.Level.COMMUNE, on)


def workplaces(person: Person, on: date) -> QuerySet[Unit]:
    """Where the person may work: the communes they see, and what stands above these or beside
    them as far as a role of theirs counts there: provinces, districts, offices.

    ``rank`` tells where somebody begins who has not chosen: 0 where they write for a unit that is
    no commune, 1 in a commune, 2 where they hold a role themselves, 3 below that. The list begins
    with what is no commune.
    """
    held = Membership.objects.filter(valid_on(on), person=person)
    here = Unit.objects.filter(pk__in=held.values("unit"))
    above = Unit.objects.filter(pk__in=held.filter(role__in=OVERSEE).values("unit"))
    territories = (Unit.Level.PROVINCE, Unit.Level.DISTRICT, Unit.Level.COMMUNE)
    places = Q(at_or_under(here), level__in=territories) | Q(
        Q(pk__in=here) | at_or_under(above), level=Unit.Level.OFFICE
    )
    commune = Q(level=Unit.Level.COMMUNE)
    writes = Q(pk__in=held.filter(role__in=_WRITE).values("unit"))
    found = Unit.objects.filter(valid_on(on), places).annotate(
        commune=Case(When(commune, then=Value(1)), default=Value(0)),
        rank=Case(
            When(~commune & writes, then=Value(0)),
            When(commune, then=Value(1)),
            When(pk__in=here.values("pk"), then=Value(2)),
            default=Value(3),
        ),
    )
    return found.order_by("commune", "name", "code")


def overseen(person: Person, on: date) -> QuerySet[Unit]:
    """Units over whose people the person watches by a role of their own there.

    Raises PermissionDenied when there are none.
    """
    held = Membership.objects.filter(valid_on(on), person=person, role__in=OVERSEE)
    units = Unit.objects.filter(pk__in=held.values("unit")).order_by("name", "code")
    if not units:
        raise PermissionDenied
    return units


class Here:
    """Where the person of a request works now, and as what: read once, whoever asks."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._today = clock.local_date(clock.now())
        self.counts: dict[str, int] = {}
        """What waits in a view, by its name, when the page has counted it anyway."""

    @cached_property
    def person(self) -> Person | None:
        """None for a stranger and on pages that come before anybody is known."""
        user = getattr(self._request, "user", None)
        return user if isinstance(user, Person) else None

    @cached_property
    def places(self) -> list[Unit]:
        """Units to choose from; the chosen one is always among them."""
        if self.person is None:
            return []
        seen = workplaces(self.person, self._today).select_related("parent__parent__parent")
        found = list(seen[:_MOST_CHOICES])
        chosen = self._chosen
        if chosen and chosen not in {unit.pk for unit in found}:
            more = seen.filter(pk=chosen) if len(found) == _MOST_CHOICES else ()
            found = [*(more or _ended(self.person, chosen, self._today)), *found]
        return found

    @property
    def _chosen(self) -> int | None:
        session = getattr(self._request, "session", None)
        return session.get(SESSION_UNIT) if session is not None else None

    @cached_property
    def unit(self) -> Unit | None:
        """The unit chosen in the session, else where the person begins."""
        by_key = {unit.pk: unit for unit in self.places}
        return by_key.get(self._chosen or 0) or min(self.places, key=_rank, default=None)

    @cached_property
    def standing(self) -> Standing:
        """What the person has here in their own right and by delegation."""
        if self.person is None or self.unit is None:
            return NOBODY
        return standing(self.person, self.unit, self._today)

    @cached_property
    def held(self) -> list[str]:
        """The person's own roles at the present unit, in the order of the choices."""
        own = self.standing.own
        return [role for role in Role.values if role in own and not carried(role, own)]

    @property
    def roles(self) -> frozenset[str]:
        """What the person may act as here, with what a role carries of another."""
        return self.standing.roles

    @cached_property
    def delegations(self) -> list[Delegation]:
        """Those by which the person may act here; read only when there are any."""
        return in_order(sorted(self.standing.lent))

    @property
    def acting(self) -> Delegation | None:
        """The delegation by which the person would decide here now."""
        if self.person is None or not self.standing.lent:
            return None
        keys = self.standing.delegations_for(DECIDE, person_of(self._request).capacity)
        return next((one for one in self.delegations if one.pk in keys[:1]), None)


def _ended(person: Person, pk: int, on: date) -> list[Unit]:
    """A unit that has become another, for those who may look at what was there."""
    units = Unit.objects.filter(pk=pk, valid_to__lte=on).exclude(level=Unit.Level.VILLAGE)
    found = units.select_related("parent__parent__parent").first()
    return [found] if found is not None and roles(person, found, on) else []


def _rank(unit: Unit) -> int:
    """Where to begin, of those that ``workplaces`` found; never in one that has ended."""
    return getattr(unit, "rank", 9)


def here(request: HttpRequest) -> Here:
    """The same for everybody who asks during one request."""
    found: Here | None = request.__dict__.get("_here")
    if found is None:
        found = request.__dict__["_here"] = Here(request)
    return found


def moved(request: HttpRequest) -> None:
    """Another unit was chosen: what was read before no longer counts."""
    request.__dict__.pop("_here", None)


def current_unit(request: HttpRequest) -> Unit:
    """The unit that the person works in now: chosen in the session, else where they begin.

    Raises PermissionDenied when the person has no unit at all.
    """
    person_of(request)
    unit = here(request).unit
    if unit is None:
        raise PermissionDenied
    return unit


def choose_unit(request: HttpRequest, unit_pk: int) -> Unit:
    """Remember the unit to work in. Raises Http404 when it is not the person's to see."""
    person, today = person_of(request), clock.local_date(clock.now())
    unit = workplaces(person, today).filter(pk=unit_pk).first()
    unit = unit or next(iter(_ended(person, unit_pk, today)), None)
    if unit is None:
        raise Http404
    request.session[SESSION_UNIT] = unit.pk
    moved(request)
    return unit


def choose_capacity(request: HttpRequest, key: int) -> None:
    """Remember in whose name to decide: a delegation's key, 0 for one's own right.

    Raises Http404 for a delegation that does not run here.
    """
    if key and key not in here(request).standing.lent:
        raise Http404
    request.session[CAPACITY] = key


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


def invitation_here(pk: int, unit: Unit) -> Invitation:
    """An invitation into this very unit that is neither accepted nor withdrawn. Raises Http404."""
    still = Invitation.objects.filter(pk=pk, unit=unit, accepted_at=None, withdrawn_at=None)
    invitation = still.first()
    if invitation is None:
        raise Http404
    return invitation


def invitation_behind(token: str) -> Invitation | None:
    """The invitation that the link names, whatever became of it."""
    digest = token_hash(token)
    found = Invitation.objects.filter(Q(link_sha256=digest) | Q(mail_sha256=digest))
    return found.select_related("unit__parent__parent", "invited_by").order_by("pk").first()


def link_behind(token: str, purpose: str, now: datetime) -> OneTimeLink | None:
    """The link of that purpose, unless it was used or has expired."""
    found = OneTimeLink.objects.filter(
        sha256=token_hash(token),
        purpose=purpose,
        used_at=None,
        expires_at__gt=now,
        person__is_active=True,
    )
    return found.select_related("person").order_by("pk").first()
