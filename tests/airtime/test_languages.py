"""Each cluster hears its language, or what the placer chose where the bulletin lacks it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.airtime.factories import cluster, daily
from tests.airtime.wanting import DAY, LONG_BEFORE, at
from tests.bulletins.newsroom import (
    NOTICE,
    allow_trial_voice,
    approved,
    co_tu,
    released,
    submitted,
    take,
)
from vang.airtime import services
from vang.airtime.models import Placement
from vang.airtime.queries import airtime_of, day_timeline, week_ahead
from vang.base.clock import ManualClock, SystemClock, use_clock
from vang.base.refusals import Refusal
from vang.bulletins.content import Content
from vang.bulletins.models import Bulletin, Edition
from vang.bulletins.wordings import edition_sounds
from vang.journal.models import Entry
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.stations.models import Cluster

TOMORROW = DAY + timedelta(days=1)
SILENT, IN_VIETNAMESE = {"sed": "SILENCE"}, {"sed": "VIETNAMESE"}


@pytest.fixture
def clusters(xa_a: Unit) -> list[Cluster]:
    """Thuận 1 speaks Vietnamese, Thuận 2 Cơ Tu, Thuận 3 Xê Đăng."""
    made = [cluster(xa_a, n, f"20662.0{n}") for n in (1, 2, 3)]
    for one, language in zip(made, ("vi", "ktv", "sed"), strict=True):
        Cluster.objects.filter(pk=one.pk).update(language=language)
    return made


def content(unit: Unit, by: Person, *villages: str) -> Content:
    spoken = co_tu(take(unit, by, LONG_BEFORE))
    return replace(NOTICE, wordings=(spoken,), audience=villages)


@pytest.fixture
def bilingual(xa_a: Unit, an: Person, binh: Person) -> Edition:
    """In Vietnamese, five seconds, and in Cơ Tu, seven."""
    return released(xa_a, an, binh, LONG_BEFORE, content(xa_a, an))


def heard(unit: Unit) -> dict[str, tuple[str, int, tuple[str, ...]]]:
    """By item: language, length in ms, and the numbers of the clusters."""
    return {
        item.id: (item.language, item.duration_ms, tuple(c[-1] for c in item.clusters))
        for item in day_timeline(unit, DAY).items
    }


def test_each_cluster_has_its_language_at_one_and_the_same_time(
    clusters: list[Cluster], bilingual: Edition, xa_a: Unit, an: Person
) -> None:
    placement = services.place_once(
        edition=bilingual, start=at("17:00"), by=an, now=at("12:00"), missing=SILENT
    )
    assert heard(xa_a) == {
        f"o{placement.pk}": ("vi", 5000, ("1",)),
        f"o{placement.pk}-ktv": ("ktv", 7000, ("2",)),
    }
    assert {item.start for item in day_timeline(xa_a, DAY).items} == {at("17:00")}


def test_the_vietnamese_stands_in_where_the_placer_chose_it(
    clusters: list[Cluster], bilingual: Edition, xa_a: Unit, an: Person
) -> None:
    placement = services.place_once(
        edition=bilingual, start=at("17:00"), by=an, now=at("12:00"), missing=IN_VIETNAMESE
    )
    assert heard(xa_a)[f"o{placement.pk}"] == ("vi", 5000, ("1", "3"))
    assert placement.missing == IN_VIETNAMESE
    assert Entry.objects.get(action="place-edition").detail["missing"] == IN_VIETNAMESE


@pytest.mark.parametrize("missing", [{}, {"ktv": "SILENCE"}, {"sed": "LOUD"}])
def test_nothing_is_placed_before_the_missing_language_is_decided(
    missing: dict[str, str],
    clusters: list[Cluster],
    bilingual: Edition,
    xa_a: Unit,
    an: Person,
    binh: Person,
) -> None:
    given = {"edition": bilingual, "by": an, "missing": missing}
    for place in (
        lambda: services.place_now(**given, now=at("16:40")),
        lambda: services.place_once(**given, start=at("17:00"), now=at("12:00")),
        lambda: services.place_in_programme(
            **given, programme=daily(xa_a, binh), from_day=DAY, to_day=None, now=at("12:00")
        ),
    ):
        with pytest.raises(Refusal) as refused:
            place()
        assert refused.value.code == "language-missing"
        assert "Xê Đăng" in str(refused.value)
    assert not Placement.objects.exists()


def test_only_languages_that_the_audience_needs_are_asked_for(
    clusters: list[Cluster], xa_a: Unit, an: Person, binh: Person
) -> None:
    two_villages = content(xa_a, an, "20662.01", "20662.02")
    edition = released(xa_a, an, binh, LONG_BEFORE, two_villages)
    placement = services.place_now(
        edition=edition, by=an, now=at("16:40"), missing={"sed": "VIETNAMESE"}
    )
    assert placement.missing == {}
    assert {language for language, _ms, _codes in heard(xa_a).values()} == {"vi", "ktv"}


def test_now_waits_until_every_language_can_begin(
    clusters: list[Cluster], bilingual: Edition, xa_a: Unit, an: Person, binh: Person
) -> None:
    first = released(xa_a, an, binh, LONG_BEFORE, content(xa_a, an, "20662.02"))
    services.place_now(edition=first, by=an, now=at("16:40"))
    placement = services.place_now(edition=bilingual, by=an, now=at("16:40:01"), missing=SILENT)
    assert placement.start == at("16:40:17")
    laid = day_timeline(xa_a, DAY)
    assert {item.start for item in laid.items if item.placement == placement.pk} == {
        placement.start
    }
    assert laid.unplaced == ()


def test_a_programme_names_its_occurrences_by_day_and_language(
    clusters: list[Cluster], bilingual: Edition, xa_a: Unit, an: Person, binh: Person
) -> None:
    placement = services.place_in_programme(
        edition=bilingual,
        programme=daily(xa_a, binh),
        from_day=DAY,
        to_day=None,
        by=an,
        now=at("12:00"),
        missing=SILENT,
    )
    assert list(heard(xa_a)) == [f"p{placement.pk}-20260610", f"p{placement.pk}-20260610-ktv"]


def test_one_language_alone_can_be_stopped(
    clusters: list[Cluster], bilingual: Edition, xa_a: Unit, an: Person
) -> None:
    placement = services.place_once(
        edition=bilingual, start=at("17:00"), by=an, now=at("12:00"), missing=SILENT
    )
    services.stop_item(unit=xa_a, item=f"o{placement.pk}-ktv", by=an, now=at("16:00"))
    assert list(heard(xa_a)) == [f"o{placement.pk}"]


def test_the_weeks_plan_carries_the_sound_of_each_language(
    clusters: list[Cluster], bilingual: Edition, xa_a: Unit, an: Person
) -> None:
    services.place_once(
        edition=bilingual, start=at("17:00"), by=an, now=at("12:00"), missing=SILENT
    )
    entries = {e.item.language: e.sound for e in week_ahead(xa_a, at("12:00")).items}
    assert entries == edition_sounds(bilingual)


def test_a_commune_that_speaks_only_another_language_hears_that_alone(
    xa_a: Unit, an: Person, bilingual: Edition
) -> None:
    one = cluster(xa_a, 2, "20662.02")
    Cluster.objects.filter(pk=one.pk).update(language="ktv")
    placement = services.place_now(edition=bilingual, by=an, now=at("16:40"))
    assert list(heard(xa_a)) == [f"o{placement.pk}-ktv"]
    assert day_timeline(xa_a, DAY).unplaced == ()


def test_a_cluster_whose_language_changes_later_falls_silent_rather_than_hear_another(
    clusters: list[Cluster], bilingual: Edition, xa_a: Unit, an: Person
) -> None:
    placement = services.place_once(
        edition=bilingual, start=at("17:00"), by=an, now=at("12:00"), missing=IN_VIETNAMESE
    )
    Cluster.objects.filter(pk=clusters[0].pk).update(language="km")
    assert heard(xa_a)[f"o{placement.pk}"] == ("vi", 5000, ("3",))


# the page


@pytest.fixture
def office(xa_a: Unit, an: Person, binh: Person) -> Iterator[Bulletin]:
    """16:32, and the bilingual notice is approved."""
    use_clock(ManualClock(at("16:32")))
    allow_trial_voice(xa_a, LONG_BEFORE)
    bulletin = submitted(xa_a, an, LONG_BEFORE, content(xa_a, an))
    approved(bulletin, binh, LONG_BEFORE)
    yield bulletin
    use_clock(SystemClock())


def test_the_page_names_the_clusters_and_makes_the_placer_choose(
    clusters: list[Cluster], office: Bulletin, xa_a: Unit, an: Person, client: Client
) -> None:
    client.force_login(an)
    url = reverse("airtime:place", args=[office.pk])
    page = client.get(url).content.decode()
    assert "Chưa có bản ghi âm tiếng Xê Đăng" in page
    assert "Cụm 3" in page
    choices = re.findall(r'<input type="radio" name="instead_sed"[^>]*>', page)
    assert len(choices) == 2
    assert not any("checked" in choice for choice in choices)
    assert 'name="instead_ktv"' not in page
    undecided = client.post(url, {"when": "now", "place": "1"}).content.decode()
    assert "Hãy chọn nơi ấy nghe gì." in undecided
    assert not Edition.objects.exists()
    client.post(url, {"when": "now", "place": "1", "instead_sed": "SILENCE"})
    assert Placement.objects.get().missing == SILENT
    day = client.get(reverse("airtime:day")).content.decode()
    assert "tiếng Cơ Tu" in day


def test_a_commune_of_one_language_is_asked_nothing(
    office: Bulletin, xa_a: Unit, an: Person, client: Client
) -> None:
    cluster(xa_a, 1, "20662.01")
    client.force_login(an)
    page = client.get(reverse("airtime:place", args=[office.pk])).content.decode()
    assert "instead_" not in page
    assert airtime_of(xa_a, DAY, DAY).tongues == {f"c{xa_a.code}-1": "vi"}


def test_the_same_wish_in_vietnamese_keeps_its_number(
    clusters: list[Cluster], xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    edition = released(xa_a, an, binh, LONG_BEFORE, replace(NOTICE, audience=("20662.01",)))
    placement = services.place_once(edition=edition, start=at("17:00"), by=an, now=at("12:00"))
    assert list(heard(xa_a)) == [f"o{placement.pk}"]
