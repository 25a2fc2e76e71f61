"""The navigation: what a person's roles lead to, in groups that stay small."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vang.people.access import Role

Words = str | Promise

_WRITERS = frozenset({Role.WRITER, Role.APPROVER})
_NEWSROOM = _WRITERS | {Role.READER, Role.ADMINISTRATOR}
_AIR = _NEWSROOM | {Role.TECHNICIAN}
_ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
_KEEPERS = frozenset({Role.TECHNICIAN, Role.ADMINISTRATOR})
_KEYS = {
    "desk:home": "v",
    "bulletins:list": "b",
    "airtime:day": "l",
    "evidence:list": "n",
    "stations:list": "c",
    "library:list": "t",
}
"""Letters that lead to a place after "g": the first of its Vietnamese name."""

COOKIE = "vang_nav"
_PLANNING = tuple(
    f"editorial:{name}" for name in ("open", "change", "below", "line", "new-line", "suggestions")
)
_SERIES = tuple(
    f"editorial:{name}" for name in ("series", "new-series", "change-series", "score", "criteria")
)


@dataclass(frozen=True)
class Place:
    """One page; ``roles`` are those that it is for, ``short`` its name on a telephone's dock.

    ``heard``: only where there are loudspeakers, in a commune.
    """

    view: str
    label: Words
    icon: str
    roles: frozenset[str]
    short: Words = ""
    heard: bool = False
    also: tuple[str, ...] = ()
    """Views that belong to this place and not to the first of their room."""


@dataclass(frozen=True)
class Group:
    """Places of one kind of work. It stands open for ``daily`` roles, closed for others."""

    name: str
    label: Words
    icon: str
    daily: frozenset[str]
    places: tuple[Place, ...]


GROUPS = (
    Group(
        "home",
        "",
        "",
        _AIR,
        (
            Place("desk:home", _("What is due"), "checklist", _AIR, pgettext_lazy("dock", "Due")),
            Place("alerts:list", _("Emergency"), "urgent", _AIR),
            Place("desk:communes", _("Communes"), "building-community", frozenset({Role.READER})),
            Place("people:below", _("People of all communes"), "users", frozenset({Role.READER})),
        ),
    ),
    Group(
        "writing",
        _("Writing"),
        "pencil",
        _WRITERS,
        (
            Place(
                *("bulletins:list", _("Bulletins"), "news", _NEWSROOM),
                pgettext_lazy("dock", "Bulletins"),
                also=("studio:studio",),
            ),
            Place("studio:notices", _("Ready notices"), "file-text", frozenset({Role.WRITER})),
            Place("phrases:bank", _("Phrase bank"), "microphone", frozenset({Role.WRITER})),
            Place("library:list", _("Library"), "photo", _NEWSROOM),
        ),
    ),
    Group(
        "sources",
        _("Sources"),
        "inbox",
        frozenset(),
        (
            Place("upstream:list", _("Warnings from above"), "urgent", _NEWSROOM),
            Place("pool:list", _("Content pool"), "inbox", _NEWSROOM),
            Place("documents:list", _("Documents"), "file-text", _NEWSROOM),
            Place("guidance:list", _("Guidance"), "book-2", _NEWSROOM),
            Place("claims:list", _("Harmful claims"), "shield-x", _NEWSROOM),
            Place("plans:list", _("Plans and tasks"), "clipboard-list", _NEWSROOM),
            Place("editorial:plan", _("Year's plan"), "calendar", _NEWSROOM, also=_PLANNING),
            Place("editorial:series-list", _("Series"), "repeat", _NEWSROOM, also=_SERIES),
            Place(
                "pool:orders",
                _("Requests"),
                "message",
                _NEWSROOM,
                also=("pool:order", "pool:requests", "pool:request", "pool:ask"),
            ),
        ),
    ),
    Group(
        "air",
        _("Broadcasting"),
        "broadcast",
        _WRITERS,
        (
            Place(
                *("airtime:day", _("Broadcast schedule"), "calendar-time", _AIR),
                pgettext_lazy("dock", "Schedule"),
                heard=True,
            ),
            Place("live:list", _("Speak live"), "microphone", _AIR, heard=True),
            Place(
                *("airtime:programmes", _("Programmes"), "repeat", _NEWSROOM),
                heard=True,
                also=(
                    "airtime:new-programme",
                    "airtime:edit-programme",
                    "airtime:times",
                    "airtime:rundown",
                    "airtime:sounds",
                ),
            ),
            Place(
                *("relays:list", _("Stations to relay"), "antenna", _AIR),
                also=("carriages:carried", "captures:list"),
            ),
        ),
    ),
    Group(
        "channels",
        _("Channels"),
        "world",
        frozenset(),
        (
            Place("channels:list", _("Where it went"), "world", _AIR),
            Place("channels:settings", _("Channels in use"), "adjustments", _ADMINISTRATORS),
        ),
    ),
    Group(
        "follow",
        _("Following up"),
        "clipboard-check",
        frozenset({Role.TECHNICIAN, Role.READER}),
        (
            Place("evidence:list", _("As-run log"), "clipboard-check", _AIR, heard=True),
            Place("figures:page", _("Figures"), "chart-bar", _AIR),
            Place("reports:list", _("Reports"), "clipboard-check", _NEWSROOM),
            Place(
                *("stations:list", _("Loudspeakers"), "speakerphone", _AIR),
                pgettext_lazy("dock", "Loudspeakers"),
                heard=True,
            ),
            Place("rollouts:list", _("Updates of devices"), "refresh", _KEEPERS),
            Place("equipment:list", _("Equipment"), "devices", _AIR),
            Place("repairs:board", _("Faults and repairs"), "adjustments", _AIR),
        ),
    ),
    Group(
        "settings",
        _("Settings"),
        "settings",
        _ADMINISTRATORS,
        (
            Place("airtime:policy", _("Allowed hours"), "clock", _NEWSROOM, heard=True),
            Place("voice:pronunciations", _("Pronunciations"), "book-2", _NEWSROOM),
            Place("voice:voices", _("Reading voice"), "microphone", _ADMINISTRATORS),
            Place("people:list", _("People"), "users", _ADMINISTRATORS),
            Place("people:delegations", _("Board and delegations"), "file-text", _NEWSROOM),
            Place("connections:list", _("Other systems"), "key", _ADMINISTRATORS),
            Place("people:offices", _("Offices"), "building-community", _ADMINISTRATORS),
            Place("mergers:list", _("Administrative units"), "map", _ADMINISTRATORS),
        ),
    ),
)
PLACES = tuple(place for group in GROUPS for place in group.places)


@dataclass(frozen=True)
class Line:
    """A place as the page shows it."""

    label: Words
    url: str
    icon: str
    active: bool
    count: int = 0
    short: Words = ""
    key: str = ""


@dataclass(frozen=True)
class Section:
    """A group as the page shows it. Without ``label`` its lines stand by themselves."""

    name: str
    label: Words
    icon: str
    open: bool
    lines: list[Line] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(line.count for line in self.lines)


def sections(
    roles: AbstractSet[str],
    here: str,
    counts: dict[str, int],
    kept: str = "",
    *,
    heard: bool = True,
) -> list[Section]:
    """The groups for these roles.

    ``here`` is the present view's name (``bulletins:detail``), ``counts`` what waits by view,
    ``kept`` the cookie in which the browser keeps the groups that the person opened (``+name``)
    or closed (``-name``). The group of the present page is always open; a group of one place is
    shown as that place alone. ``heard`` says whether the unit has loudspeakers of its own.
    """
    active, choices = _active(here), set(kept.split("."))
    found = []
    for group in GROUPS:
        lines = [
            Line(
                place.label,
                reverse(place.view),
                place.icon,
                place.view == active,
                counts.get(place.view, 0),
                place.short,
                _KEYS.get(place.view, ""),
            )
            for place in group.places
            if not roles.isdisjoint(place.roles) and (heard or not place.heard)
        ]
        if lines:
            found.append(_section(group, lines, roles, choices))
    return found


def _section(
    group: Group, lines: list[Line], roles: AbstractSet[str], choices: set[str]
) -> Section:
    alone = len(lines) == 1
    daily = f"-{group.name}" not in choices and not roles.isdisjoint(group.daily)
    opened = daily or f"+{group.name}" in choices or any(line.active for line in lines)
    return Section(group.name, "" if alone else group.label, group.icon, opened, lines)


def dock(found: list[Section]) -> list[Line]:
    """The few places that a telephone keeps under the thumb."""
    return [line for section in found for line in section.lines if line.short][:4]


def _active(here: str) -> str:
    """The place that the view belongs to: itself, else the first of its room."""
    views = [place.view for place in PLACES]
    named = [place.view for place in PLACES if here in {place.view, *place.also}]
    if named:
        return named[0]
    room = here.partition(":")[0]
    if room == "desk":
        return ""
    return next((view for view in views if view.partition(":")[0] == room), "")
