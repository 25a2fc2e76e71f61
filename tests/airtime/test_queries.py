"""Reading the air of one commune and of many."""

from collections.abc import Callable
from datetime import timedelta

from tests.airtime.factories import cluster, daily, edition, placed, three_clusters
from tests.airtime.wanting import DAY, at
from vang.airtime import services
from vang.airtime.queries import day_timeline, stopped_items, week_ahead, wishes_of
from vang.airtime.timeline import Schedule
from vang.orgs.models import Unit
from vang.people.models import Person

TOMORROW = DAY + timedelta(days=1)


def test_many_communes_cost_as_many_queries_as_one(
    xa_a: Unit,
    an: Person,
    xa_b: Unit,
    chi: Person,
    django_assert_num_queries: Callable[[int], object],
) -> None:
    for unit, person in ((xa_a, an), (xa_b, chi)):
        three_clusters(unit)
        for clock in ("16:40", "16:50", "17:00"):
            placed(unit, person, at(clock))
    for units in ([xa_a], [xa_a, xa_b]):
        with django_assert_num_queries(5):  # type: ignore[attr-defined]
            airs = wishes_of(units, DAY, DAY)
        assert [len(airs[unit.pk].wishes) for unit in units] == [3] * len(units)


def test_a_commune_without_anything_is_quiet(xa_a: Unit) -> None:
    air = wishes_of([xa_a], DAY, DAY)[xa_a.pk]
    assert (air.unit, list(air.wishes), air.clusters) == ("20662", [], {})
    assert day_timeline(xa_a, DAY).items == ()


def test_clusters_out_of_use_are_left_out(xa_a: Unit, an: Person) -> None:
    first, _second, third = three_clusters(xa_a)
    third.active = False
    third.save()
    everywhere = cluster(xa_a, 4)
    placed(xa_a, an, at("16:45"))
    placed(xa_a, an, at("16:45"), audience=["20662.01"])
    whole, village = day_timeline(xa_a, DAY).items
    assert everywhere.code in whole.clusters
    assert third.code not in whole.clusters
    assert village.clusters == (first.code,)


def test_a_week_holds_what_sounds_and_what_comes(xa_a: Unit, an: Person, binh: Person) -> None:
    three_clusters(xa_a)
    over, sounding = placed(xa_a, an, at("16:30")), placed(xa_a, an, at("16:40"))
    after_week = placed(xa_a, an, at("17:30", DAY + timedelta(days=8)))
    recurring = services.place_in_programme(
        edition=edition(xa_a, an),
        programme=daily(xa_a, binh),
        from_day=DAY,
        to_day=None,
        by=an,
        now=at("12:00"),
    )
    found = week_ahead(xa_a, at("16:42"), days=7).items
    ids = [entry.item.id for entry in found]
    assert ids[0] == f"o{sounding.pk}"
    assert f"o{over.pk}" not in ids
    assert f"o{after_week.pk}" not in ids
    assert ids[1:] == [f"p{recurring.pk}-202606{day}" for day in range(10, 17)]
    assert found[0].edition == sounding.edition


def test_a_week_costs_few_queries_whatever_it_holds(
    xa_a: Unit, an: Person, django_assert_num_queries: Callable[[int], object]
) -> None:
    three_clusters(xa_a)
    for minute in range(30, 55, 5):
        placed(xa_a, an, at(f"16:{minute}"), minutes=2)
    with django_assert_num_queries(7):  # type: ignore[attr-defined]
        assert len(week_ahead(xa_a, at("12:00")).items) == 5


def test_a_removed_placement_leaves_the_week(xa_a: Unit, an: Person) -> None:
    three_clusters(xa_a)
    placement = placed(xa_a, an, at("16:45"))
    assert week_ahead(xa_a, at("12:00")).items
    services.remove_placement(placement=placement, by=an, now=at("12:00"))
    assert week_ahead(xa_a, at("12:00")).items == []


def test_a_stop_made_weeks_ago_still_holds(xa_a: Unit, an: Person) -> None:
    three_clusters(xa_a)
    placement = services.place_once(
        edition=edition(xa_a, an),
        start=at("16:45"),
        by=an,
        now=at("12:00", DAY - timedelta(days=40)),
    )
    item = f"o{placement.pk}"
    services.stop_item(unit=xa_a, item=item, by=an, now=at("12:00", DAY - timedelta(days=30)))
    assert day_timeline(xa_a, DAY).items == ()
    assert stopped_items(xa_a, at("00:00")) == [item]
    assert stopped_items(xa_a, at("00:00", TOMORROW)) == []


def test_the_week_and_the_page_show_the_same(xa_a: Unit, an: Person) -> None:
    three_clusters(xa_a)
    for _ in range(4):
        placed(xa_a, an, at("16:45"))
    week = [(e.item.id, e.item.start) for e in week_ahead(xa_a, at("12:00")).items]
    page = [(item.id, item.start) for item in day_timeline(xa_a, DAY).items]
    again = Schedule(wishes_of([xa_a], DAY, DAY)[xa_a.pk]).day(DAY)
    assert week == page == [(item.id, item.start) for item in again.items]
