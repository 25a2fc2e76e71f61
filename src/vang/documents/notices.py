"""Telling units of what was sent to them and of what they have to confirm."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from vang.base.clock import VIETNAM, local_date
from vang.base.display import vi_date
from vang.documents import jobs
from vang.documents.models import Campaign, Document
from vang.documents.queries import missing, reached
from vang.notices.kinds import Kind
from vang.notices.models import Mail
from vang.notices.recipients import Holders
from vang.notices.services import notify
from vang.orgs.models import Unit
from vang.people.access import Role
from vang.people.models import Person

SENT = "document-sent"
CAMPAIGN = "document-campaign"
UNCONFIRMED = "document-unconfirmed"
REMINDED_BEFORE = (7, 3, 1, 0)
"""Days."""
LONGEST_LATE = timedelta(days=7)
FROM_HOUR = 7
_STAFF = frozenset({Role.WRITER.value, Role.APPROVER.value, Role.LEADER.value})

KINDS = (
    Kind(SENT, _("a document was sent to the unit"), "file-text", Mail.DAILY, _STAFF),
    Kind(CAMPAIGN, _("a document that must be known"), "file-text", Mail.DAILY, _STAFF),
    Kind(UNCONFIRMED, _("a document that nobody here has confirmed"), "file-text", Mail.AT_ONCE,
         _STAFF, "warn"),
)  # fmt: skip


def tell_of_sending(
    document: Document, units: Collection[Unit], *, by: Person, now: datetime
) -> None:
    """At once: a few rows a unit."""
    for unit in units:
        for role in (Role.WRITER, Role.APPROVER):
            notify(
                kind=SENT,
                to=Holders(role, unit),
                unit=unit,
                subject=f"document:{document.pk}",
                title=format_lazy(_("Document: {document}"), document=str(document)),
                text=document.abstract[:300],
                url=reverse("documents:document", args=[document.pk]),
                now=now,
                by=by,
                once=f"document-sent:{document.pk}:{unit.pk}",
            )


def tell_of_campaign(campaign: Campaign, *, now: datetime) -> None:
    jobs.tell_of_campaign.enqueue(campaign.pk, now.isoformat())


def remind(campaign: Campaign, *, now: datetime) -> None:
    jobs.remind.enqueue(campaign.pk, now.isoformat())


def told_of_campaign(campaign: Campaign, *, now: datetime) -> int:
    """The worker's part. Returns how many people were told."""
    once = f"document-campaign:{campaign.pk}"
    return sum(
        _tell(campaign, one, CAMPAIGN, once, now) for one in reached(campaign, local_date(now))
    )


def reminded(campaign: Campaign, *, now: datetime) -> int:
    """The worker's part: units in which nobody has confirmed, once a day."""
    once = f"document-unconfirmed:{campaign.pk}:{local_date(now).isoformat()}"
    units = missing(campaign, local_date(now))
    return sum(_tell(campaign, one, UNCONFIRMED, once, now) for one in units)


def remind_due(*, now: datetime) -> int:
    """The worker's clock: campaigns whose day is near or past, from seven in the morning on."""
    if now.astimezone(VIETNAM).hour < FROM_HOUR:
        return 0
    today = local_date(now)
    days = [today + timedelta(days=before) for before in REMINDED_BEFORE]
    near = Campaign.objects.filter(closed_at=None, due_on__in=days)
    late = Campaign.objects.filter(
        closed_at=None, due_on__lt=today, due_on__gte=today - LONGEST_LATE
    )
    found = [one for one in (near | late).select_related("document", "unit") if _fits(one, now)]
    return sum(reminded(one, now=now) for one in found)


def _fits(campaign: Campaign, now: datetime) -> bool:
    """Not on the day it was started."""
    return local_date(campaign.started_at) < local_date(now)


def _tell(campaign: Campaign, unit: Unit, kind: str, once: str, now: datetime) -> int:
    told = 0
    for role in (Role.WRITER, Role.APPROVER):
        told += notify(
            kind=kind,
            to=Holders(role, unit),
            unit=unit,
            subject=f"document:{campaign.document_id}",
            title=format_lazy(_("To be known: {document}"), document=str(campaign.document)),
            text=format_lazy(
                _("{unit} asks you to read it and to confirm until {day}."),
                unit=campaign.unit.full_name,
                day=vi_date(campaign.due_on),
            ),
            url=reverse("documents:campaign", args=[campaign.pk]),
            now=now,
            once=f"{once}:{unit.pk}",
        )
    return told
