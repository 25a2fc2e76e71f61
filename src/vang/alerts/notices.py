"""Who is told of what, at once."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from vang.alerts.models import Alert
from vang.base.clock import local_date
from vang.notices.kinds import Kind
from vang.notices.models import Mail
from vang.notices.services import notify
from vang.orgs.models import Unit
from vang.orgs.queries import ancestors, valid_on
from vang.people.access import DECIDE, Role
from vang.people.models import Membership, Person
from vang.people.queries import holders

ASKED = "alert-asked"
TOLD = "alert-told"
SENT = "alert-sent"
STOPPED = "alert-stopped"
ALONE = "alert-alone"
_DECIDERS = frozenset(role.value for role in DECIDE)
_ABOVE = (Role.READER, Role.APPROVER, Role.LEADER, Role.ADMINISTRATOR)
KINDS = (
    Kind(
        ASKED, _("an emergency alert waits for my signature"), "urgent", Mail.AT_ONCE, _DECIDERS,
        "bad",
    ),
    Kind(TOLD, _("my emergency alert was returned or rejected"), "arrow-back-up", Mail.AT_ONCE),
    Kind(SENT, _("an emergency alert was sent"), "speakerphone", Mail.AT_ONCE, tone="bad"),
    Kind(STOPPED, _("an emergency alert was stopped"), "hand-stop", Mail.AT_ONCE, tone="warn"),
    Kind(
        ALONE, _("one officer alone sent an emergency alert below"), "alert-triangle",
        Mail.AT_ONCE, frozenset(role.value for role in _ABOVE), "bad",
    ),
)  # fmt: skip


def tell_approvers(alert: Alert, *, by: Person, now: datetime) -> None:
    """Whoever may sign, but its makers."""
    makers = {by.pk, alert.created_by_id, *alert.versions.values_list("made_by", flat=True)}
    to = [one for one in deciders(alert.unit, now) if one.pk not in makers]
    _tell(alert, ASKED, to, _("Waits for two signatures: {title}"), by=by, now=now)


def tell_of_first(alert: Alert, *, by: Person, now: datetime) -> None:
    """One more is needed, and soon: the time for signing runs."""
    done = set(alert.orders.values_list("approvals__person", flat=True))
    to = [one for one in deciders(alert.unit, now) if one.pk not in done | {alert.created_by_id}]
    _tell(alert, ASKED, to, _("One signature is missing: {title}"), by=by, now=now)


def tell_writer(alert: Alert, *, by: Person, now: datetime) -> None:
    words = _("Sent back: {title}")
    _tell(alert, TOLD, [alert.created_by], words, by=by, now=now, text=alert.told)


def tell_of_sending(alert: Alert, *, by: Person, now: datetime) -> None:
    """Everybody who may sign or stop, and its writer."""
    to = [*deciders(alert.unit, now), alert.created_by]
    _tell(alert, SENT, to, _("Sent: {title}"), by=by, now=now)


def tell_of_stop(alert: Alert, *, by: Person, now: datetime) -> None:
    to = [*deciders(alert.unit, now), alert.created_by]
    words = format_lazy(_("By {name}."), name=by.full_name)
    _tell(alert, STOPPED, to, _("STOPPED: {title}"), by=by, now=now, text=words)


def tell_above(alert: Alert, *, by: Person, now: datetime) -> None:
    """District and province learn at once that one officer acted alone; so do the others here."""
    above = Person.objects.filter(
        memberships__in=_held_above(alert.unit, now), is_active=True
    ).distinct()
    words = format_lazy(_("By {name}, alone. To be reviewed within 24 hours."), name=by.full_name)
    to = [*above, *deciders(alert.unit, now)]
    _tell(alert, ALONE, to, _("Sent by one officer alone: {title}"), by=by, now=now, text=words)


def deciders(unit: Unit, now: datetime) -> list[Person]:
    """Approvers and leaders of the unit and above it, each once."""
    held = holders(unit, Role.APPROVER, local_date(now))
    return list({one.person_id: one.person for one in held}.values())


def _held_above(unit: Unit, now: datetime) -> QuerySet[Membership]:
    return Membership.objects.filter(
        valid_on(local_date(now)), unit__in=ancestors(unit)[1:], role__in=_ABOVE
    )


def _tell(
    alert: Alert,
    kind: str,
    to: Iterable[Person],
    title: Any,
    *,
    by: Person,
    now: datetime,
    text: str | Promise = "",
) -> None:
    headline = alert.version.texts.order_by("id").values_list("headline", flat=True).first() or ""
    status = alert.get_status_display()
    notify(
        kind=kind,
        to=to,
        unit=alert.unit,
        subject=f"alert:{alert.pk}",
        title=format_lazy(title, title=format_lazy("{s} – {h}", s=status, h=headline)),
        text=text,
        url=reverse("alerts:alert", args=[alert.pk]),
        now=now,
        by=by,
    )
