"""What a person opened lately: noted by the page itself, shown only while they may see it."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve

from vang.desk.models import Opened
from vang.people.models import Person
from vang.search.kinds import kind_of_view
from vang.search.models import Entry
from vang.search.queries import entries_seen
from vang.search.scopes import Scope

_KEPT = 30
_SHOWN = 6


def thing_at(address: str) -> tuple[str, str] | None:
    """Kind and key of the thing whose page stands at an address of ours."""
    try:
        match = resolve(urlsplit(address).path)
    except (Resolver404, ValueError):
        return None
    kind = kind_of_view(match.view_name)
    key = match.kwargs.get(kind.argument) if kind is not None else None
    return (kind.name, str(key)) if kind is not None and key is not None else None


def remember(
    person: Person, kind: str, key: str, scopes: Sequence[Scope], *, now: datetime
) -> None:
    """Note it as the newest, if the person may see it; the oldest beyond thirty are forgotten."""
    if not entries_seen([(kind, key)], scopes):
        return
    Opened.objects.update_or_create(person=person, kind=kind, key=key, defaults={"at": now})
    mine = Opened.objects.filter(person=person)
    beyond = list(mine.values_list("pk", flat=True)[_KEPT : _KEPT + 10])
    if beyond:
        mine.filter(pk__in=beyond).delete()


def opened_lately(person: Person, scopes: Sequence[Scope]) -> list[Entry]:
    """Newest first, as they are called now. Two queries."""
    rows = Opened.objects.filter(person=person).values_list("kind", "key")
    keys = list(rows[:_KEPT])
    found = entries_seen(keys, scopes) if keys else {}
    return [found[key] for key in keys if key in found][:_SHOWN]
