"""Sums by province: as it was, mapped to today, exact through any merges and splits."""

from collections import Counter
from datetime import date, datetime
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from vang.orgs.mapping import resolved
from vang.orgs.models import Standing, Unit
from vang.reports.consolidation import by_place, over_time, total_of
from vang.reports.models import (
    Filing,
    Form,
    FormVersion,
    Indicator,
    Regime,
    Report,
    Round,
    Value,
)

NOW = datetime(2026, 6, 10, 5, 0).astimezone()
SINCE, DAY = date(2010, 1, 1), date(2026, 6, 30)


class Country:
    """Provinces and communes with one round in which every commune gave two figures."""

    def __init__(self, communes: int, provinces: int) -> None:
        self.provinces = [_unit(f"P{n}", "PROVINCE", "TINH", None) for n in range(provinces)]
        self.communes = [
            _unit(f"C{n}", "COMMUNE", "XA", self.provinces[n % provinces]) for n in range(communes)
        ]
        form = Form.objects.create(code="F", name="F")
        version = FormVersion.objects.create(
            form=form, number=1, state="ISSUED", begun_at=NOW, issued_at=NOW
        )
        self.sum = Indicator.objects.create(
            version=version, place=0, code="sum", group="AIRTIME", name="Tổng"
        )
        self.mean = Indicator.objects.create(
            version=version, place=1, code="mean", group="AIRTIME", name="Trung bình",
            rollup="MEAN", decimals=1,
        )  # fmt: skip
        regime = Regime.objects.create(form=form, name="R")
        self.round = Round.objects.create(
            regime=regime, version=version, name="Đợt", covers_from=SINCE, covers_to=DAY,
            opens_on=DAY, due_on=DAY, locks_on=DAY, opened_at=NOW,
        )  # fmt: skip

    def tell(self, unit: Unit, whole: int, *, own: bool = False) -> None:
        """An accepted report; ``own``: of a unit that consolidates, with a part of its own."""
        report = Report.objects.create(round=self.round, unit=unit, due_on=DAY, consolidates=own)
        filing = Filing.objects.create(
            report=report, number=1, begun_at=NOW, signed_at=NOW, submitted_at=NOW
        )
        told = {"own_milli": whole * 1000, "milli": 10**9} if own else {"milli": whole * 1000}
        Value.objects.create(filing=filing, indicator=self.sum, **told)
        Value.objects.create(filing=filing, indicator=self.mean, **told)
        report.current = report.accepted = filing
        report.state, report.late, report.first_submitted_at = "ACCEPTED", False, NOW
        report.save()

    def become(self, steps: dict[int, dict[int, Fraction]]) -> None:
        """Communes, by number, became others: as the service keeps it."""
        ends = resolved(steps)
        keys = [one.pk for one in self.communes]
        Standing.objects.filter(unit__in=[keys[n] for n in ends]).delete()
        Standing.objects.bulk_create(
            Standing(unit_id=keys[n], today_unit_id=keys[to], share_num=share.numerator,
                     share_den=share.denominator)
            for n, shares in ends.items()
            for to, share in shares.items()
        )  # fmt: skip


def _unit(code: str, level: str, kind: str, parent: Unit | None) -> Unit:
    return Unit.objects.create(
        code=code, valid_from=SINCE, level=level, kind=kind, name=code, parent=parent
    )


@st.composite
def changes(draw: st.DrawFn) -> tuple[list[int], dict[int, dict[int, Fraction]]]:
    """Figures of communes, and what some of them became: only ones of higher numbers, so that no
    change leads back."""
    figures = draw(st.lists(st.integers(0, 10_000), min_size=2, max_size=8))
    steps = {}
    for n in range(len(figures) - 1):
        heirs = draw(st.sets(st.integers(n + 1, len(figures) - 1), max_size=3))
        if heirs:
            parts = [draw(st.integers(1, 9)) for _heir in heirs]
            steps[n] = {
                heir: Fraction(part, sum(parts))
                for heir, part in zip(sorted(heirs), parts, strict=True)
            }
    return figures, steps


class TestAnyChanges(TestCase):
    @settings(max_examples=25, suppress_health_check=[HealthCheck.differing_executors])
    @given(changes(), st.integers(1, 3))
    def test_no_figure_is_lost_or_counted_twice(
        self, told: tuple[list[int], dict[int, dict[int, Fraction]]], provinces: int
    ) -> None:
        figures, steps = told
        country = Country(len(figures), provinces)
        for unit, whole in zip(country.communes, figures, strict=True):
            country.tell(unit, whole)
        country.become(steps)
        for level in ("PROVINCE", "COMMUNE"):
            for today in (False, True):
                sums = by_place(country.round, level, today=today).sums
                parts = [n for (_unit, key), n in sums.items() if key == country.sum.pk]
                assert sum(parts) == sum(figures) * 1000
                assert all(n % 1000 == 0 for n in parts), "a count stays whole"
        alive = set(range(len(figures))) - set(steps)
        units = by_place(country.round, "COMMUNE", today=True).sums
        assert {unit for unit, _key in units} <= {country.communes[n].pk for n in alive}


@pytest.fixture
def country(db: None) -> Country:
    made = Country(4, 2)
    for unit, whole in zip(made.communes, (3, 5, 7, 9), strict=True):
        made.tell(unit, whole)
    return made


def told(country: Country, **asked: object) -> dict[str, int]:
    found = by_place(country.round, "PROVINCE", **asked)  # type: ignore[arg-type]
    names = {one.pk: one.name for one in country.provinces}
    return {names[unit]: n for (unit, key), n in found.sums.items() if key == country.sum.pk}


def test_each_province_is_the_sum_of_its_communes(country: Country) -> None:
    assert told(country) == {"P0": 10_000, "P1": 14_000}
    assert told(country, only=country.provinces[1]) == {"P1": 14_000}


def test_two_merged_communes_count_as_their_sum_not_as_one_of_them(country: Country) -> None:
    country.become({0: {2: Fraction(1)}})
    units = by_place(country.round, "COMMUNE", today=True)
    assert units.figure(country.communes[2].pk, country.sum) == 10_000
    assert told(country, today=True) == told(country)


def test_a_commune_that_went_to_two_provinces_is_shared(country: Country) -> None:
    """Seven is cut into four and three, never three and a half."""
    country.become({2: {0: Fraction(1, 2), 1: Fraction(1, 2)}})
    assert told(country, today=True) == {"P0": 7_000, "P1": 17_000}
    assert told(country) == {"P0": 10_000, "P1": 14_000}
    assert told(country, today=True, only=country.provinces[0]) == {"P0": 7_000}
    sums = total_of(by_place(country.round, "PROVINCE", today=True)).sums
    assert sums[0, country.sum.pk] == 24_000


def test_a_mean_is_the_mean_of_those_who_gave_it(country: Country) -> None:
    found = by_place(country.round, "PROVINCE")
    assert found.figure(country.provinces[0].pk, country.mean) == 5_000
    country.become({2: {0: Fraction(1, 2), 1: Fraction(1, 2)}})
    found = by_place(country.round, "PROVINCE", today=True)
    assert found.figure(country.provinces[1].pk, country.mean) == 7_000


def test_what_a_unit_put_together_is_not_counted_again(country: Country) -> None:
    country.tell(country.provinces[0], 2, own=True)
    assert told(country) == {"P0": 12_000, "P1": 14_000}


def test_what_is_not_accepted_does_not_count(country: Country) -> None:
    report = Report.objects.get(unit=country.communes[3])
    Report.objects.filter(pk=report.pk).update(state="SUBMITTED", accepted=None)
    assert told(country) == {"P0": 10_000, "P1": 5_000}


def test_one_indicator_through_time(country: Country) -> None:
    rounds = [country.round]
    found = over_time(rounds, [country.sum], "COMMUNE", only=country.provinces[0])
    assert Counter(found[country.round.pk].values()) == Counter([3_000, 7_000])
    country.become({2: {0: Fraction(1, 2), 1: Fraction(1, 2)}})
    today = over_time(rounds, [country.sum], "PROVINCE", today=True)
    assert sorted(today[country.round.pk].values()) == [7_000, 17_000]
    assert over_time(rounds, [], "PROVINCE") == {}
