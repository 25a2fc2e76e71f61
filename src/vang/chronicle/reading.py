"""Rows of the journal in words, with the things they tell of as far as the reader may see them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from vang.chronicle.acts import act_of, told
from vang.chronicle.things import LABELS, names_of
from vang.journal.models import Entry
from vang.people.models import Person
from vang.people.searching import scopes_of
from vang.search.kinds import find_kind
from vang.search.queries import entries_seen

Key = tuple[str, str]


@dataclass(frozen=True)
class Named:
    """Something that a row tells of. ``url`` is "" for what the reader cannot open."""

    label: str
    name: str
    url: str = ""


@dataclass(frozen=True)
class Row:
    """One act: who, in whose name, what, with which things and particulars."""

    entry: Entry
    label: str
    note: str
    things: list[Named]


def rows_of(entries: Iterable[Entry], *, reader: Person, on: date, but: str = "") -> list[Row]:
    """In the order given. ``but`` is the subject whose page this is: not named on each row.

    A few queries, however many rows.
    """
    kept = list(entries)
    units = {entry.unit_id for entry in kept if entry.unit_id is not None}
    names = _names({key for entry in kept for key in _keys(entry)}, units, reader, on)
    return [_row(entry, names, but) for entry in kept]


def _row(entry: Entry, names: Mapping[Key, Named], but: str) -> Row:
    keys = [key for key in _keys(entry) if ":".join(key) != but]
    return Row(
        entry=entry,
        label=str(act_of(entry.action).label),
        note=told(entry.action, entry.detail),
        things=[names[key] for key in keys if key in names],
    )


def _keys(entry: Entry) -> list[Key]:
    subjects = [entry.subject, *(mention.subject for mention in entry.mentions.all())]
    found = (subject.partition(":") for subject in subjects)
    return [(kind, key) for kind, _colon, key in found if key]


def _names(keys: set[Key], units: set[int], reader: Person, on: date) -> dict[Key, Named]:
    """What the reader can find comes with its page, of the rest only the name is told."""
    named = {}
    findable = {key: found for key in keys if (found := find_kind(key[0])) is not None}
    if findable:
        for key, hit in entries_seen(findable, scopes_of(reader, on), units=units).items():
            label = LABELS.get(key[0]) or findable[key].label
            named[key] = Named(str(label), hit.title, hit.url)
    missing = keys - named.keys()
    for (kind, pk), name in names_of((k, int(pk)) for k, pk in missing if pk.isdecimal()).items():
        named[kind, str(pk)] = Named(str(LABELS[kind]), name)
    return named
