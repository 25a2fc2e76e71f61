"""Units that merge, split, change their name or place: announced, in force, taken back."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.conftest import BEGIN, NOON
from tests.refusals import refused
from vang.orgs.models import Standing, Succession, Unit, UnitChange
from vang.orgs.queries import communes_below, valid_on, villages
from vang.orgs.services import (
    Newcomer,
    Part,
    announce,
    bring_into_force,
    cancel,
    due,
    let_follow,
    undecided,
)
from vang.orgs.standings import TRIGGER, rebuild
from vang.orgs.succession import predecessors, standing, successors, sums_today, units_of
from vang.people.models import Membership, Person

DAY = date(2026, 7, 1)
EVE = date(2026, 6, 30)
BASIS = "Nghị quyết số 1659/NQ-UBTVQH15 ngày 16/06/2025"
HALF = Fraction(1, 2)


def new(code: str, name: str, parent: Unit | None = None, **more: Any) -> Newcomer:
    return Newcomer(code=code, kind="XA", name=name, level="COMMUNE", parent=parent, **more)


def change(kind: str, parts: list[Part], on: date = DAY, **more: Any) -> UnitChange:
    fields = {"legal_basis": BASIS, "by": None, "now": NOON, **more}
    return announce(kind=kind, effective_on=on, parts=parts, **fields)


@pytest.fixture
def merged(xa_a: Unit, xa_b: Unit, district: Unit) -> UnitChange:
    whole = new("20662", "Quế Sơn Trung", district)
    return change("MERGE", [Part(xa_a, whole), Part(xa_b, whole)])


def test_a_merger_ends_two_communes_and_begins_one(
    merged: UnitChange, xa_a: Unit, xa_b: Unit, district: Unit
) -> None:
    assert set(communes_below(district, EVE)) == {xa_a, xa_b}
    (one,) = communes_below(district, DAY)
    assert (one.code, one.full_name, one.valid_from) == ("20662", "Xã Quế Sơn Trung", DAY)
    assert successors([xa_a, xa_b], EVE) == {
        xa_a.pk: [(xa_a, Fraction(1))],
        xa_b.pk: [(xa_b, Fraction(1))],
    }
    assert successors([xa_a], DAY)[xa_a.pk] == [(one, Fraction(1))]
    assert {xa_a, xa_b} == set(predecessors(one))


def test_villages_go_with_their_commune(merged: UnitChange, xa_a: Unit, district: Unit) -> None:
    (one,) = communes_below(district, DAY)
    before, after = villages(xa_a, EVE), villages(one, DAY)
    assert [v.name for v in before] == [v.name for v in after] == ["Thuận 1", "Thuận 2", "Thuận 3"]
    assert [v.households for v in after] == [100, 200, 300]
    assert not set(before) & set(after)
    assert not villages(xa_a, DAY)


def test_units_of_today_change_on_the_day_and_not_before(
    merged: UnitChange, xa_a: Unit, xa_b: Unit, district: Unit
) -> None:
    (one,) = communes_below(district, DAY)
    assert standing([xa_a.pk]) == {xa_a.pk: {xa_a.pk: 1}}
    assert not due(EVE)
    assert list(due(DAY)) == [merged]
    bring_into_force(merged, now=NOON)
    assert standing([xa_a.pk, xa_b.pk]) == {xa_a.pk: {one.pk: 1}, xa_b.pk: {one.pk: 1}}
    assert set(units_of(one)) == {xa_a, xa_b, one}
    assert not due(DAY)


def test_what_was_founded_after_the_announcement_goes_along(merged: UnitChange, xa_a: Unit) -> None:
    late = Unit.objects.create(
        code="20662.04", valid_from=EVE, level="VILLAGE", kind="THON", name="Thuận 4", parent=xa_a
    )
    bring_into_force(merged, now=NOON)
    ((after, _share),) = successors([late], DAY)[late.pk]
    assert after.parent is not None
    assert after.parent.name == "Quế Sơn Trung"


def test_taken_back_everything_is_as_before(
    merged: UnitChange, xa_a: Unit, xa_b: Unit, district: Unit, quan: Person
) -> None:
    before = Unit.objects.count()
    cancel(merged, by=quan, now=NOON)
    assert set(communes_below(district, DAY)) == {xa_a, xa_b}
    assert [v.name for v in villages(xa_a, DAY)] == ["Thuận 1", "Thuận 2", "Thuận 3"]
    assert Unit.objects.count() == before - 4
    merged.refresh_from_db()
    assert [row["to"] for row in merged.account] == ["Xã Quế Sơn Trung"] * 2
    with refused("change-cancelled"):
        cancel(merged, by=quan, now=NOON)
    with refused("change-cancelled"):
        bring_into_force(merged, now=NOON)
    assert not due(DAY)


def test_taken_back_it_can_be_announced_anew(
    merged: UnitChange, xa_a: Unit, district: Unit, quan: Person
) -> None:
    cancel(merged, by=quan, now=NOON)
    again = change("RENAME", [Part(xa_a, new("20662", "Thuận", district))])
    assert again.successions.get(follows=False).successor.name == "Thuận"


def test_in_force_it_is_not_taken_back(merged: UnitChange, quan: Person) -> None:
    bring_into_force(merged, now=NOON)
    with refused("change-in-force"):
        cancel(merged, by=quan, now=NOON)
    with refused("change-in-force"):
        bring_into_force(merged, now=NOON)


def test_what_is_prepared_in_a_new_unit_is_taken_back_first(
    merged: UnitChange, district: Unit, quan: Person
) -> None:
    (one,) = communes_below(district, DAY)
    role = Membership.objects.create(person=quan, unit=one, role="WRITER", valid_from=DAY)
    with refused("unit-in-use"):
        cancel(merged, by=quan, now=NOON)
    role.delete()
    cancel(merged, by=quan, now=NOON)


def test_a_change_that_another_rests_on_is_taken_back_last(
    merged: UnitChange, district: Unit, quan: Person
) -> None:
    (one,) = communes_below(district, DAY)
    later = change("RENAME", [Part(one, new("20662", "Trung", district))], date(2027, 1, 1))
    with refused("change-built-on"):
        cancel(merged, by=quan, now=NOON)
    cancel(later, by=quan, now=NOON)
    cancel(merged, by=quan, now=NOON)


def test_two_changes_of_one_unit(merged: UnitChange, xa_a: Unit, district: Unit) -> None:
    with refused("unit-ending"):
        change("RENAME", [Part(xa_a, new("20663", "Thuận", district))], date(2027, 1, 1))
    (one,) = communes_below(district, DAY)
    with refused("unit-too-young"):
        change("RENAME", [Part(one, new("20663", "Thuận", district))])
    with refused("successor-not-there"):
        change("MERGE", [Part(one, xa_a)], date(2027, 1, 1))


def _x(code: str = "1", name: str = "X", parent: Unit | None = None) -> Newcomer:
    return new(code, name, parent)


_FINE = Fraction(1, 10**7)
Parts = Callable[[Unit, Unit, Unit], list[Part]]


@pytest.mark.parametrize(
    ("code", "kind", "parts"),
    [
        ("no-units", "MERGE", lambda _a, _b, _d: []),
        ("change-shape", "MERGE", lambda a, b, d: [Part(a, b, HALF), Part(a, d, HALF)]),
        ("change-shape", "SPLIT", lambda a, b, _d: [Part(a, b)]),
        ("change-shape", "ABOLISH", lambda a, b, _d: [Part(a, b)]),
        ("change-shape", "RENAME", lambda a, b, _d: [Part(a, _x()), Part(b, _x())]),
        ("change-of-level", "MERGE", lambda a, _b, d: [Part(a, d)]),
        ("shares-not-whole", "SPLIT", lambda a, b, _d: [Part(a, b, HALF), Part(a, _x(), HALF / 2)]),
        ("share-unfit", "SPLIT", lambda a, b, _d: [Part(a, b, 3 * HALF), Part(a, _x(), -HALF)]),
        ("share-unfit", "SPLIT", lambda a, b, _d: [Part(a, b, _FINE), Part(a, _x(), 1 - _FINE)]),
        ("to-itself", "MERGE", lambda a, b, _d: [Part(a, b), Part(b, b)]),
        ("named-twice", "MERGE", lambda a, b, _d: [Part(a, b), Part(a, b)]),
        ("code-in-use", "RENAME", lambda a, _b, d: [Part(a, _x("20683", parent=d))]),
        ("newcomer-unnamed", "RENAME", lambda a, _b, d: [Part(a, _x("1", " ", d))]),
    ],
)
def test_what_cannot_be(
    code: str, kind: str, parts: Parts, xa_a: Unit, xa_b: Unit, district: Unit
) -> None:
    with refused(code):
        change(kind, parts(xa_a, xa_b, district))
    assert not UnitChange.objects.exists()
    assert not Unit.objects.exclude(valid_to=None)


def test_a_change_rests_on_a_decision(xa_a: Unit, xa_b: Unit) -> None:
    with refused("no-legal-basis"):
        change("MERGE", [Part(xa_a, xa_b)], legal_basis=" ")


def test_a_divided_commune_lets_each_village_choose(xa_a: Unit, xa_b: Unit, district: Unit) -> None:
    rest = new("20662", "Quế Thuận", district)
    split = change("SPLIT", [Part(xa_a, rest, Fraction(2, 3)), Part(xa_a, xa_b, Fraction(1, 3))])
    first, second, third = undecided(split)
    left = split.successions.get(begins=True).successor
    let_follow(split, first, left)
    let_follow(split, second, xa_b)
    moved = let_follow(split, second, left)  # said anew
    assert (moved.parent, moved.valid_from) == (left, DAY)
    with refused("no-successor"):
        let_follow(split, third, district)
    assert list(undecided(split)) == [third]
    bring_into_force(split, now=NOON)
    assert standing([xa_a.pk, second.pk, third.pk]) == {
        xa_a.pk: {left.pk: Fraction(2, 3), xa_b.pk: Fraction(1, 3)},
        second.pk: {moved.pk: 1},
        third.pk: {third.pk: 1},
    }
    after = let_follow(split, third, xa_b)  # late, but from the same day
    assert after.valid_from == DAY
    assert standing([third.pk]) == {third.pk: {after.pk: 1}}
    with refused("change-in-force"):
        let_follow(split, third, left)
    assert not undecided(split)


def test_an_abolished_district_stays_with_itself(district: Unit, xa_a: Unit, quan: Person) -> None:
    gone = change("ABOLISH", [], abolished=[district])
    assert Unit.objects.get(pk=district.pk).valid_to == DAY
    cancel(gone, by=quan, now=NOON)
    assert Unit.objects.get(pk=district.pk).valid_to is None
    gone = change("ABOLISH", [], abolished=[district])
    bring_into_force(gone, now=NOON)
    assert standing([district.pk]) == {district.pk: {district.pk: 1}}
    assert communes_below(district, DAY).get() == xa_a  # its communes are told of one by one


def test_a_district_that_is_renamed_keeps_all_below(district: Unit, xa_a: Unit, xa_b: Unit) -> None:
    name = Newcomer(code="509", kind="HUYEN", name="Quế Sơn mới", level="DISTRICT")
    renamed = change("RENAME", [Part(district, name)])
    bring_into_force(renamed, now=NOON)
    after = Unit.objects.get(code="509", valid_from=DAY)
    assert [unit.name for unit in communes_below(after, DAY)] == ["Quế Phong", "Quế Thuận"]
    assert Unit.objects.filter(valid_on(DAY), level="VILLAGE").count() == 3
    assert Standing.objects.exclude(today_unit__valid_to=None).count() == 0


def test_sums_as_it_was_and_today(xa_a: Unit, xa_b: Unit, district: Unit) -> None:
    third = Unit.objects.create(
        code="20680", valid_from=BEGIN, level="COMMUNE", kind="XA", name="Quế Châu", parent=district
    )
    for unit, households in ((xa_a, 101), (xa_b, 50), (third, 7)):
        Unit.objects.filter(pk=unit.pk).update(households=households)
    rest = new("20662", "Quế Thuận", district)
    split = change("SPLIT", [Part(xa_a, rest, HALF), Part(xa_a, xa_b, HALF)])
    bring_into_force(split, now=NOON)
    rows = Unit.objects.filter(level="COMMUNE", valid_from=BEGIN)
    left = split.successions.get(begins=True).successor
    sums = sums_today(rows, "households", unit="")
    assert sums == {left.pk: 51, xa_b.pk: 100, third.pk: 7}  # of halves the first gets the odd one


def test_every_unit_stands_for_itself_whoever_writes_it(db: None) -> None:
    fields: dict[str, Any] = {"valid_from": BEGIN, "level": "COMMUNE", "kind": "XA", "name": "X"}
    Unit.objects.bulk_create([Unit(code="1", **fields), Unit(code="2", **fields)])
    assert Standing.objects.count() == 2
    with connection.cursor() as cursor:
        names = (
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            if connection.vendor == "sqlite"
            else "SELECT tgname FROM pg_trigger"
        )
        cursor.execute(names)
        assert (TRIGGER,) in cursor.fetchall()


def test_the_database_holds_shares_to_what_they_may_be(merged: UnitChange) -> None:
    one = merged.successions.filter(follows=False)
    for wrong in ({"share_num": 0}, {"share_num": 2}):
        with transaction.atomic(), pytest.raises(IntegrityError):
            one.update(**wrong)
    with transaction.atomic(), pytest.raises(IntegrityError):
        UnitChange.objects.update(applied_at=NOON, cancelled_at=NOON)


class TestAnyHistory(TestCase):
    """A random sequence of mergers and divisions, in the database."""

    @settings(max_examples=15, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def test_nothing_is_lost_or_counted_twice(self, data: st.DataObject) -> None:
        there = [self._unit(str(number), data) for number in range(4)]
        ever = list(there)
        on = DAY
        for step in range(data.draw(st.integers(1, 5))):
            on += timedelta(days=30)
            one = data.draw(st.sampled_from(there))
            rest = [unit for unit in there if unit != one]
            kind, parts = self._parts(one, rest, f"n{step}", data)
            told = change(kind, parts, on)
            bring_into_force(told, now=NOON)
            there = list(Unit.objects.filter(valid_on(on)))
            ever += [unit for unit in there if unit not in ever]
        found = standing([unit.pk for unit in ever])
        assert all(sum(shares.values()) == 1 for shares in found.values())
        assert {key for shares in found.values() for key in shares} == {unit.pk for unit in there}
        rows = Unit.objects.filter(households__isnull=False)
        total = sum(unit.households or 0 for unit in ever)
        assert sum(sums_today(rows, "households", unit="").values()) == total
        assert successors(ever, on) == {
            unit.pk: sorted(
                ((Unit.objects.get(pk=key), share) for key, share in found[unit.pk].items()),
                key=lambda pair: (-pair[1], pair[0].code, pair[0].pk),
            )
            for unit in ever
        }
        rebuild()
        assert standing([unit.pk for unit in ever]) == found

    def _unit(self, code: str, data: st.DataObject) -> Unit:
        return Unit.objects.create(
            code=code,
            valid_from=BEGIN,
            level="COMMUNE",
            kind="XA",
            name=f"Xã {code}",
            households=data.draw(st.integers(0, 9999)),
        )

    def _parts(
        self, one: Unit, rest: list[Unit], code: str, data: st.DataObject
    ) -> tuple[str, list[Part]]:
        fresh = new(code, f"Mới {code}", households=data.draw(st.integers(0, 99)))
        together: bool = data.draw(st.booleans())
        if rest and together:
            others: list[Unit] = data.draw(st.lists(st.sampled_from(rest), max_size=2, unique=True))
            return "MERGE", [Part(unit, fresh) for unit in (one, *others)]
        share = Fraction(data.draw(st.integers(1, 9)), 10)
        choices: list[Unit | Newcomer] = [*rest, new(f"{code}b", "Khác")]
        into = data.draw(st.sampled_from(choices))
        return "SPLIT", [Part(one, fresh, share), Part(one, into, 1 - share)]


def test_a_succession_is_named_once(merged: UnitChange) -> None:
    one = merged.successions.filter(follows=False).first()
    assert one is not None
    with transaction.atomic(), pytest.raises(IntegrityError):
        Succession.objects.create(
            change=merged, predecessor=one.predecessor, successor=one.successor, begins=False
        )


def test_an_announcement_says_by_whom_and_when(
    xa_a: Unit, xa_b: Unit, quan: Person, now: datetime
) -> None:
    told = change("MERGE", [Part(xa_a, xa_b)], by=quan, decision_number=" 1659/NQ-UBTVQH15 ")
    assert (told.made_by, told.made_at, told.decision_number) == (quan, now, "1659/NQ-UBTVQH15")
