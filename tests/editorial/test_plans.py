"""Plans: begun, copied from above, adopted, changed; and their progress from the evidence."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from tests.bulletins import newsroom
from tests.conftest import person
from tests.editorial.planning import DISASTERS, begun
from tests.pool.air import hear, play
from tests.pool.sharing import STORM, aired, offered, office, taken
from vang.base.refusals import Refusal
from vang.bulletins import services as bulletins
from vang.editorial import services
from vang.editorial.models import Line, Plan, Series
from vang.editorial.progress import Standing
from vang.editorial.queries import heard_in, plans_to_copy, progress_of, told_in
from vang.editorial.seasons import shipped, suggestions
from vang.editorial.services.planning import Theme
from vang.evidence.models import AsRun
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.stations.models import Cluster

TODAY = date(2026, 6, 10)


def refusal(act: object, **given: object) -> str:
    with pytest.raises(Refusal) as refused:
        act(**given)  # type: ignore[operator]
    return refused.value.code


def test_a_unit_has_one_plan_a_year_and_an_approver_adopts_it(
    plan: Plan, xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    twice = {"unit": xa_a, "year": 2026, "title": "Kế hoạch", "by": an, "now": now}
    assert refusal(services.start_plan, **twice) == "plan-known"
    assert refusal(services.adopt_plan, plan=plan, by=an, now=now) == "not-allowed"
    services.adopt_plan(plan=plan, by=binh, now=now)
    line = plan.lines.get()
    edit = {"line": line, "theme": DISASTERS, "by": an, "now": now}
    assert refusal(services.change_line, **edit) == "plan-adopted"
    services.reopen_plan(plan=plan, by=binh, now=now)
    assert services.change_line(**{**edit, "theme": replace(DISASTERS, items=9)}).items == 9


def test_an_empty_plan_is_not_adopted(xa_a: Unit, an: Person, binh: Person, now: datetime) -> None:
    empty = services.start_plan(unit=xa_a, year=2027, title="Kế hoạch", by=an, now=now)
    assert refusal(services.adopt_plan, plan=empty, by=binh, now=now) == "plan-empty"


def test_a_commune_copies_the_districts_plan_and_adapts_it(
    district: Unit, xa_a: Unit, xa_b: Unit, an: Person, now: datetime
) -> None:
    head = person("nga", "Nga", district, "WRITER", "APPROVER")
    above = begun(district, head, now)
    copy = {"plan": above, "unit": xa_a, "by": an, "now": now}
    assert refusal(services.copy_plan, **copy) == "not-above"
    services.adopt_plan(plan=above, by=head, now=now)
    assert list(plans_to_copy(xa_a, 2026)) == [above]
    mine = services.copy_plan(**copy)
    assert (mine.parent, mine.state) == (above, Plan.State.DRAFT)
    line = mine.lines.get()
    assert (line.name, line.items, line.parent) == (
        DISASTERS.name, 8, above.lines.get(),
    )  # fmt: skip
    services.change_line(line=line, theme=replace(DISASTERS, items=4), by=an, now=now)
    assert above.lines.get().items == 8
    neighbour = person("b1", "B", xa_b, "WRITER", "APPROVER")
    services.adopt_plan(plan=mine, by=person("d1", "D", xa_a, "APPROVER"), now=now)
    aside = {"plan": mine, "unit": xa_b, "by": neighbour, "now": now}
    assert refusal(services.copy_plan, **aside) == "not-above"


def test_the_plan_of_an_office_above_is_copied_too(
    district: Unit, xa_a: Unit, an: Person, now: datetime
) -> None:
    committee = office(district, "Ban Tuyên giáo Huyện ủy")
    hien = person("hien", "Hiền", committee, "WRITER", "APPROVER")
    above = begun(committee, hien, now)
    services.adopt_plan(plan=above, by=hien, now=now)
    assert list(plans_to_copy(xa_a, 2026)) == [above]
    assert services.copy_plan(plan=above, unit=xa_a, by=an, now=now).parent == above


def test_a_line_has_a_name_months_in_order_and_a_quota(
    plan: Plan, xa_b: Unit, an: Person, chi: Person, now: datetime
) -> None:
    theirs = Series.objects.create(
        unit=xa_b, name="X", frequency="DAILY", started_on=TODAY, created_by=chi
    )
    for wrong, code in (
        ({"name": " "}, "name-missing"),
        ({"month_from": 7, "month_to": 6}, "months-wrong"),
        ({"items": None, "minutes": None}, "quota-missing"),
        ({"series": theirs}, "series-of-another-unit"),
    ):
        theme = replace(DISASTERS, **wrong)  # type: ignore[arg-type]
        assert refusal(services.add_line, plan=plan, theme=theme, by=an, now=now) == code
    given = {"plan": plan, "theme": DISASTERS, "by": chi, "now": now}
    assert refusal(services.add_line, **given) == "not-allowed"


def test_seasons_ship_and_units_above_add_theirs(
    district: Unit, xa_a: Unit, plan: Plan, an: Person, now: datetime
) -> None:
    head = person("nga", "Nga", district, "WRITER")
    services.add_season(
        unit=district, name="Xả nước đập Phú Ninh", month_from=3, month_to=3, by=head, now=now
    )
    found = suggestions(xa_a)
    assert {one.of for one in found} == {"", district.full_name}
    assert all(1 <= one.month_from <= 12 and one.category for one in shipped())
    winter = next(one for one in found if one.month_from > one.month_to)
    lines = services.add_suggestion(plan=plan, suggestion=winter, items=3, by=an, now=now)
    assert [(line.month_from, line.month_to) for line in lines] == [(1, 4), (12, 12)]


# progress


def test_progress_comes_from_released_editions_and_the_log_alone(
    plan: Plan, xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    bulletin = newsroom.submitted(xa_a, an, now, STORM)
    edition = hear(bulletin, binh, now, ms=60_000)
    play(edition, binh, now + timedelta(hours=4), ms=90_000)
    newsroom.released(xa_a, an, binh, now)  # of another category
    (row,) = progress_of(plan, TODAY)
    assert (row.reached.items, row.reached.minutes) == (1, 2)
    assert row.reached.per_cent == 2  # of 120 minutes: the lesser share
    assert row.reached.standing == Standing.BEHIND


def test_two_loudspeakers_are_one_broadcast_and_a_correction_is_no_second_bulletin(
    plan: Plan, xa_a: Unit, an: Person, binh: Person, now: datetime, later: datetime
) -> None:
    bulletin = newsroom.submitted(xa_a, an, now, STORM)
    edition = hear(bulletin, binh, now, ms=60_000)
    row = AsRun.objects.get()
    other = Cluster.objects.create(unit=xa_a, code="zz", name="Cụm khác")
    AsRun.objects.create(
        planned=row.planned, cluster=other, state="DONE", planned_start=now, actual_start=now,
        played_ms=59_000, changed_at=now,
    )  # fmt: skip
    bulletins.start_correction(
        bulletin=newsroom.reread(bulletin), wrong="Sai.", because="Nhầm.", by=an, now=later
    )
    bulletins.submit_bulletin(bulletin=newsroom.reread(bulletin), by=an, now=later)
    newsroom.make_ready(bulletin, later)
    newsroom.approved(newsroom.reread(bulletin), binh, later)
    bulletins.release_bulletin(bulletin=newsroom.reread(bulletin), by=binh, now=later)
    assert [told.bulletin for told in told_in(xa_a, 2026)] == [bulletin.pk]
    assert [heard.seconds for heard in heard_in(xa_a, 2026)[bulletin.pk]] == [60.0]
    assert edition.bulletin_id == bulletin.pk


def test_what_was_withdrawn_does_not_count(
    plan: Plan, xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    edition = newsroom.released(xa_a, an, binh, now, STORM)
    bulletins.withdraw_bulletin(
        bulletin=newsroom.reread(edition.bulletin), reason="Hoãn.", by=an, now=now
    )
    assert progress_of(plan, TODAY)[0].reached.items == 0


def test_own_relayed_series_and_chosen_themes_are_told_apart(
    plan: Plan, series: Series, district: Unit, xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    station = office(district)
    ha, lam = person("ha", "Hà", station, "WRITER"), person("lam", "Lâm", station, "APPROVER")
    own = newsroom.released(xa_a, an, binh, now, STORM).bulletin
    relayed = taken(offered(station, ha, lam, now), xa_a, an, now).bulletin
    assert relayed is not None
    aired(relayed, binh, now)
    lines = [
        services.add_line(plan=plan, theme=theme, by=an, now=now)
        for theme in (
            Theme("Tự viết", category="DISASTER", source="OWN", items=1),
            Theme("Khai thác", category="DISASTER", source="RELAYED", items=1),
            Theme("Chuyên mục", series=series, items=1),
            Theme("Trọng tâm", items=1),
        )
    ]
    services.place_bulletin(bulletin=own, series=series, line=None, by=an, now=now)
    found = {row.line.name: row.reached.bulletins for row in progress_of(plan, TODAY)}
    assert found["Tự viết"] == found["Chuyên mục"] == (own.pk,)
    assert found["Khai thác"] == (relayed.pk,)
    services.place_bulletin(bulletin=own, series=series, line=lines[3], by=an, now=now)
    found = {row.line.name: row.reached.bulletins for row in progress_of(plan, TODAY)}
    assert found["Trọng tâm"] == (own.pk,)
    assert found["Tự viết"] == ()


def test_progress_takes_three_queries_whatever_the_year_held(
    plan: Plan, xa_a: Unit, an: Person, binh: Person, now: datetime,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    for number in range(3):
        services.add_line(
            plan=plan, theme=replace(DISASTERS, name=f"Chủ đề {number}"), by=an, now=now
        )
        hear(newsroom.submitted(xa_a, an, now, STORM), binh, now)
    with django_assert_max_num_queries(3):
        assert len(progress_of(plan, TODAY)) == 4


def test_the_database_keeps_lines_in_order(plan: Plan) -> None:
    for wrong in ({"month_from": 7, "month_to": 6}, {"items": None, "minutes": None}):
        with transaction.atomic(), pytest.raises(IntegrityError):
            Line.objects.filter(plan=plan).update(**wrong)
    with transaction.atomic(), pytest.raises(IntegrityError):
        Plan.objects.filter(pk=plan.pk).update(year=3000)
