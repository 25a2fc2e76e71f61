"""The journal as a chain of hashes, and the search for what was done to it afterwards.

A row enters the chain the moment its act is committed, in a short transaction of its own: a lock
that every act held until its end would let two acts wait for each other for ever. A row that was
committed but not yet chained (the process died in between) is taken in by the next one, or by the
worker.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from django.db import connection, transaction
from django.db.models import F, prefetch_related_objects

from vang.journal.models import Entry, Head, Seal

ZEROS = "0" * 64
_LOOK_BACK, _LOOK_FAR = 500, 5_000
"""Numbers are not committed in their order: so far behind the newest is looked for stragglers."""
_AT_ONCE = 2_000


def seal_soon() -> None:
    """After the commit. Asked for many times in one transaction, it is done once."""
    if all(entry[1] is not _after_commit for entry in connection.run_on_commit):
        transaction.on_commit(_after_commit, robust=True)


def _after_commit() -> None:
    seal()


def seal_due(*, now: datetime) -> int:  # noqa: ARG001 - as the worker calls everything
    """What a dead process left over. Without any, nothing is locked."""
    newest = Head.objects.filter(id=Head.ONLY).values_list("newest", flat=True).first() or 0
    left = Entry.objects.filter(pk__gt=max(0, newest - _LOOK_FAR), seal=None)
    return seal(look_back=_LOOK_FAR) if left.exists() else 0


def seal(*, look_back: int | None = _LOOK_BACK) -> int:
    """Chain every committed entry that is not yet; how many. ``look_back`` None: from the first."""
    total = 0
    while found := _seal_some(look_back):
        total += found
        if found < _AT_ONCE:
            break
    return total


@transaction.atomic
def _seal_some(look_back: int | None) -> int:
    head = _held_head()
    after = 0 if look_back is None else max(0, head.newest - look_back)
    rows = list(Entry.objects.filter(pk__gt=after, seal=None).order_by("pk")[:_AT_ONCE])
    if not rows:
        return 0
    prefetch_related_objects(rows, "mentions")
    seals = []
    for row in rows:
        head.entries += 1
        head.chain = link(head.chain, head.entries, row)
        head.newest = max(head.newest, row.pk)
        seals.append(Seal(position=head.entries, entry=row, chain=head.chain))
    Seal.objects.bulk_create(seals, batch_size=500)
    head.save()
    return len(seals)


def _held_head() -> Head:
    """Nobody else adds to the chain until the transaction ends."""
    Head.objects.get_or_create(id=Head.ONLY)
    Head.objects.filter(id=Head.ONLY).update(entries=F("entries"))
    return Head.objects.get(id=Head.ONLY)


def head() -> tuple[int, str]:
    """How many entries the chain has, and the hash of the last."""
    row = Head.objects.filter(id=Head.ONLY).first()
    return (row.entries, row.chain) if row else (0, ZEROS)


def link(before: str, position: int, entry: Entry) -> str:
    """SHA-256 over the hash before, the place, and everything that the row says."""
    return sha256(f"{before}\n{position}\n{canonical(entry)}".encode()).hexdigest()


def canonical(entry: Entry) -> str:
    """The row in one spelling, whichever database holds it. Its mentions belong to it."""
    said = {
        "id": entry.pk,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "by": entry.by_id,
        "capacity": entry.capacity,
        "unit": entry.unit_id,
        "action": entry.action,
        "subject": entry.subject,
        "detail": entry.detail,
        "about": sorted(one.subject for one in entry.mentions.all()),
    }
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True)
class Fault:
    """Where the chain does not hold. ``kind``: changed, deleted, inserted, moved, cut."""

    kind: str
    position: int
    detail: str


def verify(known: Iterable[tuple[int, str]] = ()) -> Iterator[Fault]:
    """Read the whole journal again and tell every place where it is not what was chained.

    ``known``: heads that somebody outside has kept (nodes, the province), as (entries, hash): who
    cuts off the end and rewrites everything before it is found by them alone.
    """
    heads = dict(known)
    entries, chain = head()
    wanted = dict(heads)
    before, position = ZEROS, 0
    sealed = Seal.objects.select_related("entry").prefetch_related("entry__mentions")
    for row in sealed.order_by("position").iterator(chunk_size=_AT_ONCE):
        if row.position != position + 1:
            yield Fault("deleted", position + 1, f"{row.position - position - 1} places are empty")
            before = ""  # what the missing ones held is not known
        position = row.position
        own = link(before, position, row.entry)
        if before and own != row.chain:
            yield Fault("changed", position, f"entry {row.entry_id} is not what was chained")
        before = row.chain
        if wanted.pop(position, before) != before:
            yield Fault("rewritten", position, "the hash is not the one that was kept outside")
    if (position, before if position else ZEROS) != (entries, chain):
        yield Fault("cut", position, f"the chain had {entries} entries")
    yield from (Fault("cut", at, "kept outside, and no longer here") for at in sorted(wanted))
    yield from _never_chained()


def _never_chained() -> Iterator[Fault]:
    """Rows that were put in behind the back of the application; the newest may be on its way."""
    newest = Head.objects.filter(id=Head.ONLY).values_list("newest", flat=True).first() or 0
    rows = Entry.objects.filter(seal=None, pk__lte=newest).order_by("pk")
    for pk in rows.values_list("pk", flat=True).iterator():
        yield Fault("inserted", 0, f"entry {pk} was never chained")
