"""Putting together what the units below reported: their accepted filings, frozen with versions."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.base.refusals import Refusal
from vang.base.rewriting import rewrite
from vang.people.models import Person
from vang.reports.access import NEWSROOM, guard
from vang.reports.models import Filing, Inclusion, Indicator, Move, Report, Value
from vang.reports.queries import below_sums
from vang.reports.services.filing import begin_report, draft_again
from vang.reports.services.locking import State, locked, moved, open_filing, refuse_when_locked
from vang.reports.services.staleness import mark_stale


def consolidate(*, report: Report, by: Person, now: datetime) -> Filing:
    """Own figures and those of every accepted report below. Raises Refusal.

    What is submitted or accepted already must be reopened first, with a reason.
    """
    with transaction.atomic():
        fresh = locked(report)
        guard(by, NEWSROOM, fresh.desk, now)
        if not fresh.consolidates:
            raise Refusal("nothing-below", _NOTHING_BELOW)
        refuse_when_locked(fresh, now)
        if fresh.state == State.EXPECTED:
            begin_report(report=fresh, by=by, now=now)
            fresh = locked(report)
        filing = open_filing(fresh)
        children = Report.objects.filter(parent=fresh, accepted__isnull=False)
        pairs = list(children.values_list("pk", "accepted"))
        if not pairs:
            raise Refusal("nothing-accepted", _NOTHING_ACCEPTED)
        _put_together(fresh, filing)
        draft_again(fresh, filing)
        filing.included.all().delete()
        Inclusion.objects.bulk_create(
            (Inclusion(filing=filing, child_id=child, child_filing_id=own) for child, own in pairs),
            batch_size=1_000,
        )
        filing.consolidated_at, filing.signed_at, filing.signed_by = now, None, None
        filing.save(update_fields=["consolidated_at", "signed_at", "signed_by"])
        fresh.stale = Report.objects.filter(parent=fresh, stale=True).exists() or _reopened(fresh)
        fresh.save(update_fields=["stale"])
        moved(Move.Kind.CONSOLIDATE, fresh, by=by, now=now, included=len(pairs))
        mark_stale(fresh)
    return filing


def _reopened(report: Report) -> bool:
    """Whether a report below is accepted in one filing and worked on in another."""
    rows = Report.objects.filter(parent=report, accepted__isnull=False)
    return rows.exclude(state=State.ACCEPTED).exists()


def _put_together(report: Report, filing: Filing) -> None:
    sums: Mapping[int, int] = below_sums(report)
    changed = []
    for row in filing.values.select_related("indicator"):
        if row.indicator.rollup == Indicator.Rollup.NONE:
            continue
        below = sums.get(row.indicator_id)
        row.source = Value.Source.SUM
        row.milli = _added(row, below)
        changed.append(row)
    rewrite(changed, ["milli", "source"])


def _added(row: Value, below: int | None) -> int | None:
    """A mean is that of the units below: a unit's own part does not belong to it."""
    if row.indicator.rollup == Indicator.Rollup.MEAN:
        return below if below is not None else row.own_milli
    if below is None and row.own_milli is None:
        return None
    return (below or 0) + (row.own_milli or 0)


_NOTHING_BELOW = _("This unit has no reports below it in this round.")
_NOTHING_ACCEPTED = _("No report below has been accepted yet. Accept them first.")
