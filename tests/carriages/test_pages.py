"""What was relayed: the page works, the wrong method, signed out, a stranger, its budget."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.carriages.test_planned import device, evening, relayed, vov
from tests.conftest import SignedIn
from tests.dispatch.radio import Device
from vang.airtime.models import Programme
from vang.carriages.models import Carriage
from vang.dispatch.models import PlannedItem
from vang.dispatch.services import publish_plan
from vang.people.models import Person
from vang.relays.models import Station

__all__ = ["device", "evening", "vov"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data", "manual")]


@pytest.fixture
def carriage(
    evening: Programme, vov: Station, device: Device, binh: Person, now: datetime
) -> Carriage:
    relayed(evening, vov, binh, now)
    publish_plan(evening.unit, now=now)
    item = PlannedItem.objects.order_by("start").first()
    assert item is not None
    return Carriage.objects.create(
        planned=item,
        began_at=item.start,
        ended_at=item.start + timedelta(minutes=10),
        carried_ms=480_000,
        changes=[
            [item.start.isoformat(), "https://a.vn/live", "begun"],
            [item.start.isoformat(), None, "silent"],
        ],
    )


def address() -> str:
    return reverse("carriages:carried")


def test_it_tells_how_long_from_where_and_why_it_changed(
    carriage: Carriage, an: Person, signed_in: SignedIn
) -> None:
    page = signed_in(an).get(address()).content.decode()
    for words in ("VOV1", "https://a.vn/live", "im lặng", "0 / 1"):
        assert words in page
    Carriage.objects.update(problem="no-source", changes=[])
    assert "Đài chưa có nguồn" in signed_in(an).get(address()).content.decode()


def test_before_anything_was_relayed_it_teaches(an: Person, signed_in: SignedIn) -> None:
    assert "Chưa tiếp âm lần nào" in signed_in(an).get(address()).content.decode()


def test_wrong_method_signed_out_stranger_and_budget(
    carriage: Carriage,
    an: Person,
    chi: Person,
    client: Client,
    signed_in: SignedIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    assert signed_in(an).post(address()).status_code == 405
    assert client.get(address()).status_code == 302
    assert "VOV1" not in signed_in(chi).get(address()).content.decode()
    staff = signed_in(an)
    with django_assert_max_num_queries(12):
        staff.get(address())


def test_it_cannot_end_before_it_began(carriage: Carriage) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Carriage.objects.update(ended_at=carriage.began_at - timedelta(seconds=1))


def test_a_programme_and_a_day_tell_who_carries_a_relay(
    evening: Programme,
    vov: Station,
    device: Device,
    binh: Person,
    now: datetime,
    signed_in: SignedIn,
) -> None:
    relayed(evening, None, binh, now)
    client = signed_in(binh)
    pages = [reverse("airtime:rundown", args=[evening.pk]), reverse("airtime:day")]

    def told() -> list[int]:
        return [client.get(page).content.decode().count("loa tự tiếp âm") for page in pages]

    before = told()
    relayed(evening, vov, binh, now)
    assert told() == [before[0] + 1, before[1] + 1]
