"""Series, their episodes, and quality scores."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.bulletins import newsroom
from tests.conftest import person
from tests.desk.at_work import due
from tests.editorial.planning import begun, opened
from vang.base.refusals import Refusal
from vang.bulletins.models import Bulletin
from vang.editorial import services
from vang.editorial.forms import PlaceForm
from vang.editorial.models import Criterion, Place, Score, Series
from vang.editorial.queries import due_series, episodes_of, standings, trend
from vang.editorial.services.planning import Theme
from vang.editorial.services.scoring import weighted_average
from vang.editorial.services.series import Idea
from vang.orgs.models import Unit
from vang.people.models import Person

TODAY = date(2026, 6, 10)


def refusal(act: object, **given: object) -> str:
    with pytest.raises(Refusal) as refused:
        act(**given)  # type: ignore[operator]
    return refused.value.code


@pytest.fixture
def episode(series: Series, xa_a: Unit, an: Person, binh: Person, now: datetime) -> Bulletin:
    """Released, in the series."""
    bulletin = newsroom.released(xa_a, an, binh, now).bulletin
    services.place_bulletin(bulletin=bulletin, series=series, line=None, by=an, now=now)
    return bulletin


@pytest.fixture
def criteria(xa_a: Unit, binh: Person, now: datetime) -> list[Criterion]:
    return services.add_first_criteria(unit=xa_a, by=binh, now=now)


def test_a_series_has_a_name_of_its_own_until_it_ends(
    series: Series, xa_a: Unit, an: Person, chi: Person, now: datetime
) -> None:
    twice = {"unit": xa_a, "idea": Idea(series.name, "DAILY"), "by": an, "now": now}
    assert refusal(services.start_series, **twice) == "series-known"
    assert refusal(services.end_series, series=series, by=chi, now=now) == "not-allowed"
    services.end_series(series=series, by=an, now=now)
    assert services.start_series(**twice).name == series.name
    change = {"series": series, "idea": Idea("X", "DAILY"), "by": an, "now": now}
    assert refusal(services.change_series, **change) == "series-ended"


def test_a_bulletin_belongs_to_one_series_of_its_own_unit(
    series: Series, xa_a: Unit, xa_b: Unit, an: Person, chi: Person, now: datetime
) -> None:
    bulletin = newsroom.draft(xa_a, an, now)
    theirs = opened(xa_b, chi, now)
    common = {"bulletin": bulletin, "line": None, "by": an, "now": now}
    assert refusal(services.place_bulletin, series=theirs, **common) == "series-of-another-unit"
    services.place_bulletin(series=series, **common)
    other = opened(xa_a, an, now, "Pháp luật và đời sống")
    services.place_bulletin(series=other, **common)
    assert Place.objects.get(bulletin=bulletin).series == other
    services.place_bulletin(series=None, **common)
    assert not Place.objects.filter(bulletin=bulletin).exists()


def test_series_by_name_and_themes_by_month_are_read_in_one_query(
    xa_a: Unit, an: Person, now: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    series = [opened(xa_a, an, now, name) for name in ("B", "A")]
    late, early = Theme("A", month_from=5, items=1), Theme("B", month_from=2, items=1)
    themes = {line.name: line.pk for line in begun(xa_a, an, now, late, early).lines.all()}
    form = PlaceForm(unit_pk=xa_a.pk, year=2026)
    with django_assert_num_queries(1):
        assert form.has_choices
        shown = {name: [key for key, _label in form[name].field.choices] for name in form.fields}
        assert "<option" in str(form["series"]) + str(form["line"])
    assert shown["series"] == ["", series[1].pk, series[0].pk]
    assert shown["line"] == ["", themes["B"], themes["A"]]
    assert not PlaceForm(unit_pk=xa_a.pk + 1, year=2027).has_choices


def test_a_series_is_due_when_its_frequency_is_not_kept(
    series: Series, episode: Bulletin, xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    (row,) = standings([series], TODAY)
    assert (row.episodes, row.due) == (1, False)
    late = TODAY + timedelta(days=8)
    assert standings([series], late)[0].due
    assert [one for one, _last in due_series(xa_a, an, late)] == [series]
    assert due_series(xa_a, binh, late) == []
    week = now + timedelta(days=8)
    assert [task.title for task in due(an, xa_a, week, "WRITER")] == [series.name]


def test_who_had_no_part_in_it_scores_it_once_released(
    episode: Bulletin, criteria: list[Criterion], xa_a: Unit, an: Person, binh: Person,
    now: datetime, later: datetime,
) -> None:  # fmt: skip
    points = {one.pk: 8 for one in criteria}
    given = {"bulletin": episode, "points": points, "comment": "Rõ.", "now": now}
    assert refusal(services.score_bulletin, by=an, **given) == "not-independent"
    score = services.score_bulletin(by=binh, **given)
    assert score.average == Decimal("8.00")
    again = {**given, "points": {one.pk: 6 for one in criteria}, "now": later}
    services.score_bulletin(by=binh, **again)
    assert Score.objects.get().average == Decimal("6.00")
    fresh = newsroom.draft(xa_a, an, now)
    assert refusal(services.score_bulletin, by=binh, **{**given, "bulletin": fresh}) == (
        "not-released"
    )


def test_marks_are_for_every_criterion_and_from_0_to_10(
    episode: Bulletin, criteria: list[Criterion], binh: Person, now: datetime
) -> None:
    common = {"bulletin": episode, "comment": "", "by": binh, "now": now}
    first = criteria[0].pk
    full = {one.pk: 5 for one in criteria}
    some = {key: value for key, value in full.items() if key != first}
    assert refusal(services.score_bulletin, points=some, **common) == "marks-missing"
    assert refusal(services.score_bulletin, points={**full, first: 11}, **common) == (
        "marks-out-of-range"
    )
    services.end_criterion(criterion=criteria[0], by=binh, now=now)
    assert services.score_bulletin(points=some, **common).marks.count() == 3  # type: ignore[arg-type]


def test_weights_count() -> None:
    assert weighted_average([(10, 3), (0, 1)]) == Decimal("7.50")


def test_the_average_and_its_trend_by_month(
    series: Series, episode: Bulletin, criteria: list[Criterion], xa_a: Unit, binh: Person,
    now: datetime,
) -> None:  # fmt: skip
    for number, (points, days) in enumerate(((4, 0), (6, 1), (9, 31))):
        by = person(f"s{number}", f"S {number}", xa_a, "APPROVER")
        services.score_bulletin(
            bulletin=episode, points={one.pk: points for one in criteria}, comment="", by=by,
            now=now + timedelta(days=days),
        )  # fmt: skip
    latest, first = trend(series)
    assert (first.average, first.count, first.change) == (5.0, 2, None)
    assert (latest.average, latest.change) == (9.0, 4.0)
    assert round(float(episodes_of(series).get().score), 2) == 6.33  # type: ignore[attr-defined]


def test_only_an_approver_decides_on_criteria(xa_a: Unit, an: Person, now: datetime) -> None:
    given = {"unit": xa_a, "name": "Đúng", "weight": 1, "by": an, "now": now}
    assert refusal(services.add_criterion, **given) == "not-allowed"


def test_a_criterion_has_a_name_once_and_a_weight(
    xa_a: Unit, binh: Person, criteria: list[Criterion], now: datetime
) -> None:
    given = {"unit": xa_a, "by": binh, "now": now}
    known = criteria[0].name
    assert refusal(services.add_criterion, name=known, weight=1, **given) == "criterion-known"
    assert refusal(services.add_criterion, name="Mới", weight=0, **given) == "criterion-wrong"
