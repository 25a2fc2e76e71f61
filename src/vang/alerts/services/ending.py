"""How an alert comes to its end: by another, by its cancelling, by time."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from vang.alerts.changes import alert_changed
from vang.alerts.models import (
    Alert,
    AlertOrder,
    AlertText,
    AlertVersion,
    MsgType,
    Response,
    Urgency,
    Way,
)
from vang.alerts.services.acting import locked, move, record
from vang.alerts.services.orders import Kind, open_orders
from vang.alerts.services.signing import hash_of
from vang.alerts.shown import retraction_words
from vang.alerts.states import STANDING, Act, State
from vang.base.refusals import Refusal
from vang.dispatch.models import CommandDelivery
from vang.people.models import Person

ASKED_FOR = timedelta(hours=24)


DRAFT_FOR = timedelta(days=30)


_WAITING_STATES = (State.SUBMITTED, State.APPROVED_ONCE)


def advance_due(*, now: datetime) -> int:
    """What happens by itself: time for signing runs out, a first node answers, alerts end."""
    late = Alert.objects.filter(state=State.APPROVED_ONCE).exclude(
        orders__kind=Kind.PLAY, orders__sent_at=None, orders__expires_at__gt=now
    )
    answered = CommandDelivery.objects.exclude(state=CommandDelivery.State.SENT)
    reached = AlertOrder.objects.filter(
        alert__state=State.DISPATCHING, command__in=answered.values("command")
    )
    ended = Alert.objects.filter(state__in=STANDING, expires_at__lte=now)
    forgotten = Alert.objects.filter(
        state__in=_WAITING_STATES, submitted_at__lte=now - ASKED_FOR
    ) | Alert.objects.filter(
        state__in=(State.DRAFT, State.RETURNED), created_at__lte=now - DRAFT_FOR
    )
    turns: list[tuple[Act, Collection[UUID]]] = [
        (Act.LAPSE, list(late.values_list("pk", flat=True)[:500])),
        (Act.REACH, list(reached.values_list("alert", flat=True).distinct()[:500])),
        (Act.END, list(ended.values_list("pk", flat=True)[:500])),
        (Act.GIVE_UP, list(forgotten.values_list("pk", flat=True)[:500])),
    ]
    return sum(_advance(act, pk, now) for act, found in turns for pk in found)


@transaction.atomic
def _advance(act: Act, pk: UUID, now: datetime) -> bool:
    alert = locked(Alert.objects.only("pk").get(pk=pk))
    try:
        move(act, alert)
    except Refusal:
        return False
    if act is Act.LAPSE and open_orders(alert, now):
        return False
    if act in {Act.END, Act.GIVE_UP}:
        alert.ended_at = now
    alert.save()
    if act is Act.END:
        alert_changed(alert, now)
    if act is not Act.REACH:
        record(f"{act.value}-alert", alert, None, now)
    return True


def superseded(old: Alert, by_alert: Alert, now: datetime) -> None:
    fresh = locked(old)
    move(Act.END, fresh)
    fresh.superseded_by, fresh.ended_at = by_alert, now
    fresh.save()
    record("end-alert", fresh, None, now, superseded_by=str(by_alert.pk))
    alert_changed(fresh, now)


def cancelled(alert: Alert, by: Person, now: datetime) -> None:
    """Out of force, and a message that says so in its place until it would have run out."""
    move(Act.CANCEL, alert)
    alert.ended_at = now
    alert.save()
    told = Alert.objects.create(
        unit=alert.unit,
        msg_type=MsgType.CANCEL,
        status=alert.status,
        state=State.LIVE,
        created_by=by,
        created_at=now,
        sent_at=now,
        expires_at=max(alert.expires_at or now, now + timedelta(hours=1)),
        content_sha256=alert.content_sha256,
    )
    told.references.add(alert)
    _cancel_version(told, alert, by, now)
    alert.superseded_by = told
    alert.save()
    record("cancel-alert", alert, by, now, cancellation=str(told.pk))
    alert_changed(alert, now)
    alert_changed(told, now)


def _cancel_version(told: Alert, alert: Alert, by: Person, now: datetime) -> None:
    old = alert.version
    version = AlertVersion.objects.create(
        alert=told,
        number=1,
        made_by=by,
        made_at=now,
        template=old.template,
        event=old.event,
        category=old.category,
        response=Response.ALL_CLEAR,
        urgency=Urgency.PAST,
        severity=old.severity,
        certainty=old.certainty,
        area_words=old.area_words,
        units=old.units,
        villages=old.villages,
        clusters=old.clusters,
        polygons=old.polygons,
        circle=old.circle,
        lasts_min=old.lasts_min,
        contact=old.contact,
        note=old.note,
    )
    for language, headline, text in retraction_words(alert):
        AlertText.objects.create(
            version=version, language=language, headline=headline, text=text, way=Way.UNSPOKEN
        )
    told.current = version
    told.content_sha256 = hash_of(told)
    told.save()
