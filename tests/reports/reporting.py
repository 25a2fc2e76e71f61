"""Short ways to a report in a given state."""

from datetime import datetime

from vang.people.models import Person
from vang.reports.models import Indicator, Report
from vang.reports.rules import words_of
from vang.reports.services import accept_report, begin_report, save_figures, submit_report
from vang.reports.services.filing import Entry


def fresh(report: Report) -> Report:
    return Report.objects.select_related("current", "accepted", "round__version").get(pk=report.pk)


def figure(report: Report, code: str) -> int | None:
    """What the report says now, in thousandths."""
    current = fresh(report).current
    assert current is not None
    return current.values.get(indicator__code=code).milli


def fill(report: Report, figures: dict[str, int], *, by: Person, now: datetime) -> None:
    """Type whole figures, with a note each; what is required and not given becomes 0."""
    begin_report(report=report, by=by, now=now)
    current = fresh(report).current
    assert current is not None
    entries = {code: Entry(words_of(n * 1000), "theo sổ") for code, n in figures.items()}
    empty = current.values.filter(milli=None, indicator__required=True)
    for row in empty.select_related("indicator"):
        if row.indicator.counted and row.indicator.code not in entries:
            entries[row.indicator.code] = Entry("0")
    saved = save_figures(report=report, entries=entries, by=by, now=now)
    assert saved.complaints == {}


def submitted(
    report: Report, figures: dict[str, int], *, writer: Person, signer: Person, now: datetime
) -> Report:
    fill(report, figures, by=writer, now=now)
    submit_report(report=report, by=signer, now=now)
    return fresh(report)


def accepted(
    report: Report, figures: dict[str, int], *, writer: Person, signer: Person, above: Person,
    now: datetime,
) -> Report:  # fmt: skip
    submitted(report, figures, writer=writer, signer=signer, now=now)
    accept_report(report=report, by=above, now=now)
    return fresh(report)


def a_number(report: Report) -> str:
    """The code of some indicator that is typed, not taken from records."""
    return Indicator.objects.filter(version=report.round.version_id, formula="")[0].code
