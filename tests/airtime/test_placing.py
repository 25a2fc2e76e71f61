"""Putting editions on the air: now, once, in a programme; and taking them off."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

import pytest

from tests.airtime.factories import daily, edition, placed, three_clusters
from tests.airtime.wanting import DAY, at, starts
from vang.airtime import services
from vang.airtime.changes import _listeners, on_airtime_changed
from vang.airtime.models import Placement
from vang.airtime.queries import day_timeline
from vang.base.refusals import Refusal
from vang.journal.models import Entry
from vang.orgs.models import Unit
from vang.people.models import Person

TOMORROW = DAY + timedelta(days=1)
Told = list[int]


@pytest.fixture
def air(xa_a: Unit) -> Unit:
    """Commune A with a cluster in each of its three villages."""
    three_clusters(xa_a)
    return xa_a


@pytest.fixture
def told() -> Iterator[Told]:
    """Keys of the communes whose air changed, as a listener hears it."""
    heard: Told = []
    on_airtime_changed(heard.append)
    yield heard
    _listeners.remove(heard.append)


def test_now_begins_eight_seconds_later(air: Unit, an: Person) -> None:
    placement = services.place_now(edition=edition(air, an), by=an, now=at("16:40"))
    assert placement.start == at("16:40:08")
    assert starts(day_timeline(air, DAY)) == {f"o{placement.pk}": "16:40:08"}


def test_now_waits_until_what_sounds_has_ended(air: Unit, an: Person) -> None:
    placed(air, an, at("16:38"))
    placement = services.place_now(edition=edition(air, an), by=an, now=at("16:40"))
    assert placement.start == at("16:43:02")


def test_now_outside_the_hours_is_refused_with_the_next_free_time(air: Unit, an: Person) -> None:
    sound = edition(air, an)
    with pytest.raises(Refusal) as refusal:
        services.place_now(edition=sound, by=an, now=at("12:30"))
    assert refusal.value.code == "outside-hours"
    assert "16:30 10/06/2026" in str(refusal.value)
    assert services.place_now(edition=sound, by=an, now=at("16:30")).start == at("16:30:08")


def test_once_keeps_the_chosen_time(air: Unit, an: Person) -> None:
    placement = services.place_once(
        edition=edition(air, an), start=at("05:15", TOMORROW), by=an, now=at("12:00")
    )
    assert starts(day_timeline(air, TOMORROW)) == {f"o{placement.pk}": "05:15"}


@pytest.mark.parametrize(
    ("start", "code"),
    [
        (at("11:59"), "too-soon"),
        (at("12:00:05"), "too-soon"),
        (at("05:15", date(2027, 8, 1)), "too-far"),
        (at("03:15", TOMORROW), "outside-hours"),
    ],
)
def test_once_at_a_wrong_time_is_refused(air: Unit, an: Person, start: datetime, code: str) -> None:
    sound = edition(air, an)
    with pytest.raises(Refusal) as refusal:
        services.place_once(edition=sound, start=start, by=an, now=at("12:00"))
    assert refusal.value.code == code
    assert not Placement.objects.exists()
    assert services.place_once(edition=sound, start=at("16:45"), by=an, now=at("12:00"))


def test_in_a_programme_it_plays_from_the_first_to_the_last_day(
    air: Unit, an: Person, binh: Person
) -> None:
    programme = daily(air, binh)
    placement = services.place_in_programme(
        edition=edition(air, an),
        programme=programme,
        from_day=DAY,
        to_day=TOMORROW,
        by=an,
        now=at("12:00"),
    )
    played = [bool(day_timeline(air, DAY + timedelta(days=n)).items) for n in (-1, 0, 1, 2)]
    assert played == [False, True, True, False]
    assert starts(day_timeline(air, DAY)) == {f"p{placement.pk}-20260610": "17:00"}


def test_the_same_bulletin_is_not_twice_in_a_programme(air: Unit, an: Person, binh: Person) -> None:
    programme, sound = daily(air, binh), edition(air, an)

    def place(first: date, last: date) -> Placement:
        return services.place_in_programme(
            edition=sound, programme=programme, from_day=first, to_day=last, by=an, now=at("12:00")
        )

    place(DAY, TOMORROW)
    with pytest.raises(Refusal) as refusal:
        place(TOMORROW, TOMORROW)
    assert refusal.value.code == "already-in-programme"
    assert place(TOMORROW + timedelta(days=1), TOMORROW + timedelta(days=3))


def test_days_without_the_programme_are_refused(air: Unit, an: Person, binh: Person) -> None:
    programme, sound = daily(air, binh), edition(air, an)
    services.end_programme(programme=programme, last_day=DAY, by=binh, now=at("12:00"))
    with pytest.raises(Refusal) as refusal:
        services.place_in_programme(
            edition=sound,
            programme=programme,
            from_day=TOMORROW,
            to_day=None,
            by=an,
            now=at("12:00"),
        )
    assert refusal.value.code == "never-plays"


def test_another_communes_programme_is_refused(
    air: Unit, an: Person, xa_b: Unit, chi: Person
) -> None:
    theirs = daily(xa_b, chi)
    with pytest.raises(Refusal) as refusal:
        services.place_in_programme(
            edition=edition(air, an),
            programme=theirs,
            from_day=DAY,
            to_day=None,
            by=an,
            now=at("12:00"),
        )
    assert refusal.value.code == "other-unit"


def test_an_audience_that_no_cluster_reaches_is_refused(xa_a: Unit, an: Person) -> None:
    with pytest.raises(Refusal) as refusal:
        services.place_now(edition=edition(xa_a, an), by=an, now=at("16:40"))
    assert refusal.value.code == "no-clusters"


def test_an_emergency_is_not_placed_with_one_persons_word(air: Unit, an: Person) -> None:
    with pytest.raises(Refusal) as refusal:
        services.place_now(edition=edition(air, an, priority="EMERGENCY"), by=an, now=at("16:40"))
    assert refusal.value.code == "emergency-not-allowed"


def test_a_withdrawn_bulletin_is_not_placed_and_leaves_the_air(air: Unit, an: Person) -> None:
    placement = placed(air, an, at("16:45"))
    sound = placement.edition
    sound.withdrawn_at = at("12:00")
    sound.save(update_fields=["withdrawn_at"])
    with pytest.raises(Refusal) as refusal:
        services.place_once(edition=sound, start=at("17:00"), by=an, now=at("12:01"))
    assert refusal.value.code == "withdrawn"
    assert not day_timeline(air, DAY).items


@pytest.mark.parametrize("who", ["tech", "quan", "dung", "chi"])
def test_only_the_newsroom_of_the_commune_places(
    air: Unit, an: Person, who: str, request: pytest.FixtureRequest
) -> None:
    sound = edition(air, an)
    other: Person = request.getfixturevalue(who)
    with pytest.raises(Refusal) as refusal:
        services.place_now(edition=sound, by=other, now=at("16:40"))
    assert refusal.value.code == "not-allowed"
    assert services.place_now(edition=sound, by=an, now=at("16:40"))


def test_removing_takes_it_off_the_air_once(air: Unit, an: Person) -> None:
    placement = placed(air, an, at("16:45"))
    services.remove_placement(placement=placement, by=an, now=at("12:00"))
    assert not day_timeline(air, DAY).items
    with pytest.raises(Refusal) as refusal:
        services.remove_placement(placement=placement, by=an, now=at("12:01"))
    assert refusal.value.code == "already-removed"


def test_every_change_is_told_and_written_down(
    air: Unit,
    an: Person,
    told: Told,
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        placement = placed(air, an, at("16:45"))
    assert told == [air.pk]
    entry = Entry.objects.get(subject=f"placement:{placement.pk}")
    assert (entry.action, entry.by_id, entry.unit_id) == ("place-edition", an.pk, air.pk)


def test_a_refusal_tells_nobody(
    air: Unit,
    an: Person,
    told: Told,
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    sound = edition(air, an)
    with (
        django_capture_on_commit_callbacks(execute=True),  # type: ignore[attr-defined]
        pytest.raises(Refusal),
    ):
        services.place_now(edition=sound, by=an, now=at("12:30"))
    assert told == []
    assert not Entry.objects.filter(action="place-edition").exists()


def test_nothing_is_placed_after_the_last_day_on_which_it_holds(
    air: Unit, an: Person, binh: Person
) -> None:
    sound = edition(air, an, valid_until=DAY)
    tomorrow = DAY + timedelta(days=1)
    late = at("17:00", tomorrow)
    with pytest.raises(Refusal) as refused:
        services.place_once(edition=sound, start=late, by=an, now=at("12:00"))
    assert refused.value.code == "no-longer-valid"
    assert services.place_once(edition=sound, start=at("17:00"), by=an, now=at("12:00"))
    every_day = daily(air, binh)
    given = {"edition": sound, "programme": every_day, "by": an, "now": at("12:00")}
    with pytest.raises(Refusal) as refused:
        services.place_in_programme(**given, from_day=tomorrow, to_day=None)
    assert refused.value.code == "no-longer-valid"
    placement = services.place_in_programme(**given, from_day=DAY, to_day=None)
    assert placement.to_day == DAY
    assert day_timeline(air, tomorrow).items == ()
