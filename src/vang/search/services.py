"""Keeping the index: in the transaction of the act that changes what is found."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from django.db import connection, transaction

from vang.search import database
from vang.search.kinds import Item, Kind, all_kinds, find_kind
from vang.search.models import Entry, Word
from vang.search.scopes import is_mark, marks_of
from vang.search.tokens import LONGEST, TEXT_KEPT, document

_BATCH = 1_000


def refresh(subject: str) -> None:
    """Read anew what the journal's subject ("bulletin:12") names; what is gone is found no more.

    Called by every act through the journal. A kind that nobody registered costs nothing.
    """
    name, _, key = subject.partition(":")
    kind = find_kind(name)
    if kind is not None and key:
        _store(kind, key, kind.items([key]))


def forget(kind: str, key: str) -> None:
    """It is found no more: for what is deleted after its act was told."""
    Entry.objects.filter(kind=kind, key=key).delete()


def rebuild(*, told: Callable[[str, int], object] = lambda _name, _count: None) -> int:
    """The whole index from what is there. Returns how many entries it has.

    In one transaction: people go on finding the old entries until the new ones stand.
    """
    total = 0
    with transaction.atomic():
        sqlite = connection.vendor == "sqlite"
        if sqlite:  # its word index is made again faster in one go, and readers do not wait
            database.remove(connection)
        old = Entry.objects.order_by()
        old._raw_delete(old.db)
        Word.objects.all().delete()
        words: set[str] = set()
        for kind in all_kinds():
            count = _fill(kind, words)
            told(kind.name, count)
            total += count
        _note_words(words)
        if sqlite:
            database.install(connection)
    return total


def _fill(kind: Kind, words: set[str]) -> int:
    count, items = 0, iter(kind.items(None))
    while batch := list(islice(items, _BATCH)):
        made = Entry.objects.bulk_create(_entries(kind, batch))
        words.update(word for entry in made for word in entry.words.split())
        count += len(batch)
    return count


def _store(kind: Kind, key: str, items: Iterable[Item]) -> None:
    with transaction.atomic():
        Entry.objects.filter(kind=kind.name, key=key).delete()
        made = Entry.objects.bulk_create(_entries(kind, items))
        _note_words({word for entry in made for word in entry.words.split()})


def _note_words(words: set[str]) -> None:
    """Those that are not known yet, without the marks of scope."""
    plain = iter(sorted(word for word in words if len(word) <= LONGEST and not is_mark(word)))
    while batch := list(islice(plain, _BATCH)):
        known = set(Word.objects.filter(word__in=batch).values_list("word", flat=True))
        fresh = (Word(word=word) for word in batch if word not in known)
        Word.objects.bulk_create(fresh, ignore_conflicts=True)


def _entries(kind: Kind, items: Iterable[Item]) -> Iterator[Entry]:
    for item in items:
        marks = marks_of(kind.name, item.unit, shared_below=item.shared_below)
        yield Entry(
            kind=kind.name,
            key=item.key,
            unit=item.unit,
            title=item.title[:300],
            text=item.text[:TEXT_KEPT],
            note=item.note[:200],
            state=item.state,
            url=item.url,
            at=item.at,
            words=document(item.title, item.text, marks),
        )
