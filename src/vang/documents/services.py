"""Every write of the register and of campaigns."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.documents import notices
from vang.documents.access import CLERKS, STARTERS, guard
from vang.documents.citing import key_of, number_in
from vang.documents.models import (
    Attachment,
    Basis,
    Campaign,
    CampaignTarget,
    Confirmation,
    Document,
    Recipient,
    Session,
)
from vang.documents.queries import addressees, known_by_key, reaching, units_named, visible
from vang.journal.services import record
from vang.library.attachments import keep_attachment
from vang.library.models import Item
from vang.orgs.models import Unit
from vang.orgs.reach import Aim, within_reach
from vang.people.access import roles
from vang.people.models import Person

MOST_LINES = 60
MOST_ATTACHMENTS = 20
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
        _record("register-document", document, by, now)
    return document


def change_document(*, document: Document, entry: Entry, by: Person, now: datetime) -> Document:
    """Another wording of what was written down. Raises Refusal.

    Bases and recipients that stay as they are keep what is known of them.
    """
    with transaction.atomic():
        fresh = _own(document, by, now)
        _fill(fresh, entry, now)
        fresh.save()
        _cite(fresh, entry.bases)
        _address(fresh, entry.recipients, now)
        _find_citing(fresh)
        _record("change-document", fresh, by, now)
    return fresh


def hold_item(*, document: Document, item: Item, by: Person, now: datetime) -> Document:
    """The file of a document that was written down without one; a file belongs to one document.

    Raises Refusal.
    """
    with transaction.atomic():
        fresh = _own(document, by, now)
        if fresh.item_id is None and not Document.objects.filter(item=item).exists():
            fresh.item, fresh.changed_at = item, now
            fresh.save(update_fields=["item", "changed_at"])
            _record("change-document", fresh, by, now)
    return fresh


def end_document(
    *, document: Document, ends_on: date, replaced_by: Document | None, by: Person, now: datetime
) -> Document:
    """From ``ends_on`` it holds no longer; whatever rests on it is shown. Raises Refusal."""
    with transaction.atomic():
        fresh = _own(document, by, now)
        begins = fresh.in_force_from or fresh.issued_on
        if begins is not None and ends_on < begins:
            raise Refusal("ends-before", _("It cannot end before it comes into force."))
        if replaced_by is not None and not _may_follow(fresh, replaced_by):
            raise Refusal("replaced-by", _("Choose another document that your unit sees."))
        fresh.in_force_to, fresh.replaced_by, fresh.changed_at = ends_on, replaced_by, now
        fresh.save()
        _record("end-document", fresh, by, now)
    return fresh


def keep_on_basis(*, basis: Basis, why: str, by: Person, now: datetime) -> Basis:
    """A basis has ended and the document still stands: somebody says why. Raises Refusal."""
    reason = clean_text(why).strip()[:500]
    if not reason:
        raise Refusal("comment-missing", _("Say why the document still stands."))
    with transaction.atomic():
        document = _own(basis.document, by, now)
        fresh = Basis.objects.select_for_update().get(pk=basis.pk)
        fresh.kept, fresh.kept_by, fresh.kept_at = reason, by, now
        fresh.save()
        _record("keep-on-basis", document, by, now)
    return fresh


def attach_file(
    *, document: Document, file_name: str, content: bytes, by: Person, now: datetime
) -> Attachment:
    """Keep a file with the document; the same file twice is one. Raises Refusal."""
    with transaction.atomic():
        fresh = _own(document, by, now)
        if fresh.attachments.count() >= MOST_ATTACHMENTS:
            raise Refusal("too-many-files", _("Twenty files at most belong to one document."))
        kept = keep_attachment(file_name, content)
        attachment, _created = Attachment.objects.get_or_create(
            document=fresh,
            sha256=kept.sha256,
            defaults={"name": kept.name, "size": kept.size, "added_by": by, "added_at": now},
        )
        _record("attach-to-document", fresh, by, now)
    return attachment


def remove_file(*, attachment: Attachment, by: Person, now: datetime) -> None:
    """Raises Refusal."""
    with transaction.atomic():
        fresh = _own(attachment.document, by, now)
        attachment.delete()
        _record("detach-from-document", fresh, by, now)


def send_document(*, document: Document, by: Person, now: datetime) -> int:
    """To every recipient it has not been sent to; returns how many. Raises Refusal."""
    with transaction.atomic():
        fresh = _own(document, by, now)
        rows = list(fresh.recipients.select_for_update().filter(sent_at=None))
        if not rows:
            raise Refusal("nobody-left", _("It has been sent to everybody that it names."))
        Recipient.objects.filter(pk__in=[row.pk for row in rows]).update(sent_at=now)
        _record("send-document", fresh, by, now)
        units = [row.unit for row in rows if row.unit is not None]
        notices.tell_of_sending(fresh, units, by=by, now=now)
    return len(rows)


def receive_document(*, recipient: Recipient, unit: Unit, by: Person, now: datetime) -> None:
    """Somebody of the unit says that it came. Raises Refusal."""
    with transaction.atomic():
        guard(by, CLERKS, unit, now)
        row = Recipient.objects.select_for_update().get(pk=recipient.pk)
        if row.unit_id != unit.pk or row.sent_at is None:
            raise Refusal("not-meant", _("It was not sent to your unit."))
        if row.received_at is None:
            row.received_at, row.received_by = now, by
            row.save()
            _record("receive-document", row.document, by, now, unit=unit)


def start_campaign(
    *, document: Document, unit: Unit, text: str, due_on: date, aims: Sequence[Aim], by: Person,
    now: datetime,
) -> Campaign:  # fmt: skip
    """Bring a document to units until a day. Raises Refusal."""
    with transaction.atomic():
        guard(by, STARTERS, unit, now)
        today = local_date(now)
        if not visible(unit).filter(pk=document.pk).exists():
            raise Refusal("not-visible", _("Your unit does not see this document."))
        if due_on < today:
            raise Refusal("due-past", _("The day must not lie in the past."))
        others = [aim for aim in aims if aim.unit.pk != unit.pk]
        if not aims or not within_reach(unit, others, today):
            raise Refusal("out-of-reach", _("Choose units that yours may speak to."))
        campaign = Campaign.objects.create(
            document=document,
            unit=unit,
            text=clean_text(text).strip()[:5_000],
            due_on=due_on,
            started_by=by,
            started_at=now,
        )
        for aim in aims:
            CampaignTarget.objects.create(campaign=campaign, unit=aim.unit, below=aim.below)
        _record("start-campaign", document, by, now, unit=unit)
        notices.tell_of_campaign(campaign, now=now)
    return campaign


def confirm(*, campaign: Campaign, unit: Unit, by: Person, now: datetime) -> None:
    """The person has read and understood it, for a unit that it reaches. Twice changes nothing.

    Raises Refusal.
    """
    meant = campaign.unit_id == unit.pk or reaching(unit).filter(pk=campaign.pk).exists()
    if not meant or not roles(by, unit, local_date(now)):
        raise Refusal("not-meant", _("The campaign does not reach your unit."))
    with transaction.atomic():
        _row, created = Confirmation.objects.get_or_create(
            campaign=campaign, unit=unit, person=by, defaults={"at": now}
        )
        if created:
            _record("confirm-document", campaign.document, by, now, unit=unit)


@dataclass(frozen=True)
class Meeting:
    """A session at which the document was explained."""

    held_on: date
    place: str
    attended: int
    speaker: str = ""
    note: str = ""


def note_session(
    *, campaign: Campaign, unit: Unit, meeting: Meeting, by: Person, now: datetime
) -> Session:
    """Raises Refusal."""
    with transaction.atomic():
        guard(by, CLERKS, unit, now)
        if campaign.unit_id != unit.pk and not reaching(unit).filter(pk=campaign.pk).exists():
            raise Refusal("not-meant", _("The campaign does not reach your unit."))
        if meeting.held_on > local_date(now):
            raise Refusal("session-to-come", _("Note a session once it was held."))
        session = Session.objects.create(
            campaign=campaign,
            unit=unit,
            held_on=meeting.held_on,
            place=meeting.place[:200],
            speaker=meeting.speaker[:200],
            attended=meeting.attended,
            note=clean_text(meeting.note).strip()[:1_000],
            noted_by=by,
            noted_at=now,
        )
        _record("note-session", campaign.document, by, now, unit=unit)
    return session


def close_campaign(*, campaign: Campaign, by: Person, now: datetime) -> Campaign:
    """Nobody is reminded any more; what was confirmed stays. Raises Refusal."""
    with transaction.atomic():
        guard(by, STARTERS, campaign.unit, now)
        fresh = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
        if fresh.closed_at is not None:
            raise Refusal("closed", _("The campaign is closed already."))
        fresh.closed_at = now
        fresh.save()
        _record("close-campaign", fresh.document, by, now, unit=fresh.unit)
    return fresh


def remind_missing(*, campaign: Campaign, by: Person, now: datetime) -> None:
    """Every unit in which nobody has confirmed, once a day at most. Raises Refusal."""
    guard(by, STARTERS, campaign.unit, now)
    if campaign.closed_at is not None:
        raise Refusal("closed", _("The campaign is closed already."))
    _record("remind-of-document", campaign.document, by, now, unit=campaign.unit)
    notices.remind(campaign, now=now)


def _own(document: Document, by: Person, now: datetime) -> Document:
    """Read anew and locked. Raises Refusal."""
    fresh = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    if fresh.unit is None:
        raise Refusal("of-the-state", _("This document of the State is the same for everybody."))
    guard(by, CLERKS, fresh.unit, now)
    return fresh


def _fill(document: Document, entry: Entry, now: datetime) -> None:
    kind, issuer, abstract = (_line(one) for one in (entry.kind, entry.issuer, entry.abstract))
    if not (kind and issuer and abstract):
        raise Refusal("entry-empty", _("Kind, issuing body and abstract are needed."))
    begins = entry.in_force_from or entry.issued_on
    if entry.in_force_to is not None and begins is not None and entry.in_force_to < begins:
        raise Refusal("ends-before", _("It cannot end before it comes into force."))
    if entry.in_force_to is None and document.replaced_by_id is not None:
        document.replaced_by = None
    document.kind, document.issuer, document.abstract = kind[:60], issuer[:200], abstract[:1000]
    document.number = _line(entry.number)[:60]
    document.number_key = key_of(document.number)
    document.way = Document.Way(entry.way)
    document.issued_on, document.in_force_from = entry.issued_on, entry.in_force_from
    document.in_force_to = entry.in_force_to
    document.signer, document.signing = _line(entry.signer)[:120], _line(entry.signing)[:120]
    document.arrived_on, document.arrival_number = (
        entry.arrived_on,
        _line(entry.arrival_number)[:40],
    )
    document.shared_below = entry.shared_below
    document.changed_at = now


def _line(text: str) -> str:
    return " ".join(clean_text(text).split())


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
    wanted = list(dict.fromkeys(_line(one)[:500] for one in lines if _line(one)))[:MOST_LINES]
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
    wanted = list(dict.fromkeys(_line(one)[:200] for one in lines if _line(one)))[:MOST_LINES]
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


def _record(
    action: str, document: Document, by: Person, now: datetime, unit: Unit | None = None
) -> None:
    place = unit or document.unit
    record(action, f"document:{document.pk}", by=by, unit=place, now=now, number=document.number)
