"""Finding things: hits by kind, those with the very marks typed first, then the newest."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, QuerySet

from vang.search.database import Ask, asked, beginnings
from vang.search.kinds import Kind, all_kinds, find_kind
from vang.search.models import Entry
from vang.search.quoting import Part, marked, quoted
from vang.search.scopes import Scope
from vang.search.tokens import Wanted, finished, wanted

A_GROUP = 5
A_PAGE = 20


@dataclass(frozen=True)
class Hit:
    """A thing found. ``title`` and ``quote`` are cut where the words typed stand."""

    entry: Entry
    title: list[Part]
    quote: list[Part]


@dataclass(frozen=True)
class Group:
    """Hits of one kind. ``more``: there are others."""

    kind: Kind
    hits: list[Hit]
    more: bool


@dataclass(frozen=True)
class Page:
    """One page of the hits of one kind."""

    kind: Kind
    hits: list[Hit]
    number: int
    more: bool


def find(typed: str, scopes: Sequence[Scope], *, a_group: int = A_GROUP) -> list[Group]:
    """The best of every kind that the person may see. Three queries."""
    asking = wanted(typed)
    kinds = [kind for kind in all_kinds() if _places(kind, scopes)]
    found = _ids(asking, kinds, scopes, limit=a_group + 1)
    entries = _entries([pk for pks in found.values() for pk in pks[: a_group + 1]])
    groups = []
    for kind in kinds:
        hits = _hits(found[kind.name], entries, asking)
        if hits:
            groups.append(Group(kind, hits[:a_group], len(hits) > a_group))
    return groups


def find_page(typed: str, scopes: Sequence[Scope], kind_name: str, number: int) -> Page | None:
    """One page of one kind; None when the person finds no such kind. Three queries.

    Marked and unmarked hits are one list here: those with the very marks first, on page 1.
    """
    kind = find_kind(kind_name)
    if kind is None or not _places(kind, scopes):
        return None
    asking, first = wanted(typed), (number - 1) * A_PAGE
    found = _ids(asking, [kind], scopes, limit=first + A_PAGE + 1)[kind.name]
    entries = _entries(found[first : first + A_PAGE + 1])
    hits = _hits(found[first:], entries, asking)
    return Page(kind, hits[:A_PAGE], number, len(hits) > A_PAGE)


def find_entries(typed: str, scope: Scope, kind_name: str, *, limit: int = 500) -> QuerySet[Entry]:
    """Things of one kind, at most ``limit``, for lists of their own. Two queries, and this one."""
    kind = find_kind(kind_name)
    if kind is None:
        return Entry.objects.none()
    pks = _ids(wanted(typed), [kind], [scope], limit=limit)[kind.name]
    return Entry.objects.filter(pk__in=pks)


def entries_seen(
    keys: Collection[tuple[str, str]],
    scopes: Sequence[Scope],
    *,
    units: Collection[int] | None = None,
) -> dict[tuple[str, str], Entry]:
    """Of some things named by kind and key those that the person may see. One query.

    ``units``: where things named by a word are looked for, such as words of the dictionary, which
    thousands of communes have alike. Things named by a number are found wherever they are.
    """
    wanted_keys = set(keys)
    found = Q(pk__in=())
    for kind in sorted({kind for kind, _key in wanted_keys}):  # the index begins with the kind
        named = [key for one, key in wanted_keys if one == kind]
        words = [key for key in named if not key.isdecimal()]
        found |= Q(kind=kind, key__in=[key for key in named if key.isdecimal()])
        theirs = Q() if units is None else Q(unit__in=units)
        found |= theirs & Q(kind=kind, key__in=words)
    return {
        (row.kind, row.key): row
        for row in Entry.objects.filter(found).order_by("id").defer("text")
        if (row.kind, row.key) in wanted_keys and _seen(row, scopes)
    }


def _seen(row: Entry, scopes: Sequence[Scope]) -> bool:
    kind = find_kind(row.kind)
    if kind is None:
        return False
    marks = set(row.words.split(" ", 12)[:12])
    return not marks.isdisjoint(_places(kind, scopes))


def _places(kind: Kind, scopes: Sequence[Scope]) -> frozenset[str]:
    """Where the person finds things of the kind."""
    found = [s.places for s in scopes if not kind.roles or not kind.roles.isdisjoint(s.roles)]
    return frozenset[str]().union(*found)


def _ids(
    asking: Wanted, kinds: Sequence[Kind], scopes: Sequence[Scope], *, limit: int
) -> dict[str, list[int]]:
    """Keys of entries by kind, the very marks first. Two queries."""
    if asking.empty:
        return {kind.name: [] for kind in kinds}
    unfinished = {t.word for t in (*asking.plain, *asking.exact) if t.begins}
    forms = beginnings(connection, unfinished)
    asks = [
        Ask(f"{way}{kind.name}", kind.name, _places(kind, scopes), finished(terms, forms), limit)
        for kind in kinds
        for way, terms in (("=", asking.exact), ("~", asking.plain))
        if terms
    ]
    rows = asked(connection, asks)
    found: dict[str, list[int]] = {kind.name: [] for kind in kinds}
    for way in "=~":
        for label, pk in rows:
            if label[0] == way and pk not in found[label[1:]]:
                found[label[1:]].append(pk)
    return {name: pks[:limit] for name, pks in found.items()}


def _entries(pks: Collection[int]) -> dict[int, Entry]:
    return Entry.objects.select_related("unit").defer("words").in_bulk(list(pks)) if pks else {}


def _hits(pks: Sequence[int], entries: dict[int, Entry], asking: Wanted) -> list[Hit]:
    """Each thing once, though it may stand in several units."""
    seen: set[str] = set()
    hits = []
    for pk in pks:
        entry = entries.get(pk)
        if entry is None or entry.key in seen:
            continue
        seen.add(entry.key)
        hits.append(Hit(entry, marked(entry.title, asking), quoted(entry.text, asking)))
    return hits
