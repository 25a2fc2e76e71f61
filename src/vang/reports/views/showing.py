"""A report as it stands: for its own people and for the unit above."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from vang.base.clock import local_date, now
from vang.people.access import signed_in
from vang.reports.models import Filing, Indicator, Recipient, Report, Sending, Value
from vang.reports.queries import last_values, values_of
from vang.reports.rules import words_of
from vang.reports.services.filing import shown
from vang.reports.services.locking import WRITABLE
from vang.reports.steps import due_words, timing
from vang.reports.views.writing import sight


@dataclass(frozen=True)
class Row:
    """A figure to read."""

    value: Value
    figure: str
    last: str
    system: str
    remark: str = ""

    @property
    def indicator(self) -> Indicator:
        return self.value.indicator

    @property
    def differs(self) -> bool:
        return bool(self.system) and self.system != self.figure


def rows_of(
    report: Report, filing: Filing, remarks: Mapping[str, str] | None = None
) -> list[tuple[str, list[Row]]]:
    """By group, in the order of the form. ``remarks``: what is being said of them, by code."""
    said = remarks or {}
    last = last_values(report)
    labels = dict(Indicator.Group.choices)
    groups: dict[str, list[Row]] = {}
    for value in values_of(filing):
        before = last.get(value.indicator.code)
        was = "" if before is None else words_of(before.milli) or before.text
        remark = said.get(value.indicator.code, "")
        row = Row(value, shown(value), was, words_of(value.system_milli), remark)
        groups.setdefault(str(labels[value.indicator.group]), []).append(row)
    return list(groups.items())


@require_safe
@signed_in
def report_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One report: where it stands, what it says, what was said about it, every filing."""
    found = sight(request, pk)
    report, today = found.report, local_date(now())
    counted = list(report.filings.annotate(files=Count("attachments")))
    with_files = {one.pk for one in counted if one.files}
    filings: list[Filing] = list(counted)
    filing = _wanted(filings, request.GET.get("version", ""), own=bool(found.own))
    context = {
        "report": report,
        "reading": found,
        "filing": filing,
        "filings": filings,
        "groups": rows_of(report, filing) if filing is not None else [],
        "passages": filing.passages.select_related("section") if filing is not None else [],
        "files": filing.attachments.all() if filing is not None and filing.pk in with_files else [],
        # There is none before a filing was returned, which begins a second one.
        "remarks": report.remarks.select_related("indicator", "by", "filing")
        if len(filings) > 1
        else [],
        "moves": report.moves.select_related("by", "filing"),
        "recipients": _recipients(report),
        "sends": report.above_id is None and report.accepted is not None,
        "timing": timing(report, today),
        "due": due_words(report),
        "writable": report.state in WRITABLE,
        "may_begin": found.writes and report.state == Report.State.EXPECTED,
        "locked": today > report.round.locks_on and not report.unlocked,
        "may_amend": found.signs
        and report.state in {Report.State.SUBMITTED, Report.State.ACCEPTED}
        and (report.above_id is None or today <= report.round.locks_on),
    }
    return render(request, "reports/report.html", context)


@dataclass(frozen=True)
class To:
    """A recipient and how far the accepted filing has come on its way there."""

    recipient: Recipient
    sending: Sending | None


def _recipients(report: Report) -> list[To]:
    if report.above_id is not None:
        return []
    sent = {one.recipient_id: one for one in Sending.objects.filter(filing=report.accepted_id)}
    return [To(one, sent.get(one.pk)) for one in report.round.regime.recipients.all()]


def _wanted(filings: Sequence[Filing], asked: str, *, own: bool) -> Filing | None:
    """The version asked for, else the present one; from above an unfinished one is not seen."""
    seen = [one for one in filings if own or one.submitted_at is not None]
    if asked.isdecimal():
        return next((one for one in seen if str(one.number) == asked), None)
    return seen[0] if seen else None
