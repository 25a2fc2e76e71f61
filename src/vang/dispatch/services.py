"""Publishing the signed plan of a commune."""

import logging
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from vang.base.refusals import Refusal
from vang.dispatch.changes import plan_published
from vang.dispatch.compiling import compile_plan, content_hash, sendable, still_holds
from vang.dispatch.copies import copied, copy_plan, homes_in, last_versions
from vang.dispatch.keys import pinned_keys, routine_key
from vang.dispatch.models import PlanVersion
from vang.dispatch.planned import record_planned
from vang.dispatch.push import transport
from vang.dispatch.queries import newest_plan, orders
from vang.dispatch.week import ordered_week
from vang.journal.services import record
from vang.orgs.models import Unit
from vang_protocol.acceptance import accept_plan
from vang_protocol.envelopes import SigningKey
from vang_protocol.limits import PLAN_COVERS
from vang_protocol.plans import Plan, sign_plan
from vang_protocol.reasons import Reason, Refused
from vang_protocol.strict_json import digest

_WOULD_REFUSE = _("The plan could not be published: the loudspeakers would refuse it.")
LOG = logging.getLogger(__name__)
CHECK_EVERY = timedelta(minutes=10)


@transaction.atomic
def publish_plan(unit: Unit, *, now: datetime) -> PlanVersion:
    """The unit's plan in force: a new signed version, or the present one if it still holds.

    Covers at least 7 days. Safe to call at the same time from anywhere. Raises Refusal when the
    key cannot be used or a node would refuse the plan; then nothing is published.
    """
    unit = Unit.objects.select_for_update().get(pk=unit.pk)  # versions rise one after another
    current, homes = newest_plan(unit), homes_in(unit)
    number = max([current.version if current else 0, *last_versions(homes).values()]) + 1
    week = ordered_week(unit, now=now)
    wanted, left_out = sendable(compile_plan(unit.code, number, week, now=now))
    held = current is not None and still_holds(orders(current), wanted, now=now)
    if current is not None and held and copied(current, homes):
        return _checked(current, now)
    key = routine_key(unit, now=now)
    row = _store(unit, wanted, _signed(unit, wanted, key, current, now))
    _copy(row, wanted, homes, now)
    record_planned(row, wanted, week, now=now)
    _journal(row, left_out, now)
    plan_published(row, now)
    for code in sorted({unit.code, *(home.code for home in homes)}):
        transaction.on_commit(partial(_push, code, row.version))
    return row


def _signed(
    unit: Unit, plan: Plan, key: SigningKey, current: PlanVersion | None, now: datetime
) -> bytes:
    """The envelope, accepted by the very rule that the nodes apply."""
    try:
        envelope = sign_plan(plan, key)
        accept_plan(
            envelope,
            unit=unit.code,
            routine_keys=pinned_keys(unit),
            current=(current.version, current.sha256) if current else None,
            now=now,
        )
    except Refused as refused:
        LOG.exception("plan %s of %s cannot be published", plan.version, unit.code)
        raise Refusal(
            f"plan-{refused.reason.value}",
            _WOULD_REFUSE,
        ) from refused
    return envelope


def _copy(row: PlanVersion, plan: Plan, homes: Collection[Unit], now: datetime) -> None:
    try:
        copy_plan(row, plan, homes, now=now)
    except Refused as refused:
        LOG.exception("plan %s of %s cannot be copied", plan.version, row.unit.code)
        raise Refusal(f"plan-{refused.reason.value}", _WOULD_REFUSE) from refused


def _store(unit: Unit, plan: Plan, envelope: bytes) -> PlanVersion:
    return PlanVersion.objects.create(
        unit=unit,
        version=plan.version,
        envelope=envelope,
        sha256=digest(envelope),
        content_hash=content_hash(plan),
        issued_at=plan.issued,
        covers_from=plan.covers_from,
        expires_at=plan.expires,
        items=len(plan.items),
        checked_at=plan.issued,
    )


def _checked(current: PlanVersion, now: datetime) -> PlanVersion:
    PlanVersion.objects.filter(pk=current.pk).update(checked_at=now)
    current.checked_at = now
    return current


def _journal(row: PlanVersion, left_out: Mapping[str, Reason], now: datetime) -> None:
    reasons = {item: reason.value for item, reason in left_out.items()}
    if reasons:
        LOG.error("left out of plan %s of %s: %s", row.version, row.unit.code, reasons)
    record(
        "plan.published",
        f"plan:{row.pk}",
        by=None,
        unit=row.unit,
        now=now,
        version=row.version,
        items=row.items,
        sha256=row.sha256,
        left_out=reasons,
    )


def _push(unit: str, version: int) -> None:
    transport().hint(unit, version)


def publish_after_change(unit_id: int, *, now: datetime) -> PlanVersion | None:
    """Publish because something changed. A failure is logged and tried again by the next tick."""
    unit = Unit.objects.get(pk=unit_id)
    try:
        return publish_plan(unit, now=now)
    except Refusal as refusal:
        LOG.error("plan of %s not published: %s", unit.code, refusal.code)  # noqa: TRY400
        PlanVersion.objects.filter(unit=unit).update(checked_at=None)
        return None


def renew_plans_due(*, now: datetime) -> int:
    """Look again at plans not looked at for ten minutes or soon too short. How many changed."""
    changed = 0
    for unit in _due_units(now):
        before = newest_plan(unit)
        row = publish_after_change(unit.pk, now=now)
        changed += row is not None and (before is None or row.version != before.version)
    return changed


def _due_units(now: datetime) -> list[Unit]:
    """Communes with a cluster in service whose plan is missing, unchecked or nearly too short."""
    newest = Q(plans__isnull=True)
    units = Unit.objects.filter(clusters__active=True).annotate(
        reaches=Max("plans__expires_at"), checked=Max("plans__checked_at")
    )
    due = (
        newest
        | Q(checked__isnull=True)
        | Q(checked__lte=now - CHECK_EVERY)
        | Q(reaches__lte=now + PLAN_COVERS)
    )
    return list(units.filter(due).distinct().order_by("pk"))
