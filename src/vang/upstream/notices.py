"""Telling those who decide that a warning has come."""

from datetime import datetime

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from vang.notices.kinds import Kind
from vang.notices.models import Mail
from vang.notices.recipients import Holders
from vang.notices.services import notify
from vang.people.access import DECIDE
from vang.upstream.models import Received

RECEIVED = "warning-received"
_ROLES = frozenset(role.value for role in DECIDE)

KINDS = (
    Kind(RECEIVED, _("a warning from a higher authority"), "urgent", Mail.AT_ONCE, _ROLES, "bad"),
)


def tell(received: Received, *, now: datetime) -> int:
    """The approvers and leaders of the unit that it was received for; real and in force only."""
    if received.status != "Actual" or received.holds_until <= now:
        return 0
    told = 0
    for role in DECIDE:
        told += notify(
            kind=RECEIVED,
            to=Holders(role, received.unit),
            unit=received.unit,
            subject=f"received:{received.pk}",
            title=format_lazy(_("Warning received: {title}"), title=str(received)),
            text=received.area,
            url=reverse("upstream:received", args=[received.pk]),
            now=now,
            once=f"received:{received.pk}",
        )
    return told
