"""Bringing a document to people: who confirmed it, who met about it, who is reminded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.documents import notices
from vang.documents.access import CLERKS, STARTERS, guard
from vang.documents.models import (
    Campaign,
    CampaignTarget,
    Confirmation,
    Document,
    Session,
)
from vang.documents.queries import reaching, visible
from vang.documents.services.acting import note
from vang.orgs.models import Unit
from vang.orgs.reach import Aim, all_below, within_reach
from vang.people.access import roles
from vang.people.models import Person


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
        demanded = within_reach(unit, others, today) and (not others or all_below(unit, others))
        if not aims or not demanded:
            raise Refusal("out-of-reach", _("Choose your own unit or units below it."))
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
        note("start-campaign", document, by, now, unit=unit)
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
            note("confirm-document", campaign.document, by, now, unit=unit)


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
        note("note-session", campaign.document, by, now, unit=unit)
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
        note("close-campaign", fresh.document, by, now, unit=fresh.unit)
    return fresh


def remind_missing(*, campaign: Campaign, by: Person, now: datetime) -> None:
    """Every unit in which nobody has confirmed, once a day at most. Raises Refusal."""
    guard(by, STARTERS, campaign.unit, now)
    if campaign.closed_at is not None:
        raise Refusal("closed", _("The campaign is closed already."))
    note("remind-of-document", campaign.document, by, now, unit=campaign.unit)
    notices.remind(campaign, now=now)
