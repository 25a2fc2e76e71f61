"""The side navigation: what a person's roles lead to."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vang.people.access import Role

_NEWSROOM = frozenset({Role.WRITER, Role.APPROVER, Role.READER, Role.ADMINISTRATOR})
_AIR = _NEWSROOM | {Role.TECHNICIAN}


@dataclass(frozen=True)
class Place:
    """One line of the navigation; ``roles`` are those that it is for."""

    view: str
    label: str | Promise
    icon: str
    roles: frozenset[str]
    heading: str | Promise = ""


@dataclass(frozen=True)
class Line:
    """A place as the page shows it."""

    label: str | Promise
    url: str
    icon: str
    active: bool
    count: int = 0
    heading: str | Promise = ""


PLACES = (
    Place("desk:home", _("What is due"), "checklist", _AIR),
    Place("bulletins:list", _("Bulletins"), "news", _NEWSROOM),
    Place("airtime:day", _("Broadcast schedule"), "calendar-time", _AIR),
    Place("evidence:list", _("As-run log"), "clipboard-check", _AIR),
    Place("stations:list", _("Loudspeakers"), "speakerphone", _AIR),
    Place("airtime:programmes", _("Programmes"), "repeat", _NEWSROOM, heading=_("Settings")),
    Place("airtime:policy", _("Allowed hours"), "clock", _NEWSROOM),
    Place("voice:pronunciations", _("Pronunciations"), "book-2", _NEWSROOM),
    Place("voice:voices", _("Reading voice"), "microphone", frozenset({Role.ADMINISTRATOR})),
    Place("people:list", _("People"), "users", frozenset({Role.ADMINISTRATOR})),
)


def lines(roles: AbstractSet[str], here: str, due: int) -> list[Line]:
    """The places for these roles. ``here`` is the present view's name (``bulletins:detail``)."""
    active = _active(here)
    found: list[Line] = []
    heading: str | Promise = ""
    for place in PLACES:
        heading = place.heading or heading
        if roles.isdisjoint(place.roles):
            continue
        count = due if place.view == "bulletins:list" else 0
        at_it = place.view == active
        found.append(Line(place.label, reverse(place.view), place.icon, at_it, count, heading))
        heading = ""
    return found


def _active(here: str) -> str:
    """The place that the view belongs to: itself, else the first of its room."""
    views = [place.view for place in PLACES]
    if here in views:
        return here
    room = here.partition(":")[0]
    return next((view for view in views if view.partition(":")[0] == room), "")
