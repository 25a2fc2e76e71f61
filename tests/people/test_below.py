"""The district looks over the people of its communes."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.conftest import BEGIN, person
from tests.people.entering import entered
from vang.base.text import fold
from vang.orgs.models import Unit
from vang.people.models import Membership, Person

PAGE = "/account/people/below"


@pytest.fixture
def everybody(an: Person, binh: Person, chi: Person, dung: Person) -> list[Person]:
    for one in (an, binh, chi, dung):
        one.search_key = fold(one.full_name)
        one.save()
    return [an, binh, chi, dung]


def at_the_district(client: Client, _district: Unit, dung: Person) -> Client:
    """Whatever commune Dũng looks at just now."""
    return entered(client, dung)


def names(client: Client, query: str = "") -> list[str]:
    return [someone.full_name for someone, _held in client.get(PAGE + query).context["rows"]]


def test_everybody_below_with_unit_and_roles(
    client: Client, district: Unit, everybody: list[Person], dung: Person
) -> None:
    at_the_district(client, district, dung)
    assert names(client) == ["Lê Thị Chi", "Nguyễn Văn An", "Phạm Dũng", "Trần Thị Bình"]
    page = client.get(PAGE).content.decode()
    assert "Xã Quế Phong" in page
    assert "Xã Quế Thuận" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?text=tran+binh", ["Trần Thị Bình"]),
        ("?text=bình", ["Trần Thị Bình"]),
        ("?text=chi", ["Lê Thị Chi"]),
        ("?text=dung", ["Phạm Dũng"]),
        ("?role=APPROVER", ["Lê Thị Chi", "Trần Thị Bình"]),
        ("?role=APPROVER&text=chi", ["Lê Thị Chi"]),
        ("?text=khong+co", []),
        ("?role=KING", ["Lê Thị Chi", "Nguyễn Văn An", "Phạm Dũng", "Trần Thị Bình"]),
    ],
)
def test_found_by_name_without_marks_and_by_role(
    client: Client,
    district: Unit,
    everybody: list[Person],
    dung: Person,
    query: str,
    found: list[str],
) -> None:
    assert names(at_the_district(client, district, dung), query) == found


def test_whoever_left_is_not_there(
    client: Client, district: Unit, everybody: list[Person], an: Person, dung: Person
) -> None:
    Membership.objects.filter(person=an).update(valid_to=BEGIN.replace(year=2020))
    assert "Nguyễn Văn An" not in names(at_the_district(client, district, dung))


def test_a_commune_looks_no_further_than_itself(
    client: Client, everybody: list[Person], quan: Person, an: Person
) -> None:
    assert entered(client, an).get(PAGE).status_code == 403
    assert "Lê Thị Chi" not in names(entered(client, quan))
    assert Client().get(PAGE).status_code == 302


def test_fifty_a_page_within_the_budget(
    client: Client,
    district: Unit,
    xa_a: Unit,
    dung: Person,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(55):
        person(f"p{number}", f"Người {number:02}", xa_a, "WRITER", "TECHNICIAN")
    at_the_district(client, district, dung)
    with django_assert_max_num_queries(12):
        assert len(names(client)) == 50
    assert len(names(client, "?page=2")) == 6
