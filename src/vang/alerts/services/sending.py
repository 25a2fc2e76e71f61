"""What two people sign goes out, and what one signs makes it silent."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.alerts import notices, trusting
from vang.alerts.access import guard
from vang.alerts.binding import enough
from vang.alerts.changes import alert_changed
from vang.alerts.models import (
    Alert,
    AlertOrder,
)
from vang.alerts.services.acting import begin, locked, move, record
from vang.alerts.services.ending import cancelled, superseded
from vang.alerts.services.orders import Kind, locked_order, prepare_cancel
from vang.alerts.services.signing import (
    LATE,
    Proof,
    approve,
    check_open,
    check_signer,
    check_typed,
    signed_envelope,
)
from vang.alerts.states import STANDING, Act, State, Who
from vang.alerts.words import reason_words
from vang.base.refusals import Refusal
from vang.dispatch.commands import dispatch, foresee
from vang.people.models import Person
from vang_protocol.reasons import Refused

REVIEWED_WITHIN = timedelta(hours=24)


@transaction.atomic
def sign(*, order: AlertOrder, proof: Proof, typed: str, by: Person, now: datetime) -> AlertOrder:
    """One signature; with the second the alert is sent. Raises Refusal."""
    alert = locked(order.alert)
    fresh = locked_order(order)
    act = Act.APPROVE_SECOND if alert.state == State.APPROVED_ONCE else Act.APPROVE_FIRST
    begin(act, alert, by, now)
    if fresh.kind != Kind.PLAY or fresh.alone:
        raise Refusal("wrong-order", _("This command is signed on another page."))
    check_open(alert, fresh, now)
    check_signer(alert, [fresh], by)
    check_typed(alert, typed)
    approve(alert, fresh, proof, by, now, independent=True)
    record("sign-alert", alert, by, now, sha256=fresh.sha256)
    people = list(fresh.approvals.values_list("person", flat=True))
    if not enough(people):
        move(Act.APPROVE_FIRST, alert)
        alert.save()
        notices.tell_of_first(alert, by=by, now=now)
        return fresh
    move(Act.APPROVE_SECOND, alert)
    return _send(alert, fresh, by, now)


@transaction.atomic
def send_alone(
    *, order: AlertOrder, proof: Proof, typed: str, by: Person, now: datetime
) -> AlertOrder:
    """One officer alone, with what two approved beforehand. Raises Refusal."""
    alert = begin(Act.SEND_ALONE, order.alert, by, now)
    fresh = locked_order(order)
    if not fresh.alone or fresh.kind != Kind.PLAY:
        raise Refusal("wrong-order", _("This command is signed on another page."))
    check_open(alert, fresh, now)
    check_typed(alert, typed)
    approve(alert, fresh, proof, by, now, independent=False)
    move(Act.SEND_ALONE, alert)
    alert.alone, alert.review_by = True, now + REVIEWED_WITHIN
    sent = _send(alert, fresh, by, now)
    record("send-alert-alone", alert, by, now, sha256=fresh.sha256)
    notices.tell_above(alert, by=by, now=now)
    return sent


@transaction.atomic
def stop(*, alert: Alert, proof: Proof, by: Person, now: datetime) -> Alert:
    """Silence at once, by one person; the cancellation is published everywhere.

    Raises Refusal.
    """
    fresh = begin(Act.CANCEL, alert, by, now)
    order = fresh.orders.select_for_update().filter(kind=Kind.CANCEL, sent_at=None).first()
    if order is None:
        raise Refusal("no-cancel", _("Its cancelling is prepared no more: it is over."))
    approve(fresh, order, proof, by, now, independent=False)
    _dispatch(fresh, order, now)
    cancelled(fresh, by, now)
    notices.tell_of_stop(fresh, by=by, now=now)
    return fresh


@transaction.atomic
def retract(*, order: AlertOrder, proof: Proof, by: Person, now: datetime) -> AlertOrder:
    """The retraction that lies ready, said aloud. Raises Refusal."""
    alert = locked(order.alert)
    guard(by, Who.APPROVER, alert.unit, now)
    fresh = locked_order(order)
    if fresh.kind != Kind.RETRACT or not fresh.is_open(now):
        raise Refusal("order-closed", LATE)
    approve(alert, fresh, proof, by, now, independent=False)
    _dispatch(alert, fresh, now)
    record("retract-alert", alert, by, now, sha256=fresh.sha256)
    return fresh


def _send(alert: Alert, order: AlertOrder, by: Person, now: datetime) -> AlertOrder:
    """After the last signature: to the loudspeakers, then to every other channel."""
    _check_obeyed(order, now)
    alert.sent_at, alert.expires_at = now, now + alert.version.lasts
    alert.save()
    _dispatch(alert, order, now)
    for old in alert.references.filter(state__in=STANDING):
        superseded(old, alert, now)
    prepare_cancel(alert, by, now)
    record("send-alert", alert, by, now, sha256=order.sha256, identifier=alert.identifier)
    notices.tell_of_sending(alert, by=by, now=now)
    alert_changed(alert, now)
    return order


def _dispatch(alert: Alert, order: AlertOrder, now: datetime) -> None:
    order.envelope, order.sent_at = signed_envelope(order), now
    order.save()
    try:
        dispatch(bytes(order.envelope), order.manifest.encode() or None, issuer=alert.unit, now=now)
    except Refused as refused:
        raise Refusal("no-command", str(refused)) from None


def _check_obeyed(order: AlertOrder, now: datetime) -> None:
    """A command that every node would refuse is not sent: the reason is told instead."""
    found = foresee(signed_envelope(order), policy=trusting.current_policy(), now=now)
    if found.refused and not found.accepted:
        reason = found.refused[0][1]
        words = str(_("Every loudspeaker would refuse it: {reason}."))
        raise Refusal(f"nodes-{reason.value}", words.format(reason=reason_words(reason.value)))
