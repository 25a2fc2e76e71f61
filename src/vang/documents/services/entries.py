"""Every write of the register: what is written down of a document, and what becomes of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.documents.access import CLERKS, guard
from vang.documents.citing import key_of, number_in
from vang.documents.models import (
    Basis,
    Document,
    Recipient,
)
from vang.documents.queries import addressees, known_by_key, units_named, visible
from vang.documents.services.acting import note, one_line, own
from vang.library.models import Item
from vang.orgs.models import Unit
from vang.people.models import Person

MOST_LINES = 60
_ASIDE = 10_000


@dataclass(frozen=True)
class Entry:
    """What is written down of a document. ``bases`` and ``recipients``: a line each."""

    kind: str
    issuer: str
    abstract: str
    number: str = ""
    way: str = Document.Way.IN
    issued_on: date | None = None
    in_force_from: date | None = None
    in_force_to: date | None = None
    signer: str = ""
    signing: str = ""
    arrived_on: date | None = None
    arrival_number: str = ""
    shared_below: bool = False
    bases: Sequence[str] = ()
    recipients: Sequence[str] = ()
    item: Item | None = field(default=None, compare=False)


def register_document(*, unit: Unit, entry: Entry, by: Person, now: datetime) -> Document:
    """Into the register of the unit. Raises Refusal; the same document twice is refused by name."""
    with transaction.atomic():
        guard(by, CLERKS, unit, now)
        document = Document(unit=unit, noted_by=by, noted_at=now)
        _fill(document, entry, now)
        _check_new(document)
        document.item = entry.item
        document.save()
        _cite(document, entry.bases)
        _address(document, entry.recipients, now)
        _find_citing(document)
        note("register-document", document, by, now)
    return document


def change_document(*, document: Document, entry: Entry, by: Person, now: datetime) -> Document:
    """Another wording of what was written down. Raises Refusal.

    Bases and recipients that stay as they are keep what is known of them.
    """
    with transaction.atomic():
        fresh = own(document, by, now)
        _fill(fresh, entry, now)
        fresh.save()
        _cite(fresh, entry.bases)
        _address(fresh, entry.recipients, now)
        _find_citing(fresh)
        note("change-document", fresh, by, now)
    return fresh


def hold_item(*, document: Document, item: Item, by: Person, now: datetime) -> Document:
    """The file of a document that was written down without one; a file belongs to one document.

    Raises Refusal.
    """
    with transaction.atomic():
        fresh = own(document, by, now)
        if fresh.item_id is None and not Document.objects.filter(item=item).exists():
            fresh.item, fresh.changed_at = item, now
            fresh.save(update_fields=["item", "changed_at"])
            note("change-document", fresh, by, now)
    return fresh


def end_document(
    *, document: Document, ends_on: date, replaced_by: Document | None, by: Person, now: datetime
) -> Document:
    """From ``ends_on`` it holds no longer; whatever rests on it is shown. Raises Refusal."""
    with transaction.atomic():
        fresh = own(document, by, now)
        begins = fresh.in_force_from or fresh.issued_on
        if begins is not None and ends_on < begins:
            raise Refusal("ends-before", _("It cannot end before it comes into force."))
        if replaced_by is not None and not _may_follow(fresh, replaced_by):
            raise Refusal("replaced-by", _("Choose another document that your unit sees."))
        fresh.in_force_to, fresh.replaced_by, fresh.changed_at = ends_on, replaced_by, now
        fresh.save()
        note("end-document", fresh, by, now)
    return fresh


def keep_on_basis(*, basis: Basis, why: str, by: Person, now: datetime) -> Basis:
    """A basis has ended and the document still stands: somebody says why. Raises Refusal."""
    reason = clean_text(why).strip()[:500]
    if not reason:
        raise Refusal("comment-missing", _("Say why the document still stands."))
    with transaction.atomic():
        document = own(basis.document, by, now)
        fresh = Basis.objects.select_for_update().get(pk=basis.pk)
        fresh.kept, fresh.kept_by, fresh.kept_at = reason, by, now
        fresh.save()
        note("keep-on-basis", document, by, now)
    return fresh


def _fill(document: Document, entry: Entry, now: datetime) -> None:
    kind, issuer, abstract = (one_line(one) for one in (entry.kind, entry.issuer, entry.abstract))
    if not (kind and issuer and abstract):
        raise Refusal("entry-empty", _("Kind, issuing body and abstract are needed."))
    begins = entry.in_force_from or entry.issued_on
    if entry.in_force_to is not None and begins is not None and entry.in_force_to < begins:
        raise Refusal("ends-before", _("It cannot end before it comes into force."))
    if entry.in_force_to is None and document.replaced_by_id is not None:
        document.replaced_by = None
    document.kind, document.issuer, document.abstract = kind[:60], issuer[:200], abstract[:1000]
    document.number = one_line(entry.number)[:60]
    document.number_key = key_of(document.number)
    document.way = Document.Way(entry.way)
    document.issued_on, document.in_force_from = entry.issued_on, entry.in_force_from
    document.in_force_to = entry.in_force_to
    document.signer, document.signing = one_line(entry.signer)[:120], one_line(entry.signing)[:120]
    document.arrived_on, document.arrival_number = (
        entry.arrived_on,
        one_line(entry.arrival_number)[:40],
    )
    document.shared_below = entry.shared_below
    document.changed_at = now


def _check_new(document: Document) -> None:
    if not document.number_key:
        return
    known = Document.objects.filter(
        unit=document.unit, number_key=document.number_key, issued_on=document.issued_on
    ).first()
    if known is not None:
        words = str(_("It stands in the register already: {document}."))
        raise Refusal("registered", words.format(document=known))


def _cite(document: Document, lines: Sequence[str]) -> None:
    """Lines that stay keep their row, with what somebody said of it."""
    wanted = list(dict.fromkeys(one_line(one)[:500] for one in lines if one_line(one)))[:MOST_LINES]
    before = {row.words: row for row in document.bases.all()}
    document.bases.exclude(words__in=wanted).delete()
    keys = {one: key_of(number_in(one)) for one in wanted}
    unit = document.unit
    known = known_by_key(unit, set(keys.values())) if unit is not None else {}
    # Out of each other's way first: a place is taken once.
    for at, words in enumerate(wanted):
        row = before.get(words) or Basis(document=document, words=words)
        row.place, row.key = _ASIDE + at, keys[words]
        meant = known.get(row.key)
        row.basis = meant if meant is not None and meant.pk != document.pk else None
        row.save()
        before[words] = row
    for at, words in enumerate(wanted):
        Basis.objects.filter(pk=before[words].pk).update(place=at)


def _find_citing(document: Document) -> None:
    """Lines that named its number before it was known."""
    if not document.number_key:
        return
    rows = Basis.objects.filter(basis=None, key=document.number_key).exclude(document=document)
    if document.unit_id is not None and not document.shared_below:
        rows = rows.filter(document__unit=document.unit_id)
    rows.update(basis=document)


def _address(document: Document, lines: Sequence[str], now: datetime) -> None:
    """Names that stay keep their row; a name that was sent to is never dropped silently."""
    wanted = list(dict.fromkeys(one_line(one)[:200] for one in lines if one_line(one)))[:MOST_LINES]
    unit, on = document.unit, local_date(now)
    meant = units_named(wanted, addressees(unit, on) if unit is not None else [])
    rows: list[tuple[str, Unit | None]] = []
    for name in wanted:
        units = meant[name]
        rows += (
            [(name, units[0] if units else None)]
            if len(units) < 2
            else [(one.full_name, one) for one in units]
        )
    names = {name for name, _unit in rows}
    document.recipients.filter(sent_at=None).exclude(name__in=names).delete()
    kept = {row.name: row for row in document.recipients.all()}
    gone = [row for name, row in kept.items() if name not in names]
    # Out of each other's way first: a place is taken once.
    for at, row in enumerate(kept.values()):
        Recipient.objects.filter(pk=row.pk).update(place=_ASIDE + at)
    for at, (name, one) in enumerate(rows):
        row = kept.get(name) or Recipient(document=document, name=name)
        row.place, row.unit = at, one
        row.save()
    for at, row in enumerate(gone, start=len(rows)):
        Recipient.objects.filter(pk=row.pk).update(place=at)


def _may_follow(document: Document, other: Document) -> bool:
    unit = document.unit
    seen = unit is not None and visible(unit).filter(pk=other.pk).exists()
    return seen and document.pk not in {other.pk, other.replaced_by_id}
