"""Whether a report was late is settled by its first submission and never changes afterwards,
whatever people do with it and whenever."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from hypothesis import HealthCheck, event, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.conftest import person
from tests.reports.conftest import JUNE
from tests.reports.reporting import fresh
from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.orgs.models import Unit
from vang.reports import services
from vang.reports.models import Form, FormVersion, Indicator, Regime, Report
from vang.reports.services.filing import Entry
from vang.reports.services.opening import open_round

OPENS = datetime(2026, 5, 11, 2, 0, tzinfo=UTC)
SINCE = date(2017, 1, 1)
ACTS = (
    "write", "submit", "submit", "send back", "accept", "extend", "reopen", "reopen oneself",
    "consolidate",
)  # fmt: skip
Step = tuple[str, int]
"""What is tried, and so many days after the one before."""


@dataclass
class Office:
    """A commune and its district with one report; what is known of it by keeping count."""

    now: datetime = OPENS
    late: bool | None = None
    first: datetime | None = None
    until: date = JUNE.due_on
    kept: dict[int, list[int | None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        district = _unit("509", "DISTRICT", "HUYEN", None)
        commune = _unit("20662", "COMMUNE", "XA", district)
        self.writer = person("an", "An", commune, "WRITER")
        self.leader = person("binh", "Bình", commune, "LEADER")
        self.above = person("dao", "Đào", district, "WRITER", "APPROVER", "LEADER")
        form = Form.objects.create(code="F", name="F")
        version = FormVersion.objects.create(
            form=form, number=1, state="ISSUED", begun_at=OPENS, issued_at=OPENS
        )
        Indicator.objects.create(version=version, place=0, code="n", group="AIRTIME", name="Số")
        regime = Regime.objects.create(form=form, name="R", unit=district)
        made = open_round(regime=regime, name="Đợt", days=JUNE, by=None, now=OPENS)
        self.report = Report.objects.get(round=made, unit=commune)
        self.whole = Report.objects.get(round=made, unit=district)

    def act(self, name: str, n: int) -> None:
        today = local_date(self.now)
        told = {"report": self.report, "now": self.now}
        acts: dict[str, Callable[[], object]] = {
            "write": lambda: self._write(n),
            "submit": lambda: self._submit(n),
            "send back": lambda: services.return_report(
                comment="Xem lại", remarks={}, by=self.above, **told  # type: ignore[arg-type]
            ),
            "accept": lambda: services.accept_report(by=self.above, **told),  # type: ignore[arg-type]
            "extend": lambda: services.extend_report(
                until=today + timedelta(days=5), reason="bão", by=self.above, **told  # type: ignore[arg-type]
            ),
            "reopen": lambda: services.reopen_report(reason="sót", by=self.above, **told),  # type: ignore[arg-type]
            "reopen oneself": lambda: services.reopen_report(
                reason="sót", by=self.leader, **told  # type: ignore[arg-type]
            ),
            "consolidate": lambda: services.consolidate(
                report=self.whole, by=self.above, now=self.now
            ),
        }  # fmt: skip
        try:
            acts[name]()
        except Refusal:
            return
        event(name)
        if name == "extend":
            self.until = today + timedelta(days=5)
        if name == "submit" and self.first is None:
            self.first, self.late = self.now, today > self.until

    def _write(self, n: int) -> None:
        services.begin_report(report=self.report, by=self.writer, now=self.now)
        services.save_figures(
            report=self.report, entries={"n": Entry(str(n))}, by=self.writer, now=self.now
        )

    def _submit(self, n: int) -> None:
        if fresh(self.report).state == "EXPECTED":
            self._write(n)
        services.submit_report(report=self.report, by=self.leader, now=self.now)

    def holds(self) -> None:
        """What was settled stands, and no submitted filing has changed or gone."""
        one = fresh(self.report)
        assert (one.late, one.first_submitted_at) == (self.late, self.first)
        assert one.due_on == JUNE.due_on
        filings = one.filings.filter(submitted_at__isnull=False).prefetch_related("values")
        now = {f.number: [value.milli for value in f.values.all()] for f in filings}
        assert now | self.kept == now
        self.kept = now


def _unit(code: str, level: str, kind: str, parent: Unit | None) -> Unit:
    return Unit.objects.create(
        code=code, valid_from=SINCE, level=level, kind=kind, name=code, parent=parent
    )


LATE_AND_AMENDED = [
    ("write", 1), ("submit", 35), ("send back", 0), ("extend", 0), ("write", 1), ("submit", 0),
    ("accept", 1), ("consolidate", 0), ("reopen", 30), ("write", 0), ("submit", 1), ("accept", 0),
]  # fmt: skip
ON_TIME_BY_AN_EXTENSION = [("write", 1), ("extend", 28), ("submit", 3), ("reopen oneself", 1)]


class TestWhateverHappens(TestCase):
    @settings(
        max_examples=30, deadline=None, suppress_health_check=[HealthCheck.differing_executors]
    )
    @given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 20)), max_size=14))
    @example(LATE_AND_AMENDED)
    @example(ON_TIME_BY_AN_EXTENSION)
    def test_lateness_never_changes_afterwards(self, steps: list[Step]) -> None:
        office = Office()
        for n, (name, days) in enumerate(steps):
            office.now += timedelta(days=days, seconds=1)
            office.act(name, n)
            office.holds()
        if steps == LATE_AND_AMENDED:
            assert (office.late, len(office.kept)) == (True, 3)
        if steps == ON_TIME_BY_AN_EXTENSION:
            assert (office.late, office.until) == (False, date(2026, 6, 14))
