"""Silence: one item, everything until the end of the hours, everything for the day."""

from datetime import timedelta

import pytest

from tests.airtime.factories import daily, edition, placed, three_clusters
from tests.airtime.wanting import DAY, VIETNAM, at, starts
from vang.airtime import services
from vang.airtime.models import Placement, StoppedOccurrence
from vang.airtime.policies import DEFAULT_POLICY
from vang.airtime.queries import day_timeline, stopped_items
from vang.airtime.silence import Reach, silent_until
from vang.base.refusals import Refusal
from vang.journal.models import Entry
from vang.orgs.models import Unit
from vang.people.models import Person


@pytest.fixture
def air(xa_a: Unit) -> Unit:
    three_clusters(xa_a)
    return xa_a


def item_of(placement: Placement) -> str:
    return f"o{placement.pk}"


def test_a_sounding_item_stops_and_is_named_to_the_nodes(air: Unit, an: Person) -> None:
    item = item_of(placed(air, an, at("16:45")))
    stopped = services.stop_item(unit=air, item=item, by=an, now=at("16:46"))
    assert stopped.title == "Lịch cắt điện"
    assert not day_timeline(air, DAY).items
    assert stopped_items(air, at("00:00")) == [item]


def test_stopping_twice_is_no_error_and_writes_once(air: Unit, an: Person, binh: Person) -> None:
    item = item_of(placed(air, an, at("16:45")))
    services.stop_item(unit=air, item=item, by=an, now=at("16:46"))
    services.stop_item(unit=air, item=item, by=binh, now=at("16:47"))
    assert StoppedOccurrence.objects.get().stopped_by == an
    assert Entry.objects.filter(action="stop-item").count() == 1


def test_what_is_over_is_not_stopped(air: Unit, an: Person) -> None:
    item = item_of(placed(air, an, at("16:45")))
    with pytest.raises(Refusal) as refusal:
        services.stop_item(unit=air, item=item, by=an, now=at("16:50"))
    assert refusal.value.code == "already-over"
    assert not StoppedOccurrence.objects.exists()


@pytest.mark.parametrize("item", ["o999", "p1-20261340", "p999-20260610", "", "x1", "o" + "9" * 40])
def test_an_unknown_item_is_refused(air: Unit, an: Person, item: str) -> None:
    with pytest.raises(Refusal) as refusal:
        services.stop_item(unit=air, item=item, by=an, now=at("16:46"))
    assert refusal.value.code == "no-such-item"


def test_another_communes_item_is_unknown(air: Unit, an: Person, xa_b: Unit, chi: Person) -> None:
    item = item_of(placed(air, an, at("16:45")))
    with pytest.raises(Refusal) as refusal:
        services.stop_item(unit=xa_b, item=item, by=chi, now=at("16:46"))
    assert refusal.value.code == "no-such-item"
    assert services.stop_item(unit=air, item=item, by=an, now=at("16:46"))


def test_one_day_of_a_programme_is_stopped_and_the_next_plays(
    air: Unit, an: Person, binh: Person
) -> None:
    placement = services.place_in_programme(
        edition=edition(air, an),
        programme=daily(air, binh),
        from_day=DAY,
        to_day=None,
        by=an,
        now=at("12:00"),
    )
    services.stop_item(unit=air, item=f"p{placement.pk}-20260610", by=an, now=at("12:00"))
    assert not day_timeline(air, DAY).items
    assert day_timeline(air, DAY + timedelta(days=1)).items


def test_stop_all_silences_these_hours_and_leaves_the_evening(air: Unit, an: Person) -> None:
    sounding, due, evening = (placed(air, an, at(c)) for c in ("05:30", "06:00", "17:00"))
    done = services.stop_all(unit=air, by=an, now=at("05:31"))
    assert [item.id for item in done.items] == [item_of(sounding), item_of(due)]
    assert done.until == at("06:30")
    assert done.following is not None
    assert done.following.id == item_of(evening)
    assert starts(day_timeline(air, DAY)) == {item_of(evening): "17:00"}


def test_stop_all_between_hours_silences_the_next_hours(air: Unit, an: Person) -> None:
    noon, evening = placed(air, an, at("10:45")), placed(air, an, at("17:00"))
    done = services.stop_all(unit=air, by=an, now=at("09:00"))
    assert [item.id for item in done.items] == [item_of(noon)]
    assert starts(day_timeline(air, DAY)) == {item_of(evening): "17:00"}


def test_stop_all_for_today_leaves_tomorrow(air: Unit, an: Person) -> None:
    for clock in ("05:30", "10:45", "17:00"):
        placed(air, an, at(clock))
    tomorrow = placed(air, an, at("05:30", DAY + timedelta(days=1)))
    done = services.stop_all(unit=air, by=an, now=at("05:31"), reach=Reach.DAY)
    assert len(done.items) == 3
    assert not day_timeline(air, DAY).items
    assert done.following is not None
    assert done.following.id == item_of(tomorrow)


def test_after_stop_all_a_correction_may_be_heard(air: Unit, an: Person) -> None:
    placed(air, an, at("16:45"), minutes=20)
    services.stop_all(unit=air, by=an, now=at("16:46"))
    correction = services.place_now(edition=edition(air, an), by=an, now=at("16:47"))
    assert correction.start == at("16:47:08")
    assert starts(day_timeline(air, DAY)) == {item_of(correction): "16:47:08"}


def test_stop_all_is_written_down_even_when_all_is_silent(air: Unit, tech: Person) -> None:
    done = services.stop_all(unit=air, by=tech, now=at("16:46"))
    assert done.items == ()
    entry = Entry.objects.get(action="stop-all")
    assert (entry.by_id, entry.detail["items"]) == (tech.pk, [])


def test_stop_all_touches_no_other_commune(air: Unit, an: Person, xa_b: Unit, chi: Person) -> None:
    three_clusters(xa_b)
    theirs = placed(xa_b, chi, at("16:45"))
    services.stop_all(unit=air, by=an, now=at("16:46"))
    assert starts(day_timeline(xa_b, DAY)) == {item_of(theirs): "16:45"}


@pytest.mark.parametrize("who", ["an", "binh", "tech", "quan"])
def test_everybody_who_works_for_the_commune_may_stop(
    air: Unit, an: Person, who: str, request: pytest.FixtureRequest
) -> None:
    placed(air, an, at("16:45"))
    assert services.stop_all(unit=air, by=request.getfixturevalue(who), now=at("16:46")).items


@pytest.mark.parametrize("who", ["dung", "chi"])
def test_readers_and_strangers_stop_nothing(
    air: Unit, an: Person, who: str, request: pytest.FixtureRequest
) -> None:
    item = item_of(placed(air, an, at("16:45")))
    person: Person = request.getfixturevalue(who)
    for act in (
        lambda: services.stop_all(unit=air, by=person, now=at("16:46")),
        lambda: services.stop_item(unit=air, item=item, by=person, now=at("16:46")),
    ):
        with pytest.raises(Refusal) as refusal:
            act()
        assert refusal.value.code == "not-allowed"
    assert day_timeline(air, DAY).items


@pytest.mark.parametrize(
    ("clock", "reach", "until"),
    [
        ("05:10", Reach.WINDOW, "06:30"),
        ("06:30", Reach.WINDOW, "12:00"),
        ("16:29", Reach.WINDOW, "20:30"),
        ("05:10", Reach.DAY, "00:00"),
        ("21:00", Reach.WINDOW, "00:00"),
    ],
)
def test_silence_lasts_to_the_end_of_the_present_or_next_hours(
    clock: str, reach: Reach, until: str
) -> None:
    end = silent_until(DEFAULT_POLICY, at(clock), reach)
    assert end.astimezone(VIETNAM).strftime("%H:%M") == until
    assert end > at(clock)
