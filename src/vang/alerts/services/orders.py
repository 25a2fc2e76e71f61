"""The commands of an alert, as people will sign them: made, kept, read again."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.alerts import trusting
from vang.alerts.access import guard
from vang.alerts.binding import order_sha256
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
from vang.alerts.models import (
    Alert,
    AlertOrder,
    Status,
    TemplateText,
)
from vang.alerts.models.templates import ALONE_S
from vang.alerts.services.acting import begin, locked, move, record
from vang.alerts.services.signing import (
    NO_TEMPLATE,
    check_counted,
    check_signer,
    check_unchanged,
    hash_of,
)
from vang.alerts.shown import ready_texts
from vang.alerts.states import Act, State, Who
from vang.base.refusals import Refusal
from vang.dispatch.commands import next_number
from vang.people.models import Person
from vang_protocol.commands import Mode, Named
from vang_protocol.strict_json import digest

LEFT = timedelta(minutes=3)
"""An order with less time to sign than this is not offered to a first signer."""


Kind = AlertOrder.Kind


@transaction.atomic
def open_order(*, alert: Alert, by: Person, now: datetime) -> AlertOrder:
    """The command to be signed: made for the first signer, the same for the second.

    Raises Refusal when the sound is not ready, or the person may not sign.
    """
    fresh = _lapsed(locked(alert), now)
    act = Act.APPROVE_SECOND if fresh.state == State.APPROVED_ONCE else Act.APPROVE_FIRST
    begin(act, fresh, by, now)
    check_unchanged(fresh)
    standing = open_orders(fresh, now)
    check_signer(fresh, standing, by)
    needed = timedelta(0) if act is Act.APPROVE_SECOND else LEFT
    for order in standing:
        if order.expires_at - now > needed:
            check_counted(order, by)
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
    order = _keep(fresh, Kind.PLAY, made, by)
    check_counted(order, by)
    return order


@transaction.atomic
def open_alone(*, alert: Alert, by: Person, now: datetime) -> AlertOrder:
    """The command of one officer alone: only what lies ready in the template. Raises Refusal."""
    fresh = begin(Act.SEND_ALONE, alert, by, now)
    template = fresh.version.template
    if fresh.status != Status.ACTUAL or template is None or not template.is_approved:
        raise Refusal("no-template", NO_TEMPLATE)
    if template.template.approved_id != template.pk:
        raise Refusal("older-template", _("The template has been approved anew: begin again."))
    if not fresh.content_sha256:
        fresh.content_sha256 = hash_of(fresh)
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
        raise Refusal("no-template", NO_TEMPLATE)
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


def prepare_cancel(alert: Alert, by: Person, now: datetime) -> None:
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


def open_orders(alert: Alert, now: datetime) -> list[AlertOrder]:
    """Those of the current version that may still be signed, signed ones first."""
    found = alert.orders.select_related("version").filter(
        version=alert.version, kind=Kind.PLAY, alone=False, sent_at=None, expires_at__gt=now
    )
    rows = list(found.prefetch_related("approvals").order_by("-issued_at"))
    return sorted(rows, key=lambda order: -len(order.approvals.all()))


def locked_order(order: AlertOrder) -> AlertOrder:
    AlertOrder.objects.select_for_update().only("pk").get(pk=order.pk)
    return AlertOrder.objects.select_related("version__template__template").get(pk=order.pk)


def _lapsed(alert: Alert, now: datetime) -> Alert:
    """The first signature counts no more once its command has run out."""
    if alert.state == State.APPROVED_ONCE and not open_orders(alert, now):
        move(Act.LAPSE, alert)
        alert.save()
        record("lapse-alert", alert, None, now)
    return alert


def _mode(alert: Alert) -> Mode:
    return MODES[Status(alert.status)]


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
