"""Pages to go to and things to do, as the palette offers them."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vang.airtime.access import STOPPERS
from vang.base.text import fold
from vang.desk.context import Console
from vang.people.access import Role

Words = str | Promise
_MOST = 8


@dataclass(frozen=True)
class Way:
    """One line: where it leads, and what it is called."""

    label: Words
    url: str
    icon: str


@dataclass(frozen=True)
class Verb:
    """Something to do that begins on a page of its own. ``also``: other words for it."""

    label: Words
    view: str
    icon: str
    roles: frozenset[str]
    also: Words = ""
    anchor: str = ""
    heard: bool = False


_EVERYBODY = frozenset(Role.values)
VERBS = (
    Verb(
        _("Write a bulletin"),
        "bulletins:new",
        "plus",
        frozenset({Role.WRITER}),
        also=_("new notice"),
    ),
    Verb(
        _("Stop everything"),
        "airtime:day",
        "hand-stop",
        frozenset(STOPPERS),
        anchor="stop-everything",
        heard=True,
    ),
    Verb(
        _("Open a programme"),
        "airtime:new-programme",
        "repeat",
        frozenset({Role.APPROVER, Role.ADMINISTRATOR}),
        heard=True,
    ),
    Verb(
        _("Add a loudspeaker"),
        "stations:new",
        "speakerphone",
        frozenset({Role.TECHNICIAN, Role.ADMINISTRATOR}),
        heard=True,
    ),
    Verb(
        _("Merge or split units"),
        "mergers:new",
        "arrows-move",
        frozenset({Role.ADMINISTRATOR}),
        also=_("rename a unit"),
    ),
    Verb(_("My account"), "people:account", "user", _EVERYBODY, also=_("password")),
    Verb(_("Notices"), "notices:list", "bell", _EVERYBODY),
)


def ways(around: Console, typed: str) -> list[Way]:
    """Verbs and places whose words begin like those typed; with nothing typed the verbs."""
    wanted = fold(typed).split()
    found = [
        way
        for way, words in (*_verbs(around), *_places(around))
        if all(any(word.startswith(one) for word in fold(words).split()) for one in wanted)
    ]
    return found[:_MOST]


def _verbs(around: Console) -> list[tuple[Way, str]]:
    return [
        (Way(verb.label, _address(verb), verb.icon), f"{verb.label} {verb.also}")
        for verb in VERBS
        if not around.roles.isdisjoint(verb.roles) and (around.heard or not verb.heard)
    ]


def _address(verb: Verb) -> str:
    return reverse(verb.view) + (f"#{verb.anchor}" if verb.anchor else "")


def _places(around: Console) -> list[tuple[Way, str]]:
    return [
        (Way(line.label, line.url, line.icon), str(line.label))
        for section in around.navigation
        for line in section.lines
    ]
