"""What every console page is given. Nothing is read until a template asks for it."""

from functools import cached_property
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from vang.airtime.access import STOPPERS
from vang.base import clock, undo
from vang.desk.navigation import COOKIE, Line, Section, dock, sections
from vang.desk.newsroom import waiting_for
from vang.notices.queries import MOST_COUNTED, unread_count
from vang.orgs.models import Unit
from vang.orgs.queries import valid_on
from vang.people.access import SESSION_UNIT, Role, counts_at, workplaces
from vang.people.models import Membership, Person
from vang.people.roles import effective

_MOST_CHOICES = 200


class Console:
    """The surroundings of a page: at most four queries, whoever looks."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._today = clock.local_date(clock.now())

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
        seen = workplaces(self.person, self._today).select_related("parent__parent")
        found = list(seen[:_MOST_CHOICES])
        chosen = self._chosen
        if len(found) == _MOST_CHOICES and chosen not in {unit.pk for unit in found}:
            found = [*seen.filter(pk=chosen or 0), *found]
        return found

    @property
    def _chosen(self) -> int | None:
        session = getattr(self._request, "session", None)
        return session.get(SESSION_UNIT) if session is not None else None

    @cached_property
    def unit(self) -> Unit | None:
        """The unit worked in, as people.access.current_unit finds it."""
        by_key = {unit.pk: unit for unit in self.places}
        return by_key.get(self._chosen or 0) or min(self.places, key=_rank, default=None)

    @cached_property
    def held(self) -> list[str]:
        """The roles given to the person at the present unit, in the order of the choices."""
        if self.person is None or self.unit is None or not self.person.is_active:
            return []
        counting = Membership.objects.filter(valid_on(self._today), counts_at(self.unit))
        held = counting.filter(person=self.person)
        kinds = set(held.values_list("role", flat=True))
        return [role for role in Role.values if role in kinds]

    @cached_property
    def roles(self) -> frozenset[str]:
        """What the person may act as here, with what a role carries of another."""
        return effective(self.held)

    @cached_property
    def due(self) -> int:
        """Bulletins that wait for this person's approval."""
        if self.person is None or self.unit is None or Role.APPROVER not in self.roles:
            return 0
        return waiting_for(self.person, self.unit).count()

    @cached_property
    def navigation(self) -> list[Section]:
        match = getattr(self._request, "resolver_match", None)
        here = match.view_name if match else ""
        kept = self._request.COOKIES.get(COOKIE, "")
        counts = {"bulletins:list": self.due}
        return sections(self.roles, here, counts, kept, heard=self.heard)

    @property
    def heard(self) -> bool:
        """Whether the unit has loudspeakers of its own: a commune."""
        return self.unit is None or self.unit.level == Unit.Level.COMMUNE

    @property
    def dock(self) -> list[Line]:
        """The places under the thumb on a telephone."""
        return dock(self.navigation)

    @property
    def bar_part(self) -> str:
        """The way to silence from every page, for those who may stop the loudspeakers."""
        may_stop = self.unit is not None and not set(STOPPERS).isdisjoint(self.roles)
        return "airtime/_stop_link.html" if may_stop and self.heard else ""

    @property
    def bell(self) -> dict[str, object] | None:
        """The way to the notices, with how many are unread; None for a stranger."""
        if self.person is None:
            return None
        count = unread_count(self.person)
        shown = f"{count}" if count < MOST_COUNTED else f"{MOST_COUNTED - 1}+"
        return {"url": reverse("notices:list"), "count": shown if count else ""}

    @property
    def unit_choices(self) -> list[dict[str, object]]:
        return [
            {"value": unit.pk, "label": unit.full_name, "active": unit == self.unit}
            for unit in self.places
        ]

    @property
    def current_role(self) -> str:
        """``writer, approver``."""
        return ", ".join(str(Role(role).label) for role in self.held)


def _rank(unit: Unit) -> int:
    """Where to begin, of those that ``workplaces`` found."""
    rank: int = unit.rank  # type: ignore[attr-defined]
    return rank


def console(request: HttpRequest) -> dict[str, Any]:
    """Navigation, unit, units to choose from, roles and the way to silence."""
    here = Console(request)
    return {
        "navigation": SimpleLazyObject(lambda: here.navigation),
        "dock": SimpleLazyObject(lambda: here.dock),
        "bell": SimpleLazyObject(lambda: here.bell),
        "bar_part": SimpleLazyObject(lambda: here.bar_part),
        "current_unit": SimpleLazyObject(lambda: here.unit),
        "unit_choices": SimpleLazyObject(lambda: here.unit_choices),
        "undo_offers": SimpleLazyObject(lambda: undo.offers(request, clock.now())),
        "unit_switch_url": reverse("people:choose-unit"),
        "current_role": SimpleLazyObject(lambda: here.current_role),
        "demonstration": (Path(settings.DATA) / "demonstration").exists(),
    }
