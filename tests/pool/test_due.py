"""What is due from beyond the unit: to be aired, changed at its origin, asked, to be read."""

from datetime import datetime, timedelta

from django.urls import reverse

from tests.desk.at_work import due
from tests.guidance.noting import issued
from tests.pool.sharing import STORM, approved, asked, offered, taken
from vang.guidance.services import mark_read
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.pool import services


def urls(someone: Person, unit: Unit, now: datetime, *roles: str) -> list[str]:
    return [task.url for task in due(someone, unit, now, *(roles or ("WRITER",)))]


def test_what_must_be_aired_waits_until_it_is_decided(
    station: Unit, xa_a: Unit, an: Person, ha: Person, lam: Person, now: datetime
) -> None:
    offer = offered(station, ha, lam, now, must_air=True, valid_to=now.date() + timedelta(days=3))
    offered(station, ha, lam, now)
    page = reverse("pool:offer", args=[offer.pk])
    found = [task for task in due(an, xa_a, now, "WRITER") if task.url == page]
    assert "hạn 13/06/2026" in found[0].text
    assert len(urls(an, xa_a, now)) == 1
    services.decline_offer(offer=offer, unit=xa_a, reason="Không hợp.", by=an, now=now)
    assert urls(an, xa_a, now) == []


def test_news_of_the_origin_comes_before_everything_else(
    station: Unit, xa_a: Unit, an: Person, binh: Person, ha: Person, lam: Person, now: datetime,
    later: datetime,
) -> None:  # fmt: skip
    offer = offered(station, ha, lam, now)
    taking = taken(offer, xa_a, an, now)
    services.withdraw_offer(offer=offer, reason="Số liệu sai.", by=ha, now=later)
    first = due(binh, xa_a, later, "APPROVER")[0]
    assert first.url == reverse("pool:news", args=[taking.pk])
    assert "Số liệu sai." in first.text


def test_an_order_grows_urgent_when_it_is_overdue(
    station: Unit, xa_a: Unit, an: Person, ha: Person, now: datetime
) -> None:
    order = asked(station, xa_a, ha, now)
    page = reverse("pool:order", args=[order.pk])
    (before,) = due(an, xa_a, now, "WRITER")
    (after,) = due(an, xa_a, now + timedelta(days=4), "WRITER")
    assert before.url == after.url == page
    assert (before.tone, after.tone) == ("wait", "bad")
    assert after.harm < before.harm


def test_guidance_waits_for_each_reader_until_it_is_read(
    station: Unit, xa_a: Unit, an: Person, binh: Person, ha: Person, lam: Person, now: datetime
) -> None:
    note = issued(station, ha, lam, now)
    assert urls(an, xa_a, now) == [reverse("guidance:note", args=[note.pk])]
    mark_read(guidance=note, unit=xa_a, by=an, now=now)
    assert urls(an, xa_a, now) == []
    assert len(urls(binh, xa_a, now, "APPROVER")) == 1


def test_an_office_is_led_to_offer_what_is_approved_and_a_commune_is_not(
    station: Unit, xa_a: Unit, an: Person, binh: Person, ha: Person, lam: Person, now: datetime
) -> None:
    own = approved(station, ha, lam, now)
    assert urls(ha, station, now) == [reverse("pool:new", args=[own.pk])]
    approved(xa_a, an, binh, now, STORM)
    assert not any(url.startswith("/pool/") for url in urls(an, xa_a, now))


def test_nobody_else_is_bothered(
    station: Unit, xa_a: Unit, tech: Person, ha: Person, lam: Person, now: datetime
) -> None:
    offered(station, ha, lam, now, must_air=True)
    assert not any(url.startswith("/pool/") for url in urls(tech, xa_a, now, "TECHNICIAN"))
