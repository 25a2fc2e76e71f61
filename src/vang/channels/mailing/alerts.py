"""Letters about emergencies: to everybody on the list, the moment an alert in earnest is sent.

Tests and exercises are no letters: whoever is written to every month stops reading.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from vang.alerts.models import Alert, MsgType, Status
from vang.alerts.queries import concerned, messages
from vang.alerts.states import STANDING
from vang.channels.mailing.letters import NAME, leaving
from vang.channels.mailing.models import Subscriber
from vang.channels.mailing.tokens import leave_token
from vang.channels.portal.addresses import site_url
from vang.channels.queries import names_on
from vang.letters.jobs import ask_to_deliver
from vang.letters.message import Content, Part, absolute
from vang.letters.models import Letter
from vang.letters.services import letters_leave
from vang.orgs.models import Unit

ALERT = "mailing.alert"


def write_to_subscribers(alert: Alert, now: datetime) -> None:
    """Listener: an alert was sent, or called off. What merely ended is not told again."""
    if alert.status != Status.ACTUAL or alert.state not in STANDING or not letters_leave():
        return
    written = 0
    for unit in Unit.objects.filter(code__in=concerned(alert), valid_to=None):
        if NAME in names_on(unit):
            written += _write(alert, unit, now)
    if written:
        transaction.on_commit(ask_to_deliver)


def _write(alert: Alert, unit: Unit, now: datetime) -> int:
    on_list = Subscriber.objects.filter(unit=unit, confirmed_at__lte=now)
    letters = [
        Letter(
            kind=ALERT,
            address=one.address,
            unit=unit,
            reference=f"{alert.pk.hex}:{one.pk}",
            once=f"alert:{alert.pk.hex}:{one.pk}",
            created_at=now,
            due_at=now,
            changed_at=now,
        )
        for one in on_list.order_by("pk")
    ]
    return len(Letter.objects.bulk_create(letters, ignore_conflicts=True, batch_size=500))


def alert_letter(letter: Letter) -> Content | None:
    """Its words when it leaves; None when it is no longer true, or the reader has left."""
    key, _colon, reader = letter.reference.partition(":")
    subscriber = Subscriber.objects.filter(pk=int(reader)).select_related("unit").first()
    if subscriber is None:
        return None
    unit = subscriber.unit
    alert = messages(unit, now=letter.due_at).filter(pk=UUID(key)).first()
    if alert is None:
        return None
    version, leave = alert.version, reverse("mailing:leave", args=[leave_token(subscriber.pk)])
    texts = list(version.texts.all())
    over = alert.msg_type == MsgType.CANCEL
    subject = _("Called off: %(title)s") if over else _("EMERGENCY: %(title)s")
    page = {"url": site_url(unit), "action": _("Read it on the page")}
    parts = [Part(title=one.headline, text=f"{one.text}\n\n{one.instruction}") for one in texts]
    return Content(
        subject=subject % {"title": texts[0].headline},
        parts=[*parts, Part(text=version.area_words, **page), leaving(leave)],
        why=_("You receive this because you asked %(unit)s for its notices.")
        % {"unit": unit.full_name},
        headers={
            "List-Unsubscribe": f"<{absolute(leave)}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "List-Id": f"<{unit.code}.vang>",
        },
    )
