"""Signing by the accountable leader, and submitting."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.people.models import Person
from vang.reports import notices
from vang.reports.access import NEWSROOM, SIGNERS, guard
from vang.reports.models import Filing, Move, Report
from vang.reports.queries import problems_of
from vang.reports.services.locking import State, locked, moved, open_filing, refuse_when_locked
from vang.reports.services.staleness import mark_stale


def ask_for_signature(*, report: Report, by: Person, now: datetime) -> None:
    """Tell the leaders that it is ready. Raises Refusal while something is missing."""
    with transaction.atomic():
        fresh = locked(report)
        guard(by, NEWSROOM, fresh.desk, now)
        refuse_when_locked(fresh, now)
        _refuse_incomplete(fresh, open_filing(fresh))
        moved(Move.Kind.SIGN, fresh, by=by, now=now)
        notices.tell_of_signature(fresh, by=by, now=now)


def submit_report(*, report: Report, by: Person, now: datetime) -> Filing:
    """Sign and hand it to the unit above. Whether it is late is settled here, once for all.

    Raises Refusal.
    """
    with transaction.atomic():
        fresh = locked(report)
        guard(by, SIGNERS, fresh.desk, now)
        refuse_when_locked(fresh, now)
        filing = open_filing(fresh)
        _refuse_incomplete(fresh, filing)
        filing.signed_by = filing.submitted_by = by
        filing.signed_at = filing.submitted_at = now
        filing.signer_name = by.full_name
        filing.save()
        hand_in(fresh, now)
        moved(Move.Kind.SUBMIT, fresh, by=by, now=now, number=filing.number)
        notices.tell_of_submission(fresh, by=by, now=now)
    return filing


def hand_in(report: Report, now: datetime) -> None:
    """Submitted; at the top of the regime nobody accepts it but the one who signed."""
    if report.first_submitted_at is None:
        report.first_submitted_at = now
        report.late = local_date(now) > (report.extended_to or report.due_on)
    report.state = State.SUBMITTED
    if report.above is None:
        report.state, report.accepted, report.unlocked = State.ACCEPTED, report.current, False
    report.save()
    if report.above is None:
        mark_stale(report)


def _refuse_incomplete(report: Report, filing: Filing) -> None:
    if report.consolidates and filing.consolidated_at is None:
        raise Refusal("not-consolidated", _NOT_CONSOLIDATED)
    hard = [one for one in problems_of(report, filing) if one.hard]
    if hard:
        words = ngettext(
            "%(n)d figure or answer must still be put right: see what is marked.",
            "%(n)d figures or answers must still be put right: see what is marked.",
            len(hard),
        )
        raise Refusal("not-complete", words % {"n": len(hard)})


_NOT_CONSOLIDATED = _("Put the reports of the units below together first.")
