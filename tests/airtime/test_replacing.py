"""A correction takes the places of what it corrects, and is heard once soon."""

from datetime import datetime, timedelta

import pytest

from tests.airtime.factories import daily, edition, three_clusters
from tests.airtime.wanting import DAY, at
from vang.airtime import services
from vang.airtime.models import Placement, SlotPolicy
from vang.airtime.queries import day_timeline
from vang.base.refusals import Refusal
from vang.bulletins.models import Edition, Version
from vang.journal.models import Entry
from vang.orgs.models import Unit
from vang.people.models import Person

TOMORROW = DAY + timedelta(days=1)
_ROW = ("unit", "category", "priority", "audience", "audio_sha256", "audio_size", "trial_voice")


@pytest.fixture
def air(xa_a: Unit) -> Unit:
    three_clusters(xa_a)
    return xa_a


def correction_of(wrong: Edition, by: Person, now: datetime, minutes: float = 5) -> Edition:
    """The correcting edition, row by row, put in its place as the release does."""
    version = Version.objects.create(
        bulletin=wrong.bulletin,
        number=wrong.version.number + 1,
        title=f"Đính chính: {wrong.title}",
        text="Đính chính.",
        category=wrong.category,
        priority=wrong.priority,
        audience=wrong.audience,
        edited_by=by,
        created_at=now,
    )
    made = Edition.objects.create(
        bulletin=wrong.bulletin,
        version=version,
        title=version.title,
        text=version.text,
        corrects=wrong,
        wrong="Ngày.",
        wrong_because="Đổi lịch.",
        duration_ms=int(minutes * 60_000),
        content_hash="ef" * 32,
        approved_by=by,
        released_by=by,
        released_at=now,
        **{name: getattr(wrong, name) for name in _ROW},
    )
    services.replace_on_air(made, by, now)
    return made


def heard(unit: Unit, day: object = DAY) -> list[tuple[str, str]]:
    items = day_timeline(unit, day).items  # type: ignore[arg-type]
    return [(f"{one.start.astimezone(at('05:00').tzinfo):%H:%M}", one.title) for one in items]


def test_it_plays_in_the_same_programme_to_the_same_last_day(
    air: Unit, an: Person, binh: Person
) -> None:
    wrong, programme = edition(air, an), daily(air, binh)
    services.place_in_programme(
        edition=wrong,
        programme=programme,
        from_day=DAY,
        to_day=DAY + timedelta(days=3),
        by=an,
        now=at("06:00"),
    )
    right = correction_of(wrong, an, at("12:30"))
    heir = Placement.objects.get(edition=right, kind="PROGRAMME")
    assert (heir.programme, heir.from_day, heir.to_day) == (
        programme,
        DAY,
        DAY + timedelta(days=3),
    )
    for day in (DAY, TOMORROW):
        titles = {title for _time, title in heard(air, day)}
        assert titles == {right.title}


def test_it_is_heard_once_at_the_next_allowed_time(air: Unit, an: Person) -> None:
    wrong = edition(air, an)
    services.place_once(edition=wrong, start=at("10:45"), by=an, now=at("09:00"))
    right = correction_of(wrong, an, at("12:30"))
    once = Placement.objects.get(edition=right)
    assert (once.kind, once.start) == ("ONCE", at("16:30"))


def test_inside_the_hours_it_is_heard_now_and_what_sounds_is_cut_off(air: Unit, an: Person) -> None:
    wrong = edition(air, an)
    services.place_once(edition=wrong, start=at("16:38"), by=an, now=at("16:30"))
    right = correction_of(wrong, an, at("16:40"))
    now_one = Placement.objects.get(edition=right)
    assert (now_one.kind, now_one.start) == ("NOW", at("16:40:08"))
    (item,) = day_timeline(air, DAY).items
    assert item.edition == str(right.pk)


def test_a_later_hour_of_the_same_day_is_kept_as_well(air: Unit, an: Person) -> None:
    wrong = edition(air, an)
    services.place_once(edition=wrong, start=at("19:00"), by=an, now=at("06:00"))
    right = correction_of(wrong, an, at("17:00"))
    starts = sorted(one.start for one in Placement.objects.filter(edition=right) if one.start)
    assert starts == [at("17:00:08"), at("19:00")]


def test_what_was_never_on_the_air_is_not_put_there(air: Unit, an: Person) -> None:
    right = correction_of(edition(air, an), an, at("17:00"))
    assert not Placement.objects.filter(edition=right).exists()
    taken_off = edition(air, an)
    placement = services.place_once(edition=taken_off, start=at("19:00"), by=an, now=at("06:00"))
    services.remove_placement(placement=placement, by=an, now=at("07:00"))
    right = correction_of(taken_off, an, at("17:00"))
    assert not Placement.objects.filter(edition=right).exists()


def test_where_two_weeks_have_no_room_the_programme_still_stands(air: Unit, an: Person) -> None:
    wrong = edition(air, an, minutes=5)
    services.place_once(edition=wrong, start=at("10:45"), by=an, now=at("09:00"))
    SlotPolicy.objects.create(
        unit=air, hours=[["05:00", "06:00"]], longest_session_s=60, changed_at=at("09:00")
    )
    right = correction_of(wrong, an, at("12:30"), minutes=5)
    assert not Placement.objects.filter(edition=right).exists()
    entry = Entry.objects.get(action="replace-on-air")
    assert (entry.detail["corrects"], entry.detail["placed"]) == (str(wrong.pk), [])


def test_the_wrong_text_is_placed_no_more(air: Unit, an: Person) -> None:
    wrong = edition(air, an)
    right = correction_of(wrong, an, at("09:00"))
    with pytest.raises(Refusal) as refused:
        services.place_once(edition=wrong, start=at("19:00"), by=an, now=at("10:00"))
    assert refused.value.code == "corrected"
    assert services.place_once(edition=right, start=at("19:00"), by=an, now=at("10:00"))
