"""What the unit above does with a report: returns, accepts, extends, reopens."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.display import vi_date
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.people.access import may
from vang.people.models import Person
from vang.reports import notices
from vang.reports.access import SIGNERS, guard_above
from vang.reports.models import Move, Remark, Report
from vang.reports.services.copying import next_filing
from vang.reports.services.locking import State, locked, moved
from vang.reports.services.staleness import mark_stale

MOST_COMMENT = 2_000


def return_report(
    *, report: Report, comment: str, remarks: Mapping[str, str], by: Person, now: datetime
) -> Report:
    """Back to its unit, with a comment in all and one for each figure named by code.

    The unit goes on in a copy: what it had submitted is kept. Raises Refusal.
    """
    with transaction.atomic():
        fresh = locked(report)
        guard_above(by, fresh, now)
        if fresh.state != State.SUBMITTED or fresh.current is None:
            raise Refusal("not-submitted", _NOT_SUBMITTED)
        told = {code: _words(text) for code, text in remarks.items() if _words(text)}
        words = _words(comment) or next(iter(told.values()), "")
        if not words:
            raise Refusal("comment-missing", _COMMENT_MISSING)
        by_code = {one.code: one for one in fresh.round.version.indicators.filter(code__in=told)}
        filing = fresh.current
        moved(Move.Kind.RETURN, fresh, by=by, now=now, comment=words, number=filing.number)
        rows = [
            Remark(report=fresh, filing=filing, indicator=by_code[code], text=text, by=by, at=now)
            for code, text in told.items()
            if code in by_code
        ]
        if _words(comment):
            rows.append(Remark(report=fresh, filing=filing, text=words, by=by, at=now))
        Remark.objects.bulk_create(rows)
        fresh.current = next_filing(fresh, words, by=None, now=now)
        fresh.state, fresh.unlocked = State.RETURNED, True
        fresh.save(update_fields=["current", "state", "unlocked"])
        notices.tell_of_return(fresh, words, by=by, now=now)
    return fresh


def accept_report(*, report: Report, by: Person, now: datetime) -> Report:
    """From now on its figures count above. Raises Refusal."""
    with transaction.atomic():
        fresh = locked(report)
        guard_above(by, fresh, now)
        if fresh.state != State.SUBMITTED:
            raise Refusal("not-submitted", _NOT_SUBMITTED)
        fresh.state, fresh.accepted, fresh.unlocked = State.ACCEPTED, fresh.current, False
        fresh.save(update_fields=["state", "accepted", "unlocked"])
        moved(Move.Kind.ACCEPT, fresh, by=by, now=now)
        mark_stale(fresh)
        notices.tell_of_acceptance(fresh, by=by, now=now)
    return fresh


def extend_report(*, report: Report, until: date, reason: str, by: Person, now: datetime) -> Report:
    """More time for one unit, with a reason; only before it has submitted. Raises Refusal."""
    with transaction.atomic():
        fresh = locked(report)
        guard_above(by, fresh, now)
        if fresh.first_submitted_at is not None:
            raise Refusal("submitted-already", _SUBMITTED)
        words = _words(reason)[:500]
        if not words:
            raise Refusal("reason-missing", _COMMENT_MISSING)
        if until <= (fresh.extended_to or fresh.due_on):
            raise Refusal("not-later", _NOT_LATER)
        fresh.extended_to, fresh.extension_reason = until, words
        fresh.save(update_fields=["extended_to", "extension_reason"])
        moved(Move.Kind.EXTEND, fresh, by=by, now=now, comment=words, until=until.isoformat())
        notices.tell_of_extension(fresh, vi_date(until), by=by, now=now)
    return fresh


def reopen_report(*, report: Report, reason: str, by: Person, now: datetime) -> Report:
    """To be amended, by the unit above at any time, by its own leader until the round is locked.

    What was accepted counts until the amended one is. Raises Refusal.
    """
    with transaction.atomic():
        fresh = locked(report)
        _guard_reopening(fresh, by, now)
        words = _words(reason)[:500]
        if not words:
            raise Refusal("reason-missing", _COMMENT_MISSING)
        if fresh.state in {State.SUBMITTED, State.ACCEPTED}:
            fresh.current = next_filing(fresh, words, by=by, now=now)
            fresh.state = State.DRAFT
        elif fresh.state == State.CLOSED:
            fresh.state = State.DRAFT if fresh.current is not None else State.EXPECTED
        elif fresh.unlocked or local_date(now) <= fresh.round.locks_on:
            raise Refusal("open-already", _OPEN)
        fresh.unlocked = True
        fresh.save(update_fields=["current", "state", "unlocked"])
        moved(Move.Kind.REOPEN, fresh, by=by, now=now, comment=words)
        mark_stale(fresh)
        notices.tell_of_reopening(fresh, words, by=by, now=now)
    return fresh


def _guard_reopening(report: Report, by: Person, now: datetime) -> None:
    own = may(by, SIGNERS, report.desk, local_date(now))
    if own and (report.above is None or local_date(now) <= report.round.locks_on):
        return
    guard_above(by, report, now)


def _words(text: str) -> str:
    return clean_text(text).strip()[:MOST_COMMENT]


_NOT_SUBMITTED = _("Only a submitted report can be returned or accepted.")
_COMMENT_MISSING = _("Say why, in a sentence that the unit can act on.")
_SUBMITTED = _("It has been submitted already: whether it was late does not change any more.")
_NOT_LATER = _("The new day must be later than the present one.")
_OPEN = _("The report is open already.")
