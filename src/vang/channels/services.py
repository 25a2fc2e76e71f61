"""What people decide about channels."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.bulletins.events import deliveries_changed
from vang.bulletins.models import Delivery
from vang.channels.changes import channel_chosen
from vang.channels.channel import Channel
from vang.channels.models import ChannelChoice
from vang.channels.registry import find_channel
from vang.journal.services import record
from vang.orgs.models import Unit
from vang.people.access import Role, may
from vang.people.models import Person

MENDERS = (Role.WRITER, Role.APPROVER, Role.TECHNICIAN, Role.ADMINISTRATOR)


def choose_channel(
    *, unit: Unit, channel: Channel, on: bool, by: Person, now: datetime
) -> ChannelChoice:
    """Turn a channel on or off for what the unit releases from now on. Raises Refusal."""
    if not may(by, Role.ADMINISTRATOR, unit, local_date(now)):
        raise Refusal("not-allowed", _ADMINISTRATOR_ONLY)
    if on and (lacking := channel.missing(unit)):
        raise Refusal("not-set-up", lacking)
    with transaction.atomic():
        choice, _created = ChannelChoice.objects.update_or_create(
            unit=unit,
            channel=channel.name,
            defaults={"on": on, "changed_by": by, "changed_at": now},
        )
        record("choose-channel", f"channel:{channel.name}", by=by, unit=unit, now=now, on=on)
        channel_chosen(unit, now)
    return choice


def retry_delivery(*, delivery: Delivery, by: Person, now: datetime) -> Delivery:
    """Try a failed delivery again at once. Raises Refusal."""
    unit = delivery.edition.unit
    if not may(by, MENDERS, unit, local_date(now)):
        raise Refusal("not-allowed", _STAFF_ONLY)
    channel = find_channel(delivery.channel)
    if channel is None or not channel.retries:
        raise Refusal("no-retry", _NO_RETRY)
    with transaction.atomic():
        failed = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.FAILED)
        if not failed.update(state=Delivery.State.QUEUED, due_at=now, attempts=0, changed_at=now):
            raise Refusal("not-failed", _NOT_FAILED)
        deliveries_changed([delivery.edition], now)
        record(
            "retry-delivery",
            f"edition:{delivery.edition_id}",
            by=by,
            unit=unit,
            now=now,
            about=[f"bulletin:{delivery.edition.bulletin_id}"],
            channel=delivery.channel,
        )
    delivery.refresh_from_db()
    return delivery


_ADMINISTRATOR_ONLY = _("Only an administrator of this commune may change this.")
_STAFF_ONLY = _("Only staff of this commune may do this.")
_NO_RETRY = _("This channel cannot simply be tried again.")
_NOT_FAILED = _("This has not failed, or is being tried again already.")
