"""A relay of a programme stands in the signed plan with its key, and is counted as relayed."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from tests.airtime.factories import daily
from tests.dispatch.radio import Device, cluster_in, device_on, plan_of
from vang.airtime import services
from vang.airtime.models import Programme, ProgrammePart
from vang.airtime.services.rundown import parts_in_force
from vang.base.refusals import Refusal
from vang.carriages.process import due
from vang.dispatch.keys import relay_key
from vang.dispatch.models import PlannedItem
from vang.dispatch.queries import orders
from vang.dispatch.services import publish_plan
from vang.evidence.models import AsRun
from vang.figures.models import AirDay
from vang.figures.services import recount_due
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.relays.models import Station
from vang.relays.services import add_source, add_station, end_station
from vang_protocol.acceptance import refused_items
from vang_protocol.plans import Audio, PlanItem, Priority, Resume

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data", "manual")]
MINUTES = timedelta(minutes=1)


@pytest.fixture
def evening(xa_a: Unit, binh: Person) -> Programme:
    return daily(xa_a, binh)


@pytest.fixture
def vov(xa_a: Unit, binh: Person, now: datetime) -> Station:
    station = add_station(unit=xa_a, name="VOV1", by=binh, now=now)
    add_source(
        station=station, kind="STREAM", address="https://radio.example.vn/vov1", by=binh, now=now
    )
    return station


@pytest.fixture
def device(xa_a: Unit, tech: Person, now: datetime) -> Device:
    return device_on(cluster_in(xa_a, tech, now), tech, now)


def relayed(evening: Programme, vov: Station | None, by: Person, now: datetime) -> ProgrammePart:
    return services.add_window(
        programme=evening, relay=vov, source="VOV1", lasts_s=600, before=True, by=by, now=now
    )


def test_every_day_has_its_relay_each_with_a_session_of_its_own(
    evening: Programme, vov: Station, device: Device, binh: Person, now: datetime
) -> None:
    relayed(evening, vov, binh, now)
    plan = publish_plan(evening.unit, now=now)
    relays = orders(plan).relays
    assert len(relays) >= 7
    first = relays[0]
    assert (first.title, first.start, first.duration_ms) == (
        "VOV1",
        now + 5 * 60 * MINUTES,
        600_000,
    )
    assert first.key == relay_key(evening.unit, now=now).public.public
    assert len({one.session for one in relays}) == len(relays)
    row = PlannedItem.objects.get(item=first.id)
    assert (row.relay, row.sound, row.edition, row.audio_sha256) == (vov, None, None, first.sha256)
    assert publish_plan(evening.unit, now=now + MINUTES).version == plan.version


def test_what_other_equipment_relays_is_none_of_ours(
    evening: Programme, device: Device, binh: Person, now: datetime
) -> None:
    relayed(evening, None, binh, now)
    publish_plan(evening.unit, now=now)
    assert orders(plan_of(evening.unit)).relays == ()
    assert not PlannedItem.objects.exists()


def test_outside_the_allowed_hours_it_is_not_even_planned(
    evening: Programme, vov: Station, device: Device, binh: Person, now: datetime
) -> None:
    """A commune once woke at 3:15 by a relay set wrong after a repair."""
    relayed(evening, vov, binh, now)
    publish_plan(evening.unit, now=now)
    ours = orders(plan_of(evening.unit))
    late = replace(ours.relays[0], start=now + 10 * 60 * MINUTES)  # 22:00
    assert set(refused_items(replace(ours, relays=(late,)))) == {late.id}


def test_it_is_due_a_little_before_and_until_it_is_over(
    evening: Programme, vov: Station, device: Device, binh: Person, now: datetime
) -> None:
    part = relayed(evening, vov, binh, now)
    publish_plan(evening.unit, now=now)
    start = now + 5 * 60 * MINUTES
    assert not due(start - MINUTES).exists()
    assert due(start - timedelta(seconds=15)).get().title == "VOV1"
    assert due(start + 5 * MINUTES).count() == 1
    services.remove_part(part=part, by=binh, now=now)
    publish_plan(evening.unit, now=now)
    assert not due(start).exists()


def test_what_sounded_is_counted_as_relayed(
    evening: Programme, vov: Station, device: Device, binh: Person, now: datetime
) -> None:
    relayed(evening, vov, binh, now)
    plan = publish_plan(evening.unit, now=now)
    relay = orders(plan).relays[0]
    sound = Audio(relay.sha256, 1, "opus", relay.duration_ms)
    device.play(
        PlanItem(
            relay.id, f"relay-{relay.session}", relay.title, relay.start, relay.duration_ms,
            Priority.NORMAL, sound, relay.clusters, relay.duration_ms, 0, Resume.DROP,
        ),
        plan=plan.version,
    )  # fmt: skip
    assert device.upload().status_code == 200
    row = AsRun.objects.get(planned__item=relay.id)
    assert (row.state, row.planned.relay) == ("DONE", vov)
    recount_due(now=relay.start + timedelta(hours=8))
    kinds = AirDay.objects.filter(relayed=True, sounded_ms__gt=0).values_list("category", flat=True)
    assert set(kinds) == {"RELAY"}


def test_a_station_that_ended_cannot_be_chosen(
    evening: Programme, vov: Station, binh: Person, now: datetime
) -> None:
    end_station(station=vov, by=binh, now=now)
    with pytest.raises(Refusal, match="không còn được tiếp âm"):
        relayed(evening, vov, binh, now)


def test_a_planned_item_is_one_thing(
    evening: Programme, vov: Station, device: Device, binh: Person, now: datetime, data: Path
) -> None:
    relayed(evening, vov, binh, now)
    publish_plan(evening.unit, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlannedItem.objects.update(relay=None)


def test_the_parts_in_force_name_the_station(
    evening: Programme, vov: Station, binh: Person, now: datetime
) -> None:
    relayed(evening, vov, binh, now)
    assert [part.relay for part in parts_in_force(evening, now)] == [vov]
