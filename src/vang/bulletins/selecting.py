"""Finding bulletins of one commune: by views, category, language, words, and what rooms bring."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import BigIntegerField, Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Cast
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vang.base.clock import local_date
from vang.base.languages import VIETNAMESE
from vang.bulletins.due import waits_for
from vang.bulletins.models import Bulletin, Edition, Level, Wording
from vang.orgs.models import Unit
from vang.people.access import Role
from vang.people.models import Person
from vang.search.queries import find_entries
from vang.search.scopes import scope_at

State = Bulletin.State
SOON = timedelta(days=3)
MISSING = "-"
"""Before a language or ONE_LINE: what lacks it."""

VIEWS: Mapping[str, str | Promise] = {
    "": _("All"),
    "with-me": _("With me"),
    "drafts": pgettext_lazy("bulletins", "Drafts"),
    "waiting": _("Waiting for approval"),
    "approved": pgettext_lazy("bulletins", "Approved"),
    "on-air": pgettext_lazy("bulletins", "On the air"),
    "ending": _("Ending soon"),
    "missing": pgettext_lazy("bulletins", "Missing a language"),
    "over": pgettext_lazy("bulletins", "Over or withdrawn"),
}
"""Quick views by name."""

_STATES: Mapping[str, Sequence[str]] = {
    "drafts": (State.DRAFT, State.RETURNED),
    "waiting": (State.IN_REVIEW,),
    "approved": (State.APPROVED,),
    "on-air": (State.RELEASED,),
    "over": (State.EXPIRED, State.WITHDRAWN),
}


@dataclass(frozen=True)
class Filter:
    """One that another room brings: the choices at a unit, and the condition for one of them."""

    name: str
    label: str | Promise
    choices: Callable[[Unit], Sequence[tuple[str, str]]]
    condition: Callable[[str], Q]


further: list[Filter] = []
"""Filled when the process starts."""


@dataclass(frozen=True)
class Search:
    """What is looked for; empty fields do not narrow it.

    ``words`` stand in title or text, in any language. ``language``: one in which it is told, or
    after :data:`MISSING` one that nobody speaks in it yet (ONE_LINE: no line for boards and
    messages). ``further``: values of the filters of other rooms.
    """

    words: str = ""
    category: str = ""
    language: str = ""
    view: str = ""
    further: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Looking:
    """Who looks, where, when; ``languages``: those besides Vietnamese that clusters speak."""

    person: Person
    unit: Unit
    roles: frozenset[str]
    languages: Sequence[str]
    now: datetime


def found_bulletins(search: Search, looking: Looking) -> QuerySet[Bulletin]:
    """Newest change first, with what a list shows; texts stay in the database."""
    found = Bulletin.objects.filter(_view(search.view, looking), unit=looking.unit)
    if search.category:
        found = found.filter(current__category=search.category)
    if search.language:
        found = found.filter(_language(search.language))
    for one in further:
        if value := search.further.get(one.name):
            found = found.filter(one.condition(value))
    if search.words.strip():
        scope = scope_at(looking.unit, looking.roles, oversees=False)
        entries = find_entries(search.words, scope, "bulletin").order_by()
        keys = entries.annotate(pk_of=Cast("key", BigIntegerField())).values("pk_of")
        found = found.filter(pk__in=keys)
    wordings = Wording.objects.only("version_id", "language", "level").order_by("pk")
    return (
        found.select_related("current", "created_by")
        .defer("current__text", "search_key")
        .prefetch_related(Prefetch("current__wordings", wordings))
        .order_by("-changed_at", "-id")
    )


def views_for(looking: Looking) -> list[tuple[str, str | Promise]]:
    """Those that can show something here."""
    return [
        (name, label) for name, label in VIEWS.items() if name != "missing" or looking.languages
    ]


def _language(asked: str) -> Q:
    if asked.startswith(MISSING):
        return _lacking([asked.removeprefix(MISSING)])
    return Q(Exists(Wording.objects.filter(version=OuterRef("current"), language=asked)))


def _lacking(what: Sequence[str]) -> Q:
    """At least one of these is missing: languages without a recording, or the one line."""
    condition = Q(pk__in=())
    for one in what:
        there = Wording.objects.filter(version=OuterRef("current"), channel="")
        if one == Level.ONE_LINE:
            there = there.filter(language=VIETNAMESE, level=Level.ONE_LINE)
        else:
            there = there.filter(language=one, recording__isnull=False)
        condition |= Q(~Exists(there))
    return condition


def _view(name: str, looking: Looking) -> Q:
    if name in _STATES:
        return Q(state__in=_STATES[name])
    if name == "with-me":
        return _with_me(looking)
    if name == "missing":
        return _lacking(looking.languages) & ~Q(state__in=_STATES["over"])
    return _ending(looking) if name == "ending" else Q()


def _with_me(looking: Looking) -> Q:
    """What the person must go on with: own drafts, and what waits for their decision."""
    mine = Q(created_by=looking.person, state__in=_STATES["drafts"])
    if Role.APPROVER not in looking.roles:
        return mine
    return mine | waits_for(looking.person, looking.unit)


def _ending(looking: Looking) -> Q:
    today = local_date(looking.now)
    ending = Edition.objects.filter(
        unit=looking.unit,
        valid_until__range=(today, today + SOON),
        withdrawn_at=None,
        corrected_by=None,
    )
    return Q(pk__in=ending.order_by().values("bulletin"), state=State.RELEASED)
