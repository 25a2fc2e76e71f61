"""Half-yearly reports through mergers and splits that really happened to units: every round can be
told as it was and by the units of today, and both are exactly the sum of the parts."""

from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.conftest import NOON
from vang.installation.demonstration import SINCE, load_units
from vang.installation.que_son import announced, lay_beside
from vang.orgs.models import Unit
from vang.orgs.queries import ancestors, valid_on
from vang.orgs.services import Newcomer, Part, announce, bring_into_force
from vang.reports.consolidation import by_place
from vang.reports.models import Filing, Form, FormVersion, Indicator, Regime, Report, Round, Value

BASIS = "Nghị quyết"
HALF_YEARS = (date(2017, 6, 1), date(2020, 6, 1), date(2024, 11, 1), date(2025, 3, 1))
TODAY = date(2026, 6, 10)


class Book:
    """A regime of one figure; by round the figure that every commune there was gave."""

    def __init__(self) -> None:
        form = Form.objects.create(code="F", name="F")
        self.version = FormVersion.objects.create(
            form=form, number=1, state="ISSUED", begun_at=NOON, issued_at=NOON
        )
        self.sum = Indicator.objects.create(
            version=self.version, place=0, code="sum", group="AIRTIME", name="Tổng"
        )
        self.regime = Regime.objects.create(form=form, name="R")
        self.told: dict[Round, dict[int, int]] = {}

    def round(self, day: date, figures: Iterable[int] = ()) -> Round:
        """All communes of that day report and are accepted; without figures no two give alike."""
        made = Round.objects.create(
            regime=self.regime, version=self.version, name=f"{day}", covers_from=day,
            covers_to=day, opens_on=day, due_on=day, locks_on=day, opened_at=NOON,
        )  # fmt: skip
        units = Unit.objects.filter(valid_on(day), level="COMMUNE").order_by("pk")
        figure = iter(figures)
        self.told[made] = {unit.pk: next(figure, 7 * unit.pk + 1) for unit in units}
        for unit, whole in self.told[made].items():
            self._accepted(made, unit, whole)
        return made

    def _accepted(self, made: Round, unit: int, whole: int) -> None:
        report = Report.objects.create(round=made, unit_id=unit, due_on=made.due_on)
        filing = Filing.objects.create(
            report=report, number=1, begun_at=NOON, signed_at=NOON, submitted_at=NOON
        )
        Value.objects.create(filing=filing, indicator=self.sum, milli=whole * 1000)
        report.current = report.accepted = filing
        report.state, report.late, report.first_submitted_at = "ACCEPTED", False, NOON
        report.save()

    def sums(self, made: Round, level: str, *, today: bool) -> dict[int, int]:
        """Whole numbers by key of the unit."""
        found = by_place(made, level, today=today).sums
        assert all(milli % 1000 == 0 for milli in found.values()), "a count stays whole"
        return {unit: milli // 1000 for (unit, _key), milli in found.items()}


def through_time() -> Book:
    """Old Quế Sơn: each half-year told when it was, all changes carried out between."""
    load_units()
    lay_beside(SINCE)
    book, waiting = Book(), list(HALF_YEARS)
    for change in announced(now=NOON):
        while waiting and waiting[0] < change.effective_on:
            book.round(waiting.pop(0))
        bring_into_force(change, now=NOON)
    book.round(TODAY)
    assert not waiting
    return book


def named(unit: int) -> str:
    return Unit.objects.get(pk=unit).full_name


def test_the_same_half_year_reads_right_as_it_was_and_by_todays_communes(db: None) -> None:
    book = through_time()
    for made, told in book.told.items():
        assert book.sums(made, "COMMUNE", today=False) == told
        today = book.sums(made, "COMMUNE", today=True)
        assert sum(today.values()) == sum(told.values())
        assert {named(unit) for unit in today} <= {
            "Xã Nông Sơn", "Xã Quế Phước", "Xã Quế Sơn", "Xã Quế Sơn Trung", "Xã Xuân Phú",
        }  # fmt: skip
    first = next(iter(book.told))
    trung = Unit.objects.get(code="20662", valid_to=None)
    old = {"Quế Cường", "Phú Thọ", "Quế Hiệp", "Quế Thuận", "Quế Châu"}
    parts = [n for unit, n in book.told[first].items() if Unit.objects.get(pk=unit).name in old]
    assert len(parts) == 5
    assert book.sums(first, "COMMUNE", today=True)[trung.pk] == sum(parts)


def test_the_old_district_is_there_as_it_was_and_gone_today(db: None) -> None:
    book = through_time()
    first = next(iter(book.told))
    then: dict[str, int] = {}
    for unit in Unit.objects.filter(pk__in=book.told[first]).select_related("parent"):
        assert unit.parent is not None
        name = unit.parent.full_name
        then[name] = then.get(name, 0) + book.told[first][unit.pk]
    told = book.sums(first, "DISTRICT", today=False)
    assert {named(unit): n for unit, n in told.items()} == then
    assert "Huyện Quế Sơn" in then
    assert book.sums(first, "DISTRICT", today=True) == {}
    province = book.sums(first, "PROVINCE", today=True)
    assert {named(unit): n for unit, n in province.items()} == {
        "Thành phố Đà Nẵng": sum(book.told[first].values())
    }


def test_a_commune_that_goes_to_two_is_shared_and_the_sum_stays(db: None) -> None:
    """Thirds of what Quế Sơn Trung and all that it was before had told."""
    book = through_time()
    before = {made: book.sums(made, "COMMUNE", today=True) for made in book.told}
    trung = Unit.objects.get(code="20662", valid_to=None)
    other = Unit.objects.get(code="20641", valid_to=None)
    rest = Newcomer("20999", "XA", "Quế Thuận", "COMMUNE", trung.parent)
    day = TODAY + timedelta(days=21)
    parts = [Part(trung, rest, Fraction(2, 3)), Part(trung, other, Fraction(1, 3))]
    change = announce(
        kind="SPLIT", effective_on=day, legal_basis=BASIS, parts=parts, by=None, now=NOON
    )
    bring_into_force(change, now=NOON)
    new = Unit.objects.get(code="20999")
    for made, told in book.told.items():
        today = book.sums(made, "COMMUNE", today=True)
        assert sum(today.values()) == sum(told.values())
        assert trung.pk not in today
        went = before[made][trung.pk]
        # Each report is cut by itself: off the exact share by less than one each.
        assert abs(today[new.pk] - Fraction(2 * went, 3)) < len(told)
        assert today[new.pk] + today[other.pk] == went + before[made][other.pk]
        assert book.sums(made, "COMMUNE", today=False) == told
    last = list(book.told)[-1]
    whole = book.told[last][trung.pk]
    assert book.sums(last, "COMMUNE", today=True)[new.pk] == round(Fraction(2 * whole, 3))


Step = tuple[bool, int, int, int]
STEPS = st.lists(
    st.tuples(st.booleans(), st.integers(0, 99), st.integers(0, 99), st.integers(1, 8)),
    max_size=5,
)


class TestAnySequence(TestCase):
    @settings(
        max_examples=12, deadline=None, suppress_health_check=[HealthCheck.differing_executors]
    )
    @given(STEPS, st.lists(st.integers(0, 10_000), min_size=30, max_size=30))
    def test_consolidation_is_the_sum_of_the_parts(
        self, steps: list[Step], figures: list[int]
    ) -> None:
        provinces = [_unit(f"P{n}", "PROVINCE", "TINH", None) for n in range(2)]
        for n in range(4):
            _unit(f"C{n}", "COMMUNE", "XA", provinces[n % 2])
        book, day = Book(), date(2020, 6, 1)
        book.round(day, figures)
        for n, step in enumerate(steps):
            day += timedelta(days=180)
            _change(step, day, n)
            book.round(day, figures[n + 1 :])
        for made, told in book.told.items():
            total = sum(told.values())
            assert book.sums(made, "COMMUNE", today=False) == told
            then: dict[int, int] = {}
            for unit in Unit.objects.filter(pk__in=told).select_related("parent"):
                then[ancestors(unit)[-1].pk] = then.get(ancestors(unit)[-1].pk, 0) + told[unit.pk]
            assert book.sums(made, "PROVINCE", today=False) == then
            today = book.sums(made, "COMMUNE", today=True)
            assert sum(today.values()) == total
            alive = Unit.objects.filter(level="COMMUNE", valid_to=None).values_list("pk", flat=True)
            assert set(today) <= set(alive)
            of_provinces = book.sums(made, "PROVINCE", today=True)
            by_hand: dict[int, int] = {}
            for unit in Unit.objects.filter(pk__in=today):
                assert unit.parent_id is not None
                by_hand[unit.parent_id] = by_hand.get(unit.parent_id, 0) + today[unit.pk]
            assert of_provinces == by_hand
            assert sum(of_provinces.values()) == total


def _unit(code: str, level: str, kind: str, parent: Unit | None) -> Unit:
    return Unit.objects.create(
        code=code, valid_from=date(2010, 1, 1), level=level, kind=kind, name=code, parent=parent
    )


def _change(step: Step, day: date, n: int) -> None:
    """A merger of two communes into a new one, or one divided between a new one and another."""
    merges, one, two, share = step
    units = list(Unit.objects.filter(level="COMMUNE", valid_to=None).order_by("pk"))
    first = units.pop(one % len(units))
    new = Newcomer(f"N{n}", "XA", f"N{n}", "COMMUNE", first.parent)
    other = units[two % len(units)] if units else None
    part = Fraction(share, 9)
    if other is None:
        parts, kind = [Part(first, new)], "RENAME"
    elif merges:
        parts, kind = [Part(first, new), Part(other, new)], "MERGE"
    else:
        parts, kind = [Part(first, new, part), Part(first, other, 1 - part)], "SPLIT"
    change = announce(
        kind=kind, effective_on=day, legal_basis=BASIS, parts=parts, by=None, now=NOON
    )
    bring_into_force(change, now=NOON)
