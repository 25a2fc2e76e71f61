"""Every write of guidance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.bulletins.models import Category
from vang.guidance import notices
from vang.guidance.access import ISSUERS, NEWSROOM, guard
from vang.guidance.matching import read_topics
from vang.guidance.models import Attachment, Guidance, Reading, Target
from vang.guidance.queries import received
from vang.journal.services import record
from vang.library.attachments import keep_attachment
from vang.orgs.models import Unit
from vang.orgs.reach import Aim, within_reach
from vang.people.access import Role, roles
from vang.people.models import Person

State = Guidance.State
MOST_ATTACHMENTS = 10


@dataclass(frozen=True)
class Note:
    """What a note says. ``topics`` as typed: one a line or between commas."""

    title: str
    starts_on: date
    ends_on: date
    number: str = ""
    signed_on: date | None = None
    categories: tuple[str, ...] = ()
    topics: str = ""
    text: str = ""
    do: str = ""
    avoid: str = ""


def write_guidance(
    *, unit: Unit, note: Note, aims: Sequence[Aim], by: Person, now: datetime
) -> Guidance:
    """A draft of the unit's own. Raises Refusal."""
    with transaction.atomic():
        guard(by, NEWSROOM, unit, now)
        guidance = Guidance(unit=unit, created_by=by, created_at=now)
        _fill(guidance, note, aims, now)
        _aim(guidance, aims)
        _record("write-guidance", guidance, by, now)
    return guidance


def change_guidance(
    *, guidance: Guidance, note: Note, aims: Sequence[Aim], by: Person, now: datetime
) -> Guidance:
    """Another content of a draft. Raises Refusal."""
    with transaction.atomic():
        fresh = _draft(guidance, by, NEWSROOM, now)
        _fill(fresh, note, aims, now)
        fresh.targets.all().delete()
        _aim(fresh, aims)
        _record("change-guidance", fresh, by, now)
    return fresh


def attach_file(
    *, guidance: Guidance, file_name: str, content: bytes, by: Person, now: datetime
) -> Attachment:
    """Add a file to a draft; the same file twice is one. Raises Refusal."""
    with transaction.atomic():
        fresh = _draft(guidance, by, NEWSROOM, now)
        if fresh.attachments.count() >= MOST_ATTACHMENTS:
            raise Refusal("too-many-files", _TOO_MANY)
        kept = keep_attachment(file_name, content)
        attachment, _created = Attachment.objects.get_or_create(
            guidance=fresh,
            sha256=kept.sha256,
            defaults={"name": kept.name, "size": kept.size, "added_by": by, "added_at": now},
        )
        _record("attach-to-guidance", fresh, by, now)
    return attachment


def remove_file(*, attachment: Attachment, by: Person, now: datetime) -> None:
    """Take a file from a draft. Raises Refusal."""
    with transaction.atomic():
        fresh = _draft(attachment.guidance, by, NEWSROOM, now)
        attachment.delete()
        _record("detach-from-guidance", fresh, by, now)


def issue_guidance(*, guidance: Guidance, by: Person, now: datetime) -> Guidance:
    """Send it out: from now on it is read and not changed any more. Raises Refusal."""
    with transaction.atomic():
        fresh = _draft(guidance, by, ISSUERS, now)
        if fresh.ends_on < local_date(now):
            raise Refusal("period-over", _PERIOD_OVER)
        if not (fresh.text or fresh.do or fresh.avoid or fresh.attachments.exists()):
            raise Refusal("note-empty", _NOTE_EMPTY)
        fresh.state, fresh.issued_by, fresh.issued_at, fresh.changed_at = State.ISSUED, by, now, now
        fresh.save()
        _record("issue-guidance", fresh, by, now)
        notices.tell_of_issue(fresh, now=now)
    return fresh


def revoke_guidance(*, guidance: Guidance, reason: str, by: Person, now: datetime) -> Guidance:
    """It holds no longer; it stays readable, marked. Raises Refusal."""
    clean = clean_text(reason).strip()
    if not clean:
        raise Refusal("comment-missing", _WHY_MISSING)
    with transaction.atomic():
        fresh = _locked(guidance)
        guard(by, ISSUERS, fresh.unit, now)
        if fresh.state != State.ISSUED:
            raise Refusal("not-issued", _NOT_ISSUED)
        fresh.state, fresh.revoked_at, fresh.revoked_reason = State.REVOKED, now, clean
        fresh.changed_at = now
        fresh.save()
        _record("revoke-guidance", fresh, by, now)
    return fresh


def mark_read(*, guidance: Guidance, unit: Unit, by: Person, now: datetime) -> None:
    """The person has read it for a unit that it goes to. Reading twice changes nothing.

    Raises Refusal for a unit that it does not go to, or in which the person has no role.
    """
    meant = received(unit).filter(pk=guidance.pk).exists()
    if not meant or not roles(by, unit, local_date(now)):
        raise Refusal("not-meant", _NOT_MEANT)
    with transaction.atomic():
        _reading, created = Reading.objects.get_or_create(
            guidance=guidance, unit=unit, person=by, defaults={"at": now}
        )
        if created:
            record("read-guidance", f"guidance:{guidance.pk}", by=by, unit=unit, now=now)


def remind_unread(*, guidance: Guidance, by: Person, now: datetime) -> None:
    """Tell every unit in which nobody has read it, once a day at most. Raises Refusal."""
    guard(by, NEWSROOM, guidance.unit, now)
    if guidance.state != State.ISSUED:
        raise Refusal("not-issued", _NOT_ISSUED)
    with transaction.atomic():
        _record("remind-of-guidance", guidance, by, now)
        notices.remind(guidance, now=now)


def _draft(guidance: Guidance, by: Person, wanted: tuple[Role, ...], now: datetime) -> Guidance:
    fresh = _locked(guidance)
    guard(by, wanted, fresh.unit, now)
    if fresh.state != State.DRAFT:
        raise Refusal("issued-already", _ISSUED_ALREADY)
    return fresh


def _locked(guidance: Guidance) -> Guidance:
    Guidance.objects.select_for_update().only("pk").get(pk=guidance.pk)
    return Guidance.objects.select_related("unit").get(pk=guidance.pk)


def _fill(guidance: Guidance, note: Note, aims: Sequence[Aim], now: datetime) -> None:
    guidance.title = " ".join(clean_text(note.title).split())[:300]
    if not guidance.title:
        raise Refusal("title-missing", _TITLE_MISSING)
    if note.ends_on < note.starts_on:
        raise Refusal("ends-before-it-begins", _ENDS_BEFORE)
    if not aims or not within_reach(guidance.unit, aims, local_date(now)):
        raise Refusal("out-of-reach", _OUT_OF_REACH)
    guidance.number = " ".join(clean_text(note.number).split())[:60]
    guidance.signed_on = note.signed_on
    guidance.starts_on, guidance.ends_on = note.starts_on, note.ends_on
    guidance.categories = [one for one in Category.values if one in note.categories]
    guidance.topics = read_topics(clean_text(note.topics))
    guidance.text, guidance.do, guidance.avoid = (
        clean_text(part).strip() for part in (note.text, note.do, note.avoid)
    )
    guidance.changed_at = now
    guidance.save()


def _aim(guidance: Guidance, aims: Sequence[Aim]) -> None:
    Target.objects.bulk_create(
        Target(guidance=guidance, unit=aim.unit, below=aim.below) for aim in aims
    )


def _record(action: str, guidance: Guidance, by: Person, now: datetime) -> None:
    record(action, f"guidance:{guidance.pk}", by=by, unit=guidance.unit, now=now)


_TITLE_MISSING = _("Give the guidance a title.")
_ENDS_BEFORE = _("The last day must not lie before the first.")
_OUT_OF_REACH = _("Choose to whom it goes, among the units beside, above or below yours.")
_TOO_MANY = _("A guidance note has ten files at most.")
_PERIOD_OVER = _("Its period is over. Change the days first.")
_NOTE_EMPTY = _("Say what to stress or to avoid, or attach the document.")
_WHY_MISSING = _("Say why it is revoked.")
_NOT_ISSUED = _("This guidance is not in force.")
_ISSUED_ALREADY = _("What was issued is not changed. Revoke it and issue another one.")
_NOT_MEANT = _("This guidance does not go to your unit.")
