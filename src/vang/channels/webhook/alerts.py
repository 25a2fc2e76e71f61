"""Other systems are told of emergencies: sent, updated, called off, ended."""

import json
import logging
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django_tasks import task

from vang.alerts.models import Alert, AlertVersion, MsgType
from vang.alerts.queries import concerned, with_words
from vang.alerts.states import State
from vang.base import clock
from vang.channels.portal.addresses import site_url
from vang.channels.queries import names_on
from vang.channels.webhook.channel import Webhook, reason_of, send
from vang.channels.webhook.models import Hook
from vang.orgs.models import Unit

log = logging.getLogger(__name__)
AGAIN_S = (30, 120, 600)
"""After so many seconds each: then the address has had its chance."""
_TYPES = {
    MsgType.ALERT: "alert.sent",
    MsgType.UPDATE: "alert.updated",
    MsgType.CANCEL: "alert.cancelled",
}


def tell_hooks(alert: Alert, now: datetime) -> None:
    """Listener: every address of every unit concerned, beside the officer's own request."""
    for unit in Unit.objects.filter(code__in=concerned(alert), valid_to=None):
        if Webhook.name not in names_on(unit):
            continue
        for hook in Hook.objects.filter(unit=unit, ended_at=None):
            body = payload(alert, unit, now)
            later = partial(post_alert.enqueue, hook.pk, str(alert.pk), body, 0)
            transaction.on_commit(later)


@task(queue_name="channels")
def post_alert(hook_pk: int, alert_pk: str, body: str, attempt: int) -> str:
    """One signed message; tried again three times. What it came to."""
    hook = Hook.objects.filter(pk=hook_pk, ended_at=None).first()
    if hook is None:
        return "gone"
    told = json.loads(body)
    message = f"alert_{UUID(alert_pk).hex}_{told['type'].partition('.')[2]}"
    now = clock.now()
    answer = send(hook, message, body.encode(), now)
    if answer.taken:
        return "taken"
    log.warning("an address did not take alert %s: %s", alert_pk, reason_of(answer))
    if attempt < len(AGAIN_S):
        later = now + timedelta(seconds=AGAIN_S[attempt])
        post_alert.using(run_after=later).enqueue(hook_pk, alert_pk, body, attempt + 1)
    return "refused"


def payload(alert: Alert, unit: Unit, now: datetime) -> str:
    """JSON: ``type``, ``timestamp`` and ``data``. ``status`` says whether it is in earnest."""
    whole = with_words(Alert.objects.all()).get(pk=alert.pk)
    over = alert.state in {State.ENDED, State.CANCELLED}
    kind = "alert.ended" if over else _TYPES[MsgType(alert.msg_type)]
    told = {"type": kind, "timestamp": now.isoformat(), "data": _facts(whole, unit)}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _facts(alert: Alert, unit: Unit) -> dict[str, Any]:
    version: AlertVersion = alert.version
    return {
        "identifier": alert.identifier,
        "status": alert.status.capitalize(),
        "msg_type": alert.msg_type.capitalize(),
        "references": [one.identifier for one in alert.references.all()],
        "unit": {"code": alert.unit.code, "name": alert.unit.full_name},
        "event": version.event,
        "category": version.category,
        "urgency": version.urgency,
        "severity": version.severity,
        "certainty": version.certainty,
        "area": {
            "words": version.area_words,
            "units": version.units,
            "villages": version.villages,
            "clusters": version.clusters,
        },
        "texts": [
            {
                "language": one.language,
                "headline": one.headline,
                "text": one.text,
                "instruction": one.instruction,
            }
            for one in version.texts.all()
        ],
        "sent_at": alert.sent_at.isoformat() if alert.sent_at else None,
        "expires_at": alert.expires_at.isoformat() if alert.expires_at else None,
        "url": site_url(unit),
    }
