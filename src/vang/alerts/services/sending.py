"""Signing and sending: what two people sign goes out, and what one signs makes it silent."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from securesystemslib.dsse import Envelope
from securesystemslib.signer import Signature  # type: ignore[attr-defined]

from vang.alerts import notices, trusting
from vang.alerts.access import guard
from vang.alerts.areas import is_typed, typed_name
from vang.alerts.binding import Past, bar, content_sha256, enough, order_sha256
from vang.alerts.changes import alert_changed
from vang.alerts.commanding import (
    MODES,
    MOST_MS,
    Made,
    cancel_command,
    check_voice,
    heard_of,
    manifest_of,
    play_command,
)
from vang.alerts.contents import table_of
from vang.alerts.models import (
    Alert,
    AlertApproval,
    AlertOrder,
    AlertText,
    AlertVersion,
    MsgType,
    Response,
    Status,
    TemplateText,
    Urgency,
    Way,
)
from vang.alerts.models.templates import ALONE_S
from vang.alerts.services.acting import begin, locked, move, record
from vang.alerts.shown import ready_texts, retraction_words, shown_of
from vang.alerts.states import STANDING, Act, State, Who
from vang.alerts.words import reason_words
from vang.base.refusals import Refusal
from vang.dispatch.commands import dispatch, foresee, next_number
from vang.dispatch.models import CommandDelivery
from vang.people.models import Person
from vang_protocol.commands import COMMAND_TYPE, Mode, Named
from vang_protocol.reasons import Refused
from vang_protocol.strict_json import canonical, digest

Kind = AlertOrder.Kind
LEFT = timedelta(minutes=3)
"""An order with less time to sign than this is not offered to a first signer."""
REVIEWED_WITHIN = timedelta(hours=24)
ASKED_FOR = timedelta(hours=24)
DRAFT_FOR = timedelta(days=30)
_WAITING_STATES = (State.SUBMITTED, State.APPROVED_ONCE)


@dataclass(frozen=True)
class Proof:
    """What a person brings: a signature made by their device, or with None their word (their
    password, checked before) that their demonstration key shall sign."""

    keyid: str = ""
    signature: bytes | None = None


@transaction.atomic
def open_order(*, alert: Alert, by: Person, now: datetime) -> AlertOrder:
    """The command to be signed: made for the first signer, the same for the second.

    Raises Refusal when the sound is not ready, or the person may not sign.
    """
    fresh = _lapsed(locked(alert), now)
    act = Act.APPROVE_SECOND if fresh.state == State.APPROVED_ONCE else Act.APPROVE_FIRST
    begin(act, fresh, by, now)
    _check_unchanged(fresh)
    standing = _open_orders(fresh, now)
    _check_signer(fresh, standing, by)
    needed = timedelta(0) if act is Act.APPROVE_SECOND else LEFT
    for order in standing:
        if order.expires_at - now > needed:
            return order
    heard = heard_of(fresh.version.texts.select_related("rendition"))
    check_voice(fresh.unit, heard, fresh.status)
    manifest = manifest_of(heard, _mode(fresh), tone=True)
    made = play_command(
        fresh,
        manifest,
        next_number(fresh.unit),
        policy=trusting.current_policy(),
        ends=_commands_of(fresh.references.all()),
        template=None,
        most_ms=MOST_MS,
        now=now,
    )
    return _keep(fresh, Kind.PLAY, made, by)


@transaction.atomic
def open_alone(*, alert: Alert, by: Person, now: datetime) -> AlertOrder:
    """The command of one officer alone: only what lies ready in the template. Raises Refusal."""
    fresh = begin(Act.SEND_ALONE, alert, by, now)
    template = fresh.version.template
    if fresh.status != Status.ACTUAL or template is None or not template.is_approved:
        raise Refusal("no-template", _NO_TEMPLATE)
    if template.template.approved_id != template.pk:
        raise Refusal("older-template", _("The template has been approved anew: begin again."))
    if not fresh.content_sha256:
        fresh.content_sha256 = _hash_of(fresh)
        fresh.save()
    order = _template_order(fresh, Kind.PLAY, by, now)
    order.alone = True
    order.save()
    return order


@transaction.atomic
def open_retraction(*, alert: Alert, by: Person, now: datetime) -> AlertOrder:
    """What the template has ready for when it was wrong, once the alert has been stopped.

    Silence never waits for it: a retraction that a node refused would leave the alert sounding.
    Raises Refusal where there is no template.
    """
    fresh = locked(alert)
    guard(by, Who.APPROVER, fresh.unit, now)
    if fresh.state != State.CANCELLED or fresh.version.template is None:
        raise Refusal("no-retraction", _("No retraction lies ready for this alert."))
    return _template_order(fresh, Kind.RETRACT, by, now)


def _template_order(alert: Alert, kind: str, by: Person, now: datetime) -> AlertOrder:
    use = TemplateText.Use.ALERT if kind == Kind.PLAY else TemplateText.Use.RETRACTION
    template = alert.version.template
    if template is None:
        raise Refusal("no-template", _NO_TEMPLATE)
    heard = ready_texts(alert.version, use)
    check_voice(alert.unit, heard, alert.status)
    ended = [*alert.references.all(), *([alert] if kind == Kind.RETRACT else [])]
    made = play_command(
        alert,
        manifest_of(heard, _mode(alert), tone=kind == Kind.PLAY),
        next_number(alert.unit),
        policy=trusting.current_policy(),
        ends=_commands_of(ended),
        template=Named(template.template.code, template.number),
        most_ms=min(template.most_s, ALONE_S) * 1000,
        now=now,
    )
    return _keep(alert, kind, made, by)


@transaction.atomic
def sign(*, order: AlertOrder, proof: Proof, typed: str, by: Person, now: datetime) -> AlertOrder:
    """One signature; with the second the alert is sent. Raises Refusal."""
    alert = locked(order.alert)
    fresh = _locked_order(order)
    act = Act.APPROVE_SECOND if alert.state == State.APPROVED_ONCE else Act.APPROVE_FIRST
    begin(act, alert, by, now)
    if fresh.kind != Kind.PLAY or fresh.alone:
        raise Refusal("wrong-order", _("This command is signed on another page."))
    _check_open(alert, fresh, now)
    _check_signer(alert, [fresh], by)
    _check_typed(alert, typed)
    _approve(alert, fresh, proof, by, now, independent=True)
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
    fresh = _locked_order(order)
    if not fresh.alone or fresh.kind != Kind.PLAY:
        raise Refusal("wrong-order", _("This command is signed on another page."))
    _check_open(alert, fresh, now)
    _check_typed(alert, typed)
    _approve(alert, fresh, proof, by, now, independent=False)
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
    _approve(fresh, order, proof, by, now, independent=False)
    _dispatch(fresh, order, now)
    _cancelled(fresh, by, now)
    notices.tell_of_stop(fresh, by=by, now=now)
    return fresh


@transaction.atomic
def retract(*, order: AlertOrder, proof: Proof, by: Person, now: datetime) -> AlertOrder:
    """The retraction that lies ready, said aloud. Raises Refusal."""
    alert = locked(order.alert)
    guard(by, Who.APPROVER, alert.unit, now)
    fresh = _locked_order(order)
    if fresh.kind != Kind.RETRACT or not fresh.is_open(now):
        raise Refusal("order-closed", _LATE)
    _approve(alert, fresh, proof, by, now, independent=False)
    _dispatch(alert, fresh, now)
    record("retract-alert", alert, by, now, sha256=fresh.sha256)
    return fresh


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
    if act is Act.LAPSE and _open_orders(alert, now):
        return False
    if act in {Act.END, Act.GIVE_UP}:
        alert.ended_at = now
    alert.save()
    if act is Act.END:
        alert_changed(alert, now)
    if act is not Act.REACH:
        record(f"{act.value}-alert", alert, None, now)
    return True


def _send(alert: Alert, order: AlertOrder, by: Person, now: datetime) -> AlertOrder:
    """After the last signature: to the loudspeakers, then to every other channel."""
    _check_obeyed(order, now)
    alert.sent_at, alert.expires_at = now, now + alert.version.lasts
    alert.save()
    _dispatch(alert, order, now)
    for old in alert.references.filter(state__in=STANDING):
        _superseded(old, alert, now)
    _prepare_cancel(alert, by, now)
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


def signed_envelope(order: AlertOrder) -> bytes:
    """The payload with every signature given so far, in the one encoding."""
    envelope = Envelope(bytes(order.payload), COMMAND_TYPE, {})
    for approval in order.approvals.order_by("at"):
        kept = Signature(approval.key_id, bytes(approval.signature).hex())
        envelope.signatures[approval.key_id] = kept
    return canonical(envelope.to_dict())


def to_be_signed(order: AlertOrder) -> bytes:
    """What a key signs: the pre-authentication encoding of the payload."""
    return bytes(Envelope(bytes(order.payload), COMMAND_TYPE, {}).pae())


def _superseded(old: Alert, by_alert: Alert, now: datetime) -> None:
    fresh = locked(old)
    move(Act.END, fresh)
    fresh.superseded_by, fresh.ended_at = by_alert, now
    fresh.save()
    record("end-alert", fresh, None, now, superseded_by=str(by_alert.pk))
    alert_changed(fresh, now)


def _prepare_cancel(alert: Alert, by: Person, now: datetime) -> None:
    """Made while all is calm in the database: stopping waits for nothing but one signature."""
    if alert.expires_at is None:
        return
    made = cancel_command(
        alert,
        alert.version,
        next_number(alert.unit),
        _commands_of([alert]),
        now=now,
        until=alert.expires_at,
    )
    _keep(alert, Kind.CANCEL, made, by)


def _cancelled(alert: Alert, by: Person, now: datetime) -> None:
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
    told.content_sha256 = _hash_of(told)
    told.save()


def _approve(
    alert: Alert, order: AlertOrder, proof: Proof, by: Person, now: datetime, *, independent: bool
) -> None:
    """Verify and keep one signature. Raises Refusal."""
    keyid, signature = _signature(order, proof, by)
    shown = shown_of(order)
    AlertApproval.objects.create(
        order=order,
        person=by,
        author=alert.created_by if independent else None,
        submitter=alert.submitted_by if independent else None,
        key_id=keyid,
        software_key=proof.signature is None,
        signature=signature,
        payload_sha256=order.sha256,
        displayed=shown.text,
        at=now,
    )


def _signature(order: AlertOrder, proof: Proof, by: Person) -> tuple[str, bytes]:
    """(key id, signature), verified by the very rule of the nodes. Raises Refusal."""
    data, hand = to_be_signed(order), trusting.hand_of(by)
    if hand.policy is None:
        raise Refusal("no-policy", _NO_POLICY)
    if proof.signature is None:
        key = trusting.demonstration_key(by)
        if key is None:
            raise Refusal("no-key", _NO_KEY)
        keyid, signature = key.public.keyid, key.sign(data)
    else:
        keyid, signature = proof.keyid, proof.signature
    named = hand.policy.key_named(keyid)
    if named is None or keyid not in {one.keyid for one in hand.signers}:
        raise Refusal("no-key", _NO_KEY)
    if not named.key.verifies(signature, data, hand.policy.party):
        raise Refusal("bad-signature", _("The signature is not right. Try once more."))
    return keyid, signature


def _check_obeyed(order: AlertOrder, now: datetime) -> None:
    """A command that every node would refuse is not sent: the reason is told instead."""
    found = foresee(signed_envelope(order), policy=trusting.current_policy(), now=now)
    if found.refused and not found.accepted:
        reason = found.refused[0][1]
        words = str(_("Every loudspeaker would refuse it: {reason}."))
        raise Refusal(f"nodes-{reason.value}", words.format(reason=reason_words(reason.value)))


def _lapsed(alert: Alert, now: datetime) -> Alert:
    """The first signature counts no more once its command has run out."""
    if alert.state == State.APPROVED_ONCE and not _open_orders(alert, now):
        move(Act.LAPSE, alert)
        alert.save()
        record("lapse-alert", alert, None, now)
    return alert


def _open_orders(alert: Alert, now: datetime) -> list[AlertOrder]:
    """Those of the current version that may still be signed, signed ones first."""
    found = alert.orders.select_related("version").filter(
        version=alert.version, kind=Kind.PLAY, alone=False, sent_at=None, expires_at__gt=now
    )
    rows = list(found.prefetch_related("approvals").order_by("-issued_at"))
    return sorted(rows, key=lambda order: -len(order.approvals.all()))


def _locked_order(order: AlertOrder) -> AlertOrder:
    AlertOrder.objects.select_for_update().only("pk").get(pk=order.pk)
    return AlertOrder.objects.select_related("version__template__template").get(pk=order.pk)


def past_of(alert: Alert, order: AlertOrder | None = None) -> Past:
    """Whose hands it went through."""
    makers = [alert.version.made_by_id]
    if alert.version.number > 1:
        makers += alert.versions.values_list("made_by", flat=True)
    signed = order.approvals.values_list("person", flat=True) if order else ()
    return Past(alert.created_by_id, frozenset(makers), alert.submitted_by_id, tuple(signed))


def _check_signer(alert: Alert, orders: Collection[AlertOrder], by: Person) -> None:
    order = next(iter(orders), None)
    if code := bar(by.pk, past_of(alert, order)):
        raise Refusal(code, BARS[code])


def _check_open(alert: Alert, order: AlertOrder, now: datetime) -> None:
    _check_unchanged(alert)
    if order.version_id != alert.version.pk or order.content_sha256 != alert.content_sha256:
        raise Refusal("changed", _CHANGED)
    if not order.is_open(now):
        raise Refusal("order-closed", _LATE)
    bound = order_sha256(bytes(order.payload), order.manifest.encode())
    if bound != order.bound_sha256:
        raise Refusal("changed", _CHANGED)


def _check_unchanged(alert: Alert) -> None:
    if alert.content_sha256 != _hash_of(alert):
        raise Refusal("changed", _CHANGED)


def _check_typed(alert: Alert, typed: str) -> None:
    wanted = typed_name(alert.unit, alert.version.area_words)
    if not is_typed(wanted, typed):
        raise Refusal("not-typed", str(_("Type the name of the area: {name}.")).format(name=wanted))


def _mode(alert: Alert) -> Mode:
    return MODES[Status(alert.status)]


def _hash_of(alert: Alert) -> str:
    rows = AlertVersion.objects.select_related("alert__unit", "template")
    version = rows.prefetch_related("texts__rendition").get(pk=alert.version.pk)
    return content_sha256(table_of(version))


def _keep(alert: Alert, kind: str, made: Made, by: Person) -> AlertOrder:
    command = made.command
    return AlertOrder.objects.create(
        alert=alert,
        version=alert.version,
        kind=kind,
        command=command.id,
        payload=made.payload,
        manifest=made.manifest.decode(),
        sha256=digest(made.payload),
        bound_sha256=order_sha256(made.payload, made.manifest),
        content_sha256=alert.content_sha256,
        opened_by=by,
        issued_at=command.issued,
        expires_at=command.expires,
    )


def _commands_of(alerts: Collection[Alert]) -> list[str]:
    """Ids of what these let sound, the newest first; a command names sixteen at most."""
    sent = AlertOrder.objects.filter(alert__in=list(alerts), sent_at__isnull=False)
    sounding = sent.filter(kind__in=(Kind.PLAY, Kind.RETRACT)).order_by("-sent_at")
    return list(sounding.values_list("command", flat=True)[:16])


BARS = {
    "creator": _("You made this alert: two others must sign it."),
    "editor": _("You edited this alert: two others must sign it."),
    "submitter": _("You submitted this alert: two others must sign it."),
    "approved-already": _("You have signed it. One more person is needed."),
}
_LATE = _("The time for signing has run out. Open the command anew; both sign again.")
_CHANGED = _("The alert is not as it was submitted. It must be submitted and signed anew.")
_NO_KEY = _("You have no key that counts. Register one under “Personal keys”.")
_NO_POLICY = _("No policy of the province is in force: no loudspeaker would obey.")
_NO_TEMPLATE = _("One person alone may send only a real alert from a template that two approved.")
