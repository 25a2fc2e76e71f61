"""A unit becomes another in the middle of a round: what is open goes on or is closed, what was
accepted stays, nothing is lost and nothing is told twice."""

from datetime import date, datetime
from fractions import Fraction

import pytest

from tests.conftest import SignedIn, person
from tests.refusals import refused
from tests.reports.reporting import accepted, figure, fill, fresh, submitted
from vang.base import clock
from vang.base.clock import ManualClock, SystemClock
from vang.mergers.carrying import carry_out_due
from vang.mergers.services import announce_change, cancel_change, decide, what_moves
from vang.orgs.models import Unit, UnitChange
from vang.orgs.services import Newcomer, Part
from vang.people.models import Person
from vang.reports.consolidation import by_place
from vang.reports.models import Filing, Indicator, Move, Report, Round
from vang.reports.queries import completeness, owed_by
from vang.reports.services import (
    accept_report,
    begin_report,
    consolidate,
    reopen_report,
    return_report,
    submit_report,
)

DAY = date(2026, 6, 20)
MORNING = datetime.fromisoformat("2026-06-20T08:00:00+07:00")
BASIS = "Nghị quyết số 1659/NQ-UBTVQH15"


@pytest.fixture
def chief(district: Unit) -> Person:
    return person("thanh", "Nguyễn Văn Thành", district, "ADMINISTRATOR")


@pytest.fixture
def code(june: Round) -> str:
    """A figure that is typed and summed."""
    found = Indicator.objects.filter(
        version=june.version, formula="", rollup="SUM", kind="NUMBER", carried=False
    ).first()
    assert found is not None
    return found.code


def merge(units: list[Unit], by: Person, now: datetime) -> UnitChange:
    new = Newcomer("20662", "XA", "Quế Sơn Trung", "COMMUNE", units[0].parent)
    return announce_change(
        kind="MERGE", effective_on=DAY, legal_basis=BASIS,
        parts=[Part(unit, new) for unit in units], by=by, now=now,
    )  # fmt: skip


def divide(unit: Unit, other: Unit, by: Person, now: datetime) -> UnitChange:
    rest = Newcomer("20662", "XA", "Quế Thuận", "COMMUNE", unit.parent)
    parts = [Part(unit, rest, Fraction(2, 3)), Part(unit, other, Fraction(1, 3))]
    return announce_change(
        kind="SPLIT", effective_on=DAY, legal_basis=BASIS, parts=parts, by=by, now=now
    )


def new_unit() -> Unit:
    return Unit.objects.get(code="20662", valid_to=None)


def open_things(change: UnitChange) -> dict[int, str]:
    """By key of the report what is chosen for it."""
    (moving,) = [one for one in what_moves(change) if one.mover.name == "reports"]
    return {int(one.thing.key): one.choice for one in moving.things}


def test_what_is_open_goes_on_at_the_new_desk_and_counts_once(
    report: Report, report_b: Report, above: Report, xa_a: Unit, xa_b: Unit, an: Person,
    hanh: Person, chi: Person, dao: Person, chief: Person, code: str, now: datetime,
) -> None:  # fmt: skip
    fill(report, {code: 7}, by=an, now=now)
    leader = person("phuc", "Đỗ Văn Phúc", xa_b, "LEADER")
    accepted(report_b, {code: 5}, writer=chi, signer=leader, above=dao, now=now)
    change = merge([xa_a, xa_b], chief, now)
    assert open_things(change) == {report.pk: str(new_unit().pk)}
    decide(change, "people", _stay(change, leader), by=chief, now=now)
    carry_out_due(now=MORNING)

    one, two = fresh(report), fresh(report_b)
    assert (one.unit, one.keeper, one.state) == (xa_a, new_unit(), "DRAFT")
    assert (two.unit, two.keeper, two.state) == (xa_b, None, "ACCEPTED")
    assert figure(report, code) == 7_000
    assert list(owed_by(new_unit())) == [one]
    assert not owed_by(xa_a).exists()
    assert report.moves.filter(kind="HAND_ON").count() == 1
    fill(report, {code: 8}, by=an, now=MORNING)  # An writes for the new commune now
    submit_report(report=report, by=hanh, now=MORNING)
    accept_report(report=report, by=dao, now=MORNING)
    assert fresh(report).late, "ten days after the due day, whoever writes it"
    consolidate(report=above, by=dao, now=MORNING)
    assert figure(above, code) == 13_000
    key = Indicator.objects.get(version=one.round.version, code=code)
    for today, told in ((False, {xa_a.pk: 8_000, xa_b.pk: 5_000}), (True, {new_unit().pk: 13_000})):
        sums = by_place(report.round, "COMMUNE", today=today).sums
        assert {unit: n for (unit, which), n in sums.items() if which == key.pk} == told


def _stay(change: UnitChange, leader: Person) -> dict[str, str]:
    """Of two leaders the other one goes on."""
    return {str(leader.memberships.get().pk): "end", **_goes(change, "hanh")}


def _goes(change: UnitChange, username: str) -> dict[str, str]:
    held = Person.objects.get(username=username).memberships.get()
    return {str(held.pk): str(new_unit().pk)}


def test_one_not_begun_is_begun_by_the_new_commune(
    report: Report, report_b: Report, xa_a: Unit, xa_b: Unit, an: Person, chief: Person,
    now: datetime,
) -> None:  # fmt: skip
    merge([xa_a, xa_b], chief, now)
    carry_out_due(now=MORNING)
    for one in (report, report_b):
        begin_report(report=one, by=an, now=MORNING)
        assert fresh(one).state == "DRAFT"
    assert Report.objects.filter(round=report.round, unit=new_unit()).count() == 0


def test_until_the_day_everything_is_taken_back(
    report: Report, xa_a: Unit, xa_b: Unit, an: Person, chief: Person, code: str, now: datetime
) -> None:
    fill(report, {code: 7}, by=an, now=now)
    change = merge([xa_a, xa_b], chief, now)
    decide(change, "reports", {str(report.pk): "close"}, by=chief, now=now)
    assert open_things(change)[report.pk] == "close"
    cancel_change(change, by=chief, now=now)
    carry_out_due(now=MORNING)
    one = fresh(report)
    assert (one.unit, one.keeper, one.state) == (xa_a, None, "DRAFT")
    fill(report, {code: 9}, by=an, now=MORNING)


def test_closed_it_is_owed_by_nobody_kept_and_can_be_opened_again(
    report: Report, report_b: Report, xa_a: Unit, xa_b: Unit, an: Person, dao: Person,
    chief: Person, code: str, now: datetime,
) -> None:  # fmt: skip
    fill(report, {code: 7}, by=an, now=now)
    change = merge([xa_a, xa_b], chief, now)
    decide(change, "reports", {str(report.pk): "close"}, by=chief, now=now)
    carry_out_due(now=MORNING)
    assert fresh(report).state == "CLOSED"
    assert figure(report, code) == 7_000
    why = report.moves.get(kind="CLOSE").comment
    assert "Quế Sơn Trung" in why
    assert BASIS in why
    counts = completeness(Report.objects.filter(parent=report.parent), DAY)
    assert (counts.total, counts.missing) == (1, 1)
    assert list(owed_by(new_unit())) == [fresh(report_b)]
    with refused("not-being-written"):
        fill(report, {code: 8}, by=an, now=MORNING)
    reopen_report(report=report, reason="Còn phải báo cáo.", by=dao, now=MORNING)
    fill(report, {code: 8}, by=an, now=MORNING)
    assert figure(report, code) == 8_000


def test_of_a_divided_commune_somebody_says_where_its_report_goes(
    report: Report, xa_a: Unit, xa_b: Unit, chi: Person, chief: Person, now: datetime
) -> None:
    change = divide(xa_a, xa_b, chief, now)
    assert open_things(change) == {report.pk: ""}
    carry_out_due(now=MORNING)
    assert fresh(report).keeper is None, "nothing is guessed"
    assert open_things(change) == {report.pk: ""}
    decide(change, "reports", {str(report.pk): str(xa_b.pk)}, by=chief, now=MORNING)
    assert open_things(change) == {}
    begin_report(report=report, by=chi, now=MORNING)
    assert fresh(report).unit == xa_a


def test_what_was_submitted_is_not_closed_and_comes_back_to_the_new_desk(
    report: Report, xa_a: Unit, xa_b: Unit, an: Person, hanh: Person, dao: Person, chief: Person,
    code: str, now: datetime,
) -> None:  # fmt: skip
    submitted(report, {code: 7}, writer=an, signer=hanh, now=now)
    change = merge([xa_a, xa_b], chief, now)
    with refused("thing-gone"):
        decide(change, "reports", {str(report.pk): "close"}, by=chief, now=now)
    carry_out_due(now=MORNING)
    return_report(report=report, comment="Xem lại.", remarks={}, by=dao, now=MORNING)
    fill(report, {code: 6}, by=an, now=MORNING)
    assert Filing.objects.filter(report=report).count() == 2
    assert fresh(report).late is False


def test_a_round_that_takes_nothing_more_is_left_alone(
    report: Report, xa_a: Unit, xa_b: Unit, chief: Person, now: datetime
) -> None:
    Round.objects.update(locks_on=date(2026, 6, 19))
    assert open_things(merge([xa_a, xa_b], chief, now)) == {}


def test_when_the_district_goes_its_communes_report_to_the_province(
    report: Report, report_b: Report, above: Report, district: Unit, xa_a: Unit, xa_b: Unit,
    an: Person, dao: Person, now: datetime,
) -> None:  # fmt: skip
    province = Unit.objects.create(
        code="48", valid_from=date(2017, 1, 1), level="PROVINCE", kind="THANH_PHO", name="Đà Nẵng"
    )
    district.parent = province
    district.save()
    ruler = person("long", "Lê Long", province, "ADMINISTRATOR", "APPROVER")
    new = Newcomer("20662", "XA", "Quế Sơn Trung", "COMMUNE", province)
    announce_change(
        kind="MERGE", effective_on=DAY, legal_basis=BASIS,
        parts=[Part(xa_a, new), Part(xa_b, new)], by=ruler, now=now,
    )  # fmt: skip
    gone = announce_change(
        kind="ABOLISH", effective_on=DAY, legal_basis=BASIS, abolished=[district], by=ruler, now=now
    )
    assert open_things(gone) == {above.pk: "close"}
    carry_out_due(now=MORNING)
    assert fresh(above).state == "CLOSED"
    for one in (report, report_b):
        assert (fresh(one).above, fresh(one).parent) == (province, None)
    assert Move.objects.filter(kind="HAND_ON").count() == 2


def test_the_new_desk_finds_it_on_its_pages_and_a_stranger_does_not(
    report: Report, xa_a: Unit, xa_b: Unit, an: Person, quan: Person, chief: Person,
    signed_in: SignedIn, now: datetime,
) -> None:  # fmt: skip
    merge([xa_a, xa_b], chief, now)
    carry_out_due(now=MORNING)
    clock.use_clock(ManualClock(MORNING))
    try:
        client = signed_in(an)
        listed = client.get("/reports/").content.decode()
        assert "Xã Quế Thuận" in listed
        assert client.get(f"/reports/{report.pk}").status_code == 200
        other = Unit.objects.create(
            code="20699", valid_from=date(2017, 1, 1), level="COMMUNE", kind="XA", name="Quế Tân",
            parent=xa_a.parent,
        )  # fmt: skip
        stranger = signed_in(person("la", "Người Lạ", other, "WRITER"))
        assert stranger.get(f"/reports/{report.pk}").status_code == 404
    finally:
        clock.use_clock(SystemClock())
