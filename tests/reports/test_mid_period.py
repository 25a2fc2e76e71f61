"""Units that begin and end within the period of a round: every record is told by one report and
only by one."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest

from tests.bulletins import newsroom
from tests.conftest import SignedIn, person
from tests.dispatch.radio import cluster_in
from tests.figures.conftest import Air
from tests.reports.conftest import JUNE
from tests.reports.reporting import accepted, figure, fill, fresh
from vang.base.clock import ManualClock, SystemClock, use_clock
from vang.bulletins.models import Bulletin
from vang.mergers.carrying import carry_out_due
from vang.mergers.services import announce_change, cancel_change, decide, what_moves
from vang.orgs.models import Unit, UnitChange
from vang.orgs.services import Newcomer, Part
from vang.people.models import Person
from vang.reports.facts import figures
from vang.reports.models import Regime, Report
from vang.reports.queries import last_values
from vang.reports.services import begin_report
from vang.reports.services.filing import asked_of
from vang.reports.services.opening import Days, expect_newcomers, open_round
from vang.stations.models import Node

OPENS = datetime(2026, 5, 11, 2, 0, tzinfo=UTC)
EARLY, LATER = date(2026, 3, 1), date(2026, 5, 20)
"""A change before the round opens, and one while it is open; both within its period."""
JUNE_10 = datetime(2026, 6, 10, 5, 0, tzinfo=UTC)


@pytest.fixture
def chief(district: Unit) -> Person:
    return person("thanh", "Nguyễn Văn Thành", district, "ADMINISTRATOR")


def morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 1, 0, tzinfo=UTC)


def write(unit: Unit, *days: str) -> None:
    for day in days:
        at = datetime.fromisoformat(f"{day}T10:00:00+07:00")
        Bulletin.objects.create(
            unit=unit, state="RELEASED", created_by=Person.objects.get(username="an"),
            created_at=at, changed_at=at,
        )  # fmt: skip


def merge(units: list[Unit], on: date, by: Person) -> UnitChange:
    new = Newcomer("20662", "XA", "Quế Sơn Trung", "COMMUNE", units[0].parent)
    return announce_change(
        kind="MERGE", effective_on=on, legal_basis="Nghị quyết",
        parts=[Part(unit, new) for unit in units], by=by, now=morning(on - timedelta(days=5)),
    )  # fmt: skip


def divide(unit: Unit, other: Unit, on: date, by: Person) -> UnitChange:
    rest = Newcomer("20662", "XA", "Thuận Hòa", "COMMUNE", unit.parent)
    return announce_change(
        kind="SPLIT", effective_on=on, legal_basis="Nghị quyết",
        parts=[Part(unit, rest, Fraction(2, 3)), Part(unit, other, Fraction(1, 3))],
        by=by, now=morning(on - timedelta(days=5)),
    )  # fmt: skip


def new_unit() -> Unit:
    return Unit.objects.get(code="20662", valid_to=None)


def opened(regime: Regime, by: Person) -> None:
    open_round(regime=regime, name="Báo cáo 10/6 năm 2026", days=JUNE, by=by, now=OPENS)


def told(name: str = "content.written") -> dict[str, int]:
    """What the records give each report that somebody owes, as known in June."""
    found = {}
    rows = Report.objects.filter(consolidates=False).exclude(state="CLOSED")
    for one in rows.select_related("unit", "round"):
        milli = figures(asked_of(one, JUNE_10), [name])[name].milli
        found[one.unit.name] = (milli or 0) // 1000
    return found


def waiting(change: UnitChange) -> dict[str, str]:
    (moving,) = [one for one in what_moves(change) if one.mover.name == "reports"]
    return {one.thing.key: one.choice for one in moving.things}


def test_what_became_part_of_a_unit_before_the_round_is_told_by_its_report(
    regime: Regime, xa_a: Unit, xa_b: Unit, an: Person, binh: Person, tech: Person, dao: Person,
    chief: Person, now: datetime, signed_in: SignedIn,
) -> None:  # fmt: skip
    write(xa_a, "2025-10-31", "2025-12-01", "2026-02-28")
    write(xa_b, "2026-01-05")
    edition = newsroom.released(xa_a, an, binh, now)
    Bulletin.objects.filter(pk=edition.bulletin_id).update(created_at=JUNE_10)
    air = Air(xa_a, edition, [cluster_in(xa_a, tech, now, "Cụm 1")], an, now)
    air.heard(day=date(2025, 12, 5))
    merge([xa_a, xa_b], EARLY, chief)
    carry_out_due(now=morning(EARLY))
    write(new_unit(), "2026-03-01", "2026-05-31")
    opened(regime, dao)
    assert told() == {"Quế Sơn Trung": 5}
    assert told("air.sessions") == {"Quế Sơn Trung": 1}
    report = Report.objects.get(unit=new_unit())
    begin_report(report=report, by=an, now=JUNE_10)
    assert figure(report, "content.written") == 5_000
    use_clock(ManualClock(JUNE_10))
    try:
        page = signed_in(an).get(f"/reports/{report.pk}/why/content.written").content.decode()
    finally:
        use_clock(SystemClock())
    assert "Xã Quế Thuận, Xã Quế Phong" in page


def test_a_report_not_begun_is_closed_and_the_new_unit_tells_the_whole_period(
    regime: Regime, xa_a: Unit, xa_b: Unit, an: Person, dao: Person, chief: Person
) -> None:
    opened(regime, dao)
    write(xa_a, "2025-12-01", "2026-05-19")
    write(xa_b, "2026-01-05")
    change = merge([xa_a, xa_b], LATER, chief)
    assert set(waiting(change).values()) == {"close"}
    carry_out_due(now=morning(LATER))
    write(new_unit(), "2026-05-20", "2026-06-01")
    assert expect_newcomers(now=morning(LATER)) == 1
    assert expect_newcomers(now=morning(LATER)) == 0
    assert told() == {"Quế Sơn Trung": 4}
    own = Report.objects.get(unit=new_unit())
    assert own.parent == Report.objects.get(consolidates=True)
    assert own.above == xa_a.parent
    begin_report(report=own, by=an, now=JUNE_10)
    assert fresh(own).state == "DRAFT"


def test_one_that_was_begun_tells_the_days_before_and_the_new_one_its_own(
    regime: Regime, xa_a: Unit, xa_b: Unit, an: Person, binh: Person, tech: Person, dao: Person,
    chief: Person, now: datetime,
) -> None:  # fmt: skip
    """The clusters belong to the new commune by then; what they played before does not."""
    opened(regime, dao)
    write(xa_a, "2025-12-01", "2026-05-19")
    write(xa_b, "2026-01-05")
    edition = newsroom.released(xa_a, an, binh, now)
    Bulletin.objects.filter(pk=edition.bulletin_id).update(created_at=JUNE_10)
    air = Air(xa_a, edition, [cluster_in(xa_a, tech, now, "Cụm 1")], an, now)
    air.heard(day=date(2026, 5, 1))
    report = Report.objects.get(unit=xa_a)
    fill(report, {}, by=an, now=OPENS)
    merge([xa_a, xa_b], LATER, chief)
    carry_out_due(now=morning(LATER))
    write(new_unit(), "2026-05-20")
    expect_newcomers(now=morning(LATER))
    assert fresh(report).keeper == new_unit()
    assert told() == {"Quế Thuận": 2, "Quế Sơn Trung": 2}
    assert told("air.sessions") == {"Quế Thuận": 1, "Quế Sơn Trung": 0}


def test_a_unit_divided_before_the_round_has_a_report_that_somebody_must_take(
    regime: Regime, xa_a: Unit, xa_b: Unit, an: Person, chi: Person, dao: Person, chief: Person
) -> None:
    write(xa_a, "2025-12-01", "2026-02-28")
    write(xa_b, "2026-01-05")
    change = divide(xa_a, xa_b, EARLY, chief)
    carry_out_due(now=morning(EARLY))
    write(new_unit(), "2026-04-01")
    opened(regime, dao)
    old = Report.objects.get(unit=xa_a)
    assert (old.state, old.above, old.keeper) == ("EXPECTED", xa_a.parent, None)
    assert waiting(change) == {str(old.pk): ""}
    decide(change, "reports", {str(old.pk): str(xa_b.pk)}, by=chief, now=OPENS)
    begin_report(report=old, by=chi, now=JUNE_10)
    assert figure(old, "content.written") == 2_000
    assert told() == {"Quế Thuận": 2, "Quế Phong": 1, "Thuận Hòa": 1}


def test_a_change_announced_for_a_day_of_the_period_can_still_be_taken_back(
    regime: Regime, xa_a: Unit, xa_b: Unit, dao: Person, chief: Person
) -> None:
    """A round opens for the units of that day, not for those that are only announced."""
    change = merge([xa_a, xa_b], LATER, chief)
    Unit.objects.filter(code="20662").exclude(pk=xa_a.pk).get()
    opened(regime, dao)
    assert told() == {"Quế Phong": 0, "Quế Thuận": 0}
    cancel_change(change, by=chief, now=morning(LATER - timedelta(days=1)))
    assert expect_newcomers(now=morning(LATER)) == 0
    assert told() == {"Quế Phong": 0, "Quế Thuận": 0}


def test_a_cluster_of_a_unit_that_ended_after_the_period_is_told_by_its_report(
    regime: Regime, xa_a: Unit, xa_b: Unit, an: Person, tech: Person, dao: Person, chief: Person,
    now: datetime,
) -> None:  # fmt: skip
    opened(regime, dao)
    cluster = cluster_in(xa_a, tech, now, "Cụm 1")
    village = Unit.objects.filter(parent=xa_a, level="VILLAGE").order_by("pk")[0]
    cluster.villages.set([village])
    Node.objects.create(id="n", cluster=cluster, public_key="00" * 32, enrolled_at=OPENS)
    before = told("stations.covered")
    merge([xa_a, xa_b], date(2026, 6, 5), chief)
    carry_out_due(now=morning(date(2026, 6, 5)))
    cluster.refresh_from_db()
    assert cluster.unit == new_unit()
    assert expect_newcomers(now=JUNE_10) == 0
    assert told("stations.clusters") == {"Quế Phong": 0, "Quế Thuận": 1}
    assert told("stations.covered") == before == {"Quế Phong": 0, "Quế Thuận": 1}


def test_a_renamed_commune_finds_its_last_figures_beside_the_new_ones(
    regime: Regime, xa_a: Unit, xa_b: Unit, an: Person, binh: Person, dao: Person, chief: Person
) -> None:
    autumn = Days(
        date(2025, 6, 1), date(2025, 10, 31), date(2025, 10, 11), date(2025, 11, 10),
        date(2025, 11, 30),
    )  # fmt: skip
    at = datetime(2025, 11, 5, 2, 0, tzinfo=UTC)
    first = open_round(regime=regime, name="Báo cáo 10/11 năm 2025", days=autumn, by=dao, now=at)
    before = Report.objects.get(round=first, unit=xa_a)
    accepted(before, {"channels.talks": 5}, writer=an, signer=binh, above=dao, now=at)
    new = Newcomer("20662", "XA", "Thuận Hòa", "COMMUNE", xa_a.parent)
    announce_change(
        kind="RENAME", effective_on=EARLY, legal_basis="Nghị quyết", parts=[Part(xa_a, new)],
        by=chief, now=morning(EARLY - timedelta(days=5)),
    )  # fmt: skip
    carry_out_due(now=morning(EARLY))
    opened(regime, dao)
    renamed = Report.objects.get(unit=new_unit())
    assert last_values(renamed)["channels.talks"].milli == 5_000
