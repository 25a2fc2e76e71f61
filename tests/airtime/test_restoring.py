"""Taking back: what was stopped, removed or ended comes back as long as that disturbs nobody."""

from datetime import timedelta

import pytest

from tests.airtime.factories import daily, edition, placed, three_clusters
from tests.airtime.wanting import DAY, at, starts
from vang.airtime import services
from vang.airtime.models import Placement, StoppedOccurrence
from vang.airtime.queries import day_timeline, stopped_items
from vang.base.refusals import Refusal
from vang.journal.models import Entry
from vang.orgs.models import Unit
from vang.people.models import Person


@pytest.fixture
def air(xa_a: Unit) -> Unit:
    three_clusters(xa_a)
    return xa_a


def stopped(unit: Unit, by: Person) -> tuple[Placement, str]:
    """A notice of 16:45 that was stopped at 16:00."""
    placement = placed(unit, by, at("16:45"))
    services.stop_item(unit=unit, item=f"o{placement.pk}", by=by, now=at("16:00"))
    return placement, f"o{placement.pk}"


def test_a_stopped_item_plays_after_all(air: Unit, an: Person) -> None:
    _placement, item = stopped(air, an)
    assert starts(day_timeline(air, DAY)) == {}
    services.resume_items(unit=air, items=[item], by=an, now=at("16:05"))
    assert list(starts(day_timeline(air, DAY)).values()) == ["16:45"]
    assert stopped_items(air, at("00:00")) == []
    assert Entry.objects.get(action="resume-items").detail == {"items": [item]}


def test_what_should_sound_by_now_is_not_put_back(air: Unit, an: Person) -> None:
    _placement, item = stopped(air, an)
    with pytest.raises(Refusal) as refusal:
        services.resume_items(unit=air, items=[item], by=an, now=at("16:45"))
    assert refusal.value.code == "begun"
    assert StoppedOccurrence.objects.exists()


def test_nobody_who_was_given_the_time_meanwhile_is_disturbed(
    air: Unit, an: Person, binh: Person
) -> None:
    _placement, item = stopped(air, an)
    services.place_once(
        edition=edition(air, an, title="Họp thôn"), start=at("16:46"), by=binh, now=at("16:02")
    )
    with pytest.raises(Refusal) as refusal:
        services.resume_items(unit=air, items=[item], by=an, now=at("16:05"))
    assert refusal.value.code == "disturbs"
    assert "Họp thôn" in str(refusal.value)
    assert list(starts(day_timeline(air, DAY)).values()) == ["16:46"]


def test_a_stranger_puts_nothing_back(air: Unit, an: Person, chi: Person) -> None:
    placement, item = stopped(air, an)
    services.remove_placement(placement=placement, by=an, now=at("16:01"))
    for act in (
        lambda: services.resume_items(unit=air, items=[item], by=chi, now=at("16:05")),
        lambda: services.restore_placement(placement=placement, by=chi, now=at("16:05")),
    ):
        with pytest.raises(Refusal) as refusal:
            act()
        assert refusal.value.code == "not-allowed"


def test_a_removed_placement_is_on_the_schedule_again(air: Unit, an: Person) -> None:
    placement = placed(air, an, at("16:45"))
    services.remove_placement(placement=placement, by=an, now=at("16:00"))
    assert starts(day_timeline(air, DAY)) == {}
    services.restore_placement(placement=placement, by=an, now=at("16:05"))
    assert list(starts(day_timeline(air, DAY)).values()) == ["16:45"]
    assert Entry.objects.filter(action="restore-placement").count() == 1
    with pytest.raises(Refusal) as refusal:
        services.restore_placement(placement=placement, by=an, now=at("16:06"))
    assert refusal.value.code == "not-removed"


def test_a_withdrawn_bulletin_is_not_put_back(air: Unit, an: Person) -> None:
    placement = placed(air, an, at("16:45"))
    services.remove_placement(placement=placement, by=an, now=at("16:00"))
    placement.edition.withdrawn_at = at("16:01")
    placement.edition.save()
    with pytest.raises(Refusal) as refusal:
        services.restore_placement(placement=placement, by=an, now=at("16:05"))
    assert refusal.value.code == "withdrawn"


def test_an_ended_programme_goes_on_as_before(air: Unit, binh: Person) -> None:
    programme = daily(air, binh)
    services.end_programme(programme=programme, last_day=DAY, by=binh, now=at("12:00"))
    reopened = services.reopen_programme(
        programme=programme, valid_to=None, by=binh, now=at("12:05")
    )
    assert (reopened.valid_to, reopened.ended_at) == (None, None)
    assert Entry.objects.filter(action="reopen-programme").count() == 1


def test_a_programme_whose_name_was_taken_stays_ended(air: Unit, binh: Person) -> None:
    programme = daily(air, binh)
    services.end_programme(programme=programme, last_day=DAY, by=binh, now=at("12:00"))
    daily_again = {"name": "TIN CHIỀU", "starts_at": programme.starts_at, "weekdays": "1111111"}
    services.create_programme(
        unit=air,
        **daily_again,
        valid_from=DAY + timedelta(days=1),
        valid_to=None,
        by=binh,
        now=at("12:01"),
    )
    with pytest.raises(Refusal) as refusal:
        services.reopen_programme(programme=programme, valid_to=None, by=binh, now=at("12:05"))
    assert refusal.value.code == "name-taken"
