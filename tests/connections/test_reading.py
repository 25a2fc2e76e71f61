"""What another system reads is what the office sees."""

from datetime import datetime
from pathlib import Path

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.bulletins.newsroom import draft, released
from tests.connections.conftest import System, error_of
from tests.dispatch.radio import cluster_in, device_on, on_air
from vang.dispatch.services import publish_plan
from vang.orgs.models import Unit
from vang.people.models import Person


def test_bulletins_come_in_parts_without_gap_or_repeat(
    system: System, xa_a: Unit, an: Person, now: datetime
) -> None:
    wanted = [draft(xa_a, an, now).pk for _ in range(5)]
    got, cursor = [], ""
    while True:
        query = {"limit": 2, **({"cursor": cursor} if cursor else {})}
        page = system.get("bulletins", **query).json()
        got += [line["id"] for line in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert got == wanted


OF_THE_YEAR_ONE = "MDAwMS0wMS0wMVQwMDowMDowMCswNzowMCA1"  # 0001-01-01T00:00:00+07:00 5


@pytest.mark.parametrize("cursor", ["x", "MjAyNg==", "####", "MjAyNi0wNi0xMCA1", OF_THE_YEAR_ONE])
def test_strange_cursor_is_malformed(system: System, cursor: str) -> None:
    answer = system.get("bulletins", cursor=cursor)
    assert (answer.status_code, error_of(answer)) == (422, "malformed")


def test_one_bulletin_has_its_text(system: System, xa_a: Unit, an: Person, now: datetime) -> None:
    bulletin = draft(xa_a, an, now)
    told = system.get(f"bulletins/{bulletin.pk}").json()
    assert told["title"] == "Lịch cắt điện"
    assert told["state"] == "DRAFT"
    assert told["editions"] == []
    assert system.get("bulletins/999999").status_code == 404
    assert system.get(f"bulletins/{1 << 70}").status_code == 404


def test_bulletin_of_another_commune_is_not_found(
    system: System, xa_a: Unit, xa_b: Unit, an: Person, chi: Person, now: datetime
) -> None:
    own, foreign = draft(xa_a, an, now), draft(xa_b, chi, now)
    assert system.get(f"bulletins/{own.pk}").status_code == 200
    assert system.get(f"bulletins/{foreign.pk}").status_code == 404
    assert [line["id"] for line in system.get("bulletins").json()["items"]] == [own.pk]


def test_released_edition_is_told_with_its_sound(
    system: System, data: Path, xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    edition = released(xa_a, an, binh, now)
    (told,) = system.get("editions").json()["items"]
    assert told["id"] == str(edition.pk)
    assert told["audio_sha256"] == edition.audio_sha256
    assert told["withdrawn_at"] is None
    assert system.get(f"editions/{edition.pk}").json() == told
    assert system.get("editions", since="2026-06-10T05:00:01Z").json()["items"] == []


def test_schedule_and_log_tell_what_the_plan_orders(
    system: System,
    data: Path,
    xa_a: Unit,
    an: Person,
    binh: Person,
    tech: Person,
    now: datetime,
) -> None:
    cluster = cluster_in(xa_a, tech, now)
    device_on(cluster, tech, now)
    on_air(xa_a, an, binh, now)
    publish_plan(xa_a, now=now)
    (item,) = system.get("schedule").json()["items"]
    assert item["clusters"] == [cluster.code]
    (row,) = system.get("as-run").json()["items"]
    assert (row["item"], row["cluster"], row["state"]) == (item["item"], cluster.code, "PLANNED")
    assert system.get("as-run", until=row["planned_start"]).json()["items"] == []
    assert system.get("schedule", day="2026-06-11").json()["items"] == []
    (node,) = system.get("nodes").json()["items"]
    assert node["cluster"] == cluster.code
    assert node["presence"] in {"ONLINE", "NEVER", "UNKNOWN"}


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "9999-12-31"])
def test_a_day_at_the_end_of_the_calendar_has_no_schedule(system: System, day: str) -> None:
    answer = system.get("schedule", day=day)
    assert (answer.status_code, answer.json()["items"]) == (200, [])


@pytest.mark.parametrize("instant", ["0001-01-01T00:00:00+07:00", "9999-12-31T23:59:59-07:00"])
@pytest.mark.parametrize("path", ["as-run", "bulletins"])
def test_an_instant_outside_every_calendar_is_malformed(
    system: System, path: str, instant: str
) -> None:
    answer = system.get(path, since=instant)
    assert (answer.status_code, error_of(answer)) == (422, "malformed")


def test_lists_cost_the_same_however_long(
    system: System,
    xa_a: Unit,
    an: Person,
    now: datetime,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(20):
        draft(xa_a, an, now)
    with django_assert_max_num_queries(4):
        system.get("bulletins")
    for path in ("editions", "schedule", "as-run", "units"):
        with django_assert_max_num_queries(4):
            system.get(path)


def test_unknown_address_is_answered_in_json(system: System) -> None:
    answer = system.get("loudspeakers/1")
    assert (answer.status_code, error_of(answer)) == (404, "not-found")
    assert system.get("units").status_code == 200
