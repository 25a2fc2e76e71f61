"""What every console page is given. Nothing is read until a template asks for it."""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from vang.airtime.access import STOPPERS
from vang.base import clock, undo
from vang.base.counting import Counted
from vang.bulletins.due import waiting_for
from vang.desk.navigation import COOKIE, Line, Section, dock, sections
from vang.notices.queries import MOST_COUNTED, unread
from vang.orgs.models import Unit
from vang.people.access import Role, here
from vang.people.due import Desk, asks
from vang.people.models import Person
from vang.search.kinds import kind_of_view


class Console:
    """The surroundings of a page: few queries, whoever looks."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._here = here(request)

    @property
    def person(self) -> Person | None:
        return self._here.person

    @property
    def unit(self) -> Unit | None:
        return self._here.unit

    @property
    def roles(self) -> frozenset[str]:
        return self._here.roles

    @cached_property
    def counts(self) -> dict[str, int]:
        """By view: bulletins that wait for this person's approval, notices that they have not
        read. One query, none for what the page has counted."""
        known = {"bulletins:list": 0, "notices:list": 0, **self._here.counts}
        missing = {name: Counted(rows[:MOST_COUNTED]) for name, rows in self._uncounted()}
        if self.person is not None and missing:
            row = Person.objects.filter(pk=self.person.pk).values_list(*missing.values()).get()
            known.update(zip(missing, row, strict=True))
        return known

    def _uncounted(self) -> Iterator[tuple[str, QuerySet[Any]]]:
        person, counted = self.person, self._here.counts
        if person is None:
            return
        if (
            self.unit is not None
            and Role.APPROVER in self.roles
            and "bulletins:list" not in counted
        ):
            yield "bulletins:list", waiting_for(person, self.unit).order_by().values("pk")
        if "notices:list" not in counted:
            yield "notices:list", unread(person).values("pk")

    @cached_property
    def navigation(self) -> list[Section]:
        match = getattr(self._request, "resolver_match", None)
        page = match.view_name if match else ""
        kept = self._request.COOKIES.get(COOKIE, "")
        counts = {"bulletins:list": self.counts["bulletins:list"]}
        return sections(self.roles, page, counts, kept, heard=self.heard)

    @property
    def heard(self) -> bool:
        """Whether the unit has loudspeakers of its own: a commune."""
        return self.unit is None or self.unit.level == Unit.Level.COMMUNE

    @property
    def dock(self) -> list[Line]:
        """The places under the thumb on a telephone."""
        return dock(self.navigation)

    @property
    def shortcuts(self) -> list[Line]:
        """The places that a letter leads to."""
        return [line for section in self.navigation for line in section.lines if line.key]

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
        count = self.counts["notices:list"]
        shown = f"{count}" if count < MOST_COUNTED else f"{MOST_COUNTED - 1}+"
        return {"url": reverse("notices:list"), "count": shown if count else ""}

    @property
    def acting(self) -> dict[str, object] | None:
        """In whose name the person decides here, and what else they may choose; None mostly."""
        if self.person is None or not self._here.delegations:
            return None
        chosen = self._here.acting
        choices = [
            {"value": one.pk, "label": one.in_whose_name, "active": one == chosen}
            for one in self._here.delegations
        ]
        return {
            "words": chosen.in_whose_name if chosen else "",
            "signature": chosen.signature if chosen else "",
            "choices": choices,
            "own": chosen is None,
            "url": reverse("people:choose-capacity"),
        }

    @property
    def unit_choices(self) -> list[dict[str, object]]:
        return [
            {"value": unit.pk, "label": unit.full_name, "active": unit == self.unit}
            for unit in self._here.places
        ]

    @property
    def current_role(self) -> str:
        """``writer, approver``."""
        return ", ".join(str(Role(role).label) for role in self._here.held)


_UNREAD = "unread_notices"


def counted(desk: Desk) -> dict[str, int | None]:
    """By view, what the work list's question found for the surroundings of the page."""
    return {"notices:list": desk.found.get(_UNREAD)}


def register() -> None:
    """Called when the process starts."""
    asks(
        _UNREAD, Role.values, lambda desk: Counted(unread(desk.person).values("pk")[:MOST_COUNTED])
    )


def _opens(request: HttpRequest) -> bool:
    """Whether this is the page of one thing that is worth remembering."""
    match = getattr(request, "resolver_match", None)
    return match is not None and kind_of_view(match.view_name) is not None


def console(request: HttpRequest) -> dict[str, Any]:
    """Navigation, unit, units to choose from, roles and the way to silence."""
    around = Console(request)
    return {
        "navigation": SimpleLazyObject(lambda: around.navigation),
        "dock": SimpleLazyObject(lambda: around.dock),
        "bell": SimpleLazyObject(lambda: around.bell),
        "acting": SimpleLazyObject(lambda: around.acting),
        "bar_part": SimpleLazyObject(lambda: around.bar_part),
        "current_unit": SimpleLazyObject(lambda: around.unit),
        "unit_choices": SimpleLazyObject(lambda: around.unit_choices),
        "shortcuts": SimpleLazyObject(lambda: around.shortcuts),
        "opens": _opens(request),
        "undo_offers": SimpleLazyObject(lambda: undo.offers(request, clock.now())),
        "unit_switch_url": reverse("people:choose-unit"),
        "current_role": SimpleLazyObject(lambda: around.current_role),
        "demonstration": (Path(settings.DATA) / "demonstration").exists(),
    }
