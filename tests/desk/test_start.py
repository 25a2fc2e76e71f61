"""The first administrator is led from nothing to the first broadcast."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.conftest import person
from tests.desk import at_work
from tests.people.entering import entered
from vang.airtime.models import SlotPolicy
from vang.base import clock
from vang.base.virtual_nodes import SUPERVISED, take_wanted
from vang.desk.start import start_at, start_of
from vang.orgs.models import Unit
from vang.people.due import Desk, looked
from vang.people.models import Person
from vang.stations.models import Cluster, EnrolmentCode
from vang.trials.models import Trial


@pytest.fixture(autouse=True)
def at_noon(now: datetime) -> Iterator[None]:
    clock.use_clock(clock.ManualClock(now))
    yield
    clock.use_clock(clock.SystemClock())


@pytest.fixture
def ha(xa_b: Unit) -> Person:
    """The only one there, in a commune with nothing."""
    return person("ha", "Trần Thị Hà", xa_b, "ADMINISTRATOR")


def done(someone: Person, unit: Unit, now: datetime, *roles: str) -> set[str]:
    desk = looked(Desk(someone, unit, frozenset(roles or {"ADMINISTRATOR"}), now))
    return {step.name for step in start_at(desk).steps if step.done}


def posted(client: Client, name: str, /, *given: object, **fields: object) -> str:
    answer = client.post(reverse(name, args=given), fields, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_in_a_new_commune_nothing_is_done_and_the_villages_come_first(
    client: Client, ha: Person, xa_b: Unit, now: datetime
) -> None:
    assert done(ha, xa_b, now) == set()
    page = entered(client, ha).get("/").content.decode()
    assert "mười phút đến buổi phát đầu tiên" in page
    assert 'aria-current="step"' in page


def test_each_step_is_ticked_by_what_is_there(
    ha: Person, xa_b: Unit, now: datetime, client: Client
) -> None:
    posted(entered(client, ha), "desk:start-villages", names="Thôn 1, Thôn 2")
    assert done(ha, xa_b, now) == {"villages"}
    person("lan", "Lan", xa_b, "WRITER", "APPROVER")
    assert done(ha, xa_b, now) == {"villages"}, "who writes and approves alone is not two people"
    minh = person("minh", "Minh", xa_b, "APPROVER")
    SlotPolicy.objects.create(unit=xa_b, changed_at=now)
    assert done(ha, xa_b, now) == {"villages", "people", "hours"}
    cluster = at_work.cluster(xa_b, 1)
    assert "loudspeaker" not in done(ha, xa_b, now)
    at_work.node(cluster, now)
    assert "loudspeaker" in done(ha, xa_b, now)
    writer = Person.objects.get(username="lan")
    edition = at_work.released(xa_b, writer, minh, now)
    assert "trial" not in done(ha, xa_b, now)
    item = at_work.planned(edition, [cluster], now - timedelta(minutes=5))
    at_work.became(item, cluster, "DONE", "", now)
    desk = looked(Desk(ha, xa_b, frozenset({"ADMINISTRATOR"}), now))
    assert {"trial", "bulletin", "voice"} <= {s.name for s in start_at(desk).steps if s.done}
    assert start_of(desk) is None, "once something was released and heard nobody is led"


def test_only_the_administrator_of_a_commune_is_led(
    client: Client, ha: Person, an: Person, dung: Person
) -> None:
    for other in (an, dung):
        assert "buổi phát đầu tiên" not in entered(client, other).get("/").content.decode()
        for name in ("start", "start-steps", "start-villages", "start-loudspeaker", "start-trial"):
            assert client.get(reverse(f"desk:{name}")).status_code == 403
        for name in ("start-close", "start-write-too"):
            assert client.post(reverse(f"desk:{name}")).status_code == 403
    entered(client, ha)
    for name in ("start", "start-steps", "start-villages", "start-loudspeaker", "start-trial"):
        assert client.get(reverse(f"desk:{name}")).status_code == 200
    for name in ("start-close", "start-write-too"):
        assert client.get(reverse(f"desk:{name}")).status_code == 405


def test_who_does_not_want_to_be_led_may_change_their_mind(client: Client, ha: Person) -> None:
    entered(client, ha)
    page = posted(client, "desk:start-close")
    assert "mười phút" not in page
    assert "Hoàn tác" in page
    client.post(reverse("desk:undo"))
    assert "mười phút" in client.get("/").content.decode()


def test_a_name_that_does_not_fit_is_shown_again_with_the_reason(
    client: Client, ha: Person, xa_b: Unit, now: datetime
) -> None:
    page = posted(entered(client, ha), "desk:start-villages", names="x" * 81)
    assert "80" in page
    assert done(ha, xa_b, now) == set()


def test_a_virtual_loudspeaker_is_asked_for_where_somebody_starts_it(
    client: Client,
    ha: Person,
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
    tmp_path: Path,
) -> None:
    settings.DATA = tmp_path
    entered(client, ha)
    posted(client, "desk:start-loudspeaker", name="Loa phòng", language="vi", volume_ceiling_db=0)
    cluster = Cluster.objects.get()
    monkeypatch.delenv(SUPERVISED, raising=False)
    assert "./run" in posted(client, "desk:start-virtual", cluster.pk)
    assert list(take_wanted(tmp_path)) == []
    monkeypatch.setenv(SUPERVISED, "1")
    posted(client, "desk:start-virtual", cluster.pk)
    (wanted,) = take_wanted(tmp_path)
    assert wanted.cluster == cluster.code
    assert EnrolmentCode.objects.get().virtual
    assert list(take_wanted(tmp_path)) == []


def test_a_stranger_gets_no_loudspeaker_of_ours(
    client: Client, chi: Person, xa_a: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SUPERVISED, "1")
    cluster = at_work.cluster(xa_a, 1)
    url = reverse("desk:start-virtual", args=[cluster.pk])
    assert entered(client, chi).post(url).status_code == 404
    assert not EnrolmentCode.objects.exists()


def test_who_administers_alone_writes_too_and_tries(
    client: Client, ha: Person, xa_b: Unit, now: datetime
) -> None:
    at_work.cluster(xa_b, 1)
    entered(client, ha)
    assert "Tôi cũng soạn tin" in client.get(reverse("desk:start-trial")).content.decode()
    assert reverse("bulletins:new") not in client.get("/").content.decode()
    page = posted(client, "desk:start-write-too", then="trial")
    assert reverse("bulletins:new") in client.get("/").content.decode()
    assert "Gửi duyệt bản phát thử" in page
    page = posted(client, "desk:start-trial", cluster=Cluster.objects.get().pk, words="Một, hai.")
    assert Trial.objects.get().bulletin.created_by == ha
    assert "Chờ duyệt" in page


def test_the_first_page_stays_within_its_queries(
    client: Client, ha: Person, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    entered(client, ha).get("/")
    with django_assert_max_num_queries(12):
        client.get("/")
    for name in ("start", "start-steps", "start-villages", "start-loudspeaker", "start-trial"):
        with django_assert_max_num_queries(12):
            client.get(reverse(f"desk:{name}"))
