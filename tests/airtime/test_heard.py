"""What sounds at a place at a time, and why; or why nothing does."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.airtime.factories import placed, three_clusters
from tests.airtime.wanting import DAY, SATURDAY, air, at, once, part, programme
from vang.airtime import services
from vang.airtime.quiet import ClusterRule
from vang.airtime.sounding import Answer, sounding
from vang.airtime.timeline import Schedule
from vang.airtime.wishes import Wish
from vang.base.clock import ManualClock, SystemClock, use_clock
from vang.orgs.models import Unit
from vang.people.models import Person

BUDGET = 20


@pytest.fixture
def _noon() -> Iterator[None]:
    use_clock(ManualClock(at("12:00")))
    yield
    use_clock(SystemClock())


def ask(clock: str, *wishes: Wish, cluster: str = "c1", **given: object) -> Answer:
    return sounding(air(*wishes, **given), cluster, at(clock))  # type: ignore[arg-type]


def why(answer: Answer) -> str:
    return answer.silence.value if answer.silence else ""


def test_what_is_on_the_schedule_sounds_from_its_first_to_its_last_moment() -> None:
    item = once(1, "17:00", minutes=5)
    heard = ask("17:04:59", item)
    assert heard.item is not None
    assert (heard.item.title, heard.window, heard.silence) == (
        "Bản tin 1",
        ("16:30", "18:00"),
        None,
    )
    assert why(ask("17:05", item)) == "nothing"
    before = ask("16:59:59", item)
    assert before.following is not None
    assert before.following.start == at("17:00")


def test_each_silence_has_its_reason() -> None:
    south = once(1, "17:00", audience=["v2"])
    assert why(ask("17:01", south)) == "elsewhere"
    assert why(ask("17:01", south, cluster="c9")) == "no-cluster"
    assert why(ask("12:00", south)) == "outside-hours"
    assert why(ask("17:01", once(1, "17:00", minutes=90))) == "no-room"
    stopped = once(1, "17:00", stopped=at("16:00"))
    assert why(ask("17:01", stopped)) == "stopped"
    relay = part(2, -1, minutes=10, frame=False, reserved=True)
    told = ask("17:01", relay, programme(1, "17:00", of=7))
    assert why(told) == "relay"
    assert told.other is not None
    weekend = replace(air().air.policy, weekend=False)
    quiet = sounding(air(policy=weekend), "c1", at("17:01", SATURDAY))
    assert why(quiet) == "weekend"


def test_a_quiet_zone_names_what_it_keeps_off_and_lowers_the_level() -> None:
    base = air(once(1, "17:00")).air
    rule = ClusterRule(quiet=(("17:02", "17:10"),), volume=(("16:30", "18:00", -6),), ceiling_db=-3)
    schedule = Schedule(replace(base, rules={"c1": rule}))
    told = sounding(schedule, "c1", at("17:01"))
    assert why(told) == "quiet-zone"
    assert told.other is not None
    assert told.level_db == -9
    assert sounding(schedule, "c2", at("17:01")).item is not None


@pytest.mark.usefixtures("_noon")
def test_the_page_tells_who_answers_for_it(
    xa_a: Unit,
    an: Person,
    binh: Person,
    chi: Person,
    client: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    clusters = three_clusters(xa_a)
    item = placed(xa_a, binh, at("17:00"), audience=[f"{xa_a.code}.01"])
    page = reverse("airtime:heard")
    asked = {"place": f"v:{xa_a.code}.01", "day": DAY.isoformat(), "hour": "17:01"}
    assert client.get(page).status_code == 302
    client.force_login(an)
    assert client.post(page).status_code == 405
    assert "Nơi nào nghe gì" in client.get(page).content.decode()
    with django_assert_max_num_queries(BUDGET):
        text = client.get(page, asked).content.decode()
    assert "Lịch cắt điện" in text
    assert "Trần Thị Bình" in text
    other = client.get(page, {**asked, "place": f"c:{clusters[1].code}"}).content.decode()
    assert "Nội dung phát lúc đó dành cho thôn khác." in other
    services.stop_item(unit=xa_a, item=f"o{item.pk}", by=an, now=at("12:00"))
    stopped = client.get(page, asked).content.decode()
    assert "Nội dung cần phát đã bị dừng." in stopped
    assert "Nguyễn Văn An" in stopped
    bare = client.get(page, {**asked, "day": (DAY + timedelta(days=1)).isoformat()})
    assert "Lúc đó không có gì trong lịch phát." in bare.content.decode()
    client.force_login(chi)
    assert "Lịch cắt điện" not in client.get(page, asked).content.decode()
