"""Offices that work in the system themselves, and that nobody gains a right by it."""

from datetime import date, datetime

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.conftest import BEGIN, person
from vang.base.refusals import Refusal
from vang.orgs.models import Organisation, Unit
from vang.orgs.queries import communes_below, territory
from vang.people.access import require, roles, workplaces
from vang.people.models import Membership, Person
from vang.people.offices import add_office, open_desk
from vang.people.queries import holders

TODAY = date(2026, 6, 10)
OFFICES = reverse("people:offices")


@pytest.fixture
def head(district: Unit) -> Person:
    return person("nga", "Đinh Thị Nga", district, "ADMINISTRATOR")


@pytest.fixture
def office(district: Unit, head: Person, now: datetime) -> Unit:
    made = add_office(
        unit=district, kind="PARTY_BODY", name="Ban Tuyên giáo Huyện ủy", by=head, now=now
    )
    assert made.desk is not None
    return made.desk


def entered(client: Client, someone: Person) -> Client:
    client.force_login(someone, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_an_office_is_called_by_its_own_name_and_speaks_to_its_unit(
    office: Unit, district: Unit, xa_a: Unit
) -> None:
    assert office.full_name == "Ban Tuyên giáo Huyện ủy"
    assert territory(office) == district
    assert territory(xa_a) == xa_a
    assert list(communes_below(district, TODAY)) == [xa_a]


def test_only_an_office_is_of_the_kind_office(district: Unit) -> None:
    for level, kind in (("OFFICE", "XA"), ("COMMUNE", "CO_QUAN")):
        with transaction.atomic(), pytest.raises(IntegrityError):
            Unit.objects.create(
                code="x", valid_from=BEGIN, level=level, kind=kind, name="x", parent=district
            )


def test_people_of_an_office_have_no_right_outside_it(
    office: Unit, district: Unit, xa_a: Unit, xa_b: Unit
) -> None:
    lam = person("lam", "Lâm", office, *Membership.Role.values)
    assert roles(lam, office, TODAY) == set(Membership.Role.values)
    for elsewhere in (district, xa_a, xa_b):
        assert roles(lam, elsewhere, TODAY) == frozenset()
    assert list(workplaces(lam, TODAY)) == [office]


@pytest.mark.parametrize("role", Membership.Role.values)
def test_from_above_an_office_is_administered_and_read_and_never_written_for(
    role: str, office: Unit, district: Unit, xa_a: Unit
) -> None:
    someone = person("x", "X", district, role)
    overseeing = role in {"ADMINISTRATOR", "READER"}
    assert roles(someone, office, TODAY) == ({role} if overseeing else frozenset())
    assert (office in workplaces(someone, TODAY)) is overseeing
    assert role in roles(someone, xa_a, TODAY)  # below a district as ever
    counted = holders(office, role, TODAY).filter(person=someone)
    assert counted.exists() is overseeing


def test_roles_of_a_commune_count_in_no_office(office: Unit, an: Person, binh: Person) -> None:
    for someone in (an, binh):
        assert roles(someone, office, TODAY) == frozenset()
        with pytest.raises(Http404):
            require(someone, "WRITER", office, TODAY)


def test_people_work_where_they_have_a_role_and_below(
    office: Unit, district: Unit, xa_a: Unit, xa_b: Unit, an: Person, dung: Person
) -> None:
    assert list(workplaces(an, TODAY)) == [xa_a]
    assert list(workplaces(dung, TODAY)) == [office, district, xa_b, xa_a]


def test_a_reader_begins_in_a_commune_and_a_writer_of_an_office_there(
    client: Client, office: Unit, xa_a: Unit, dung: Person, head: Person
) -> None:
    page = entered(client, dung).get("/account/").content.decode()
    assert f"</span> {xa_a.full_name}</span>" in page
    lam = person("lam", "Lâm", office, "WRITER")
    Membership.objects.create(person=lam, unit=xa_a, role="READER", valid_from=BEGIN)
    page = entered(Client(), lam).get("/account/").content.decode()
    assert f"</span> {office.full_name}</span>" in page


def test_the_unit_of_others_is_not_chosen(
    client: Client, office: Unit, district: Unit, an: Person
) -> None:
    entered(client, an)
    for unit in (office, district):
        assert client.post("/account/unit", {"unit": unit.pk}).status_code == 404


def test_only_an_administrator_adds_an_office_and_no_office_twice(
    district: Unit, office: Unit, head: Person, dung: Person, now: datetime
) -> None:
    for by, code in ((dung, "not-allowed"), (head, "office-known")):
        with pytest.raises(Refusal) as refused:
            add_office(
                unit=district, kind="OFFICE", name=" Ban Tuyên giáo  Huyện ủy", by=by, now=now
            )
        assert refused.value.code == code
    with pytest.raises(Refusal) as refused:
        add_office(unit=office, kind="OFFICE", name="Tổ tin", by=head, now=now)
    assert refused.value.code == "office-of-an-office"


def test_opening_a_desk_twice_opens_one(district: Unit, head: Person, now: datetime) -> None:
    office = Organisation.objects.create(
        unit=district, kind="STATION", name="Đài TT-TH huyện", valid_from=BEGIN
    )
    first = open_desk(office=office, by=head, now=now).desk
    assert open_desk(office=office, by=head, now=now).desk == first


# the page


def test_the_page_adds_an_office_and_leads_to_its_desk(
    client: Client, district: Unit, head: Person
) -> None:
    entered(client, head)
    added = client.post(OFFICES, {"name": "Hội Nông dân huyện", "kind": "MASS_ORGANISATION"})
    assert added.status_code == 302
    desk = Organisation.objects.get(name="Hội Nông dân huyện").desk
    assert desk is not None
    assert f'value="{desk.pk}"' in client.get(OFFICES).content.decode()
    again = client.post(OFFICES, {"name": "Hội Nông dân huyện", "kind": "MASS_ORGANISATION"})
    assert "đã có trong danh sách" in again.content.decode()


def test_the_page_is_for_administrators(
    client: Client, an: Person, district: Unit, quan: Person
) -> None:
    office = Organisation.objects.create(
        unit=district, kind="STATION", name="Đài TT-TH huyện", valid_from=BEGIN
    )
    desk = reverse("people:open-desk", args=[office.pk])
    assert client.get(OFFICES).status_code == 302
    assert client.post(desk).status_code == 302
    entered(client, an)
    assert client.get(OFFICES).status_code == 403
    assert client.put(OFFICES).status_code == 405
    assert client.get(desk).status_code == 405
    assert client.post(desk).status_code == 403
    entered(client, quan)
    assert client.post(desk).status_code == 404  # of the district, not of the commune


def test_a_stranger_finds_only_their_own_offices(client: Client, office: Unit, chi: Person) -> None:
    assert list(entered(client, chi).get(OFFICES).context["offices"]) == []


def test_the_budget_of_the_page(
    client: Client,
    office: Unit,
    head: Person,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    entered(client, head)
    client.post("/account/unit", {"unit": office.parent_id})
    with django_assert_max_num_queries(12):
        assert client.get(OFFICES).status_code == 200
