"""Who may do what where and when."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client

from tests.conftest import BEGIN
from vang.orgs.models import Unit
from vang.people.access import may, readable_unit, require, roles, visible_communes
from vang.people.models import Membership, Person

TODAY = date(2026, 6, 10)


def test_a_role_holds_at_its_unit_and_below_it(
    district: Unit, xa_a: Unit, xa_b: Unit, an: Person, dung: Person
) -> None:
    assert roles(an, xa_a, TODAY) == {"WRITER"}
    assert roles(an, xa_b, TODAY) == frozenset()
    assert roles(an, district, TODAY) == frozenset()
    village = Unit.objects.get(code="20662.01")
    assert roles(an, village, TODAY) == {"WRITER"}
    assert roles(dung, xa_a, TODAY) == roles(dung, xa_b, TODAY) == {"READER"}


def test_a_leader_has_the_approvers_role_too(xa_a: Unit, hanh: Person) -> None:
    assert roles(hanh, xa_a, TODAY) == {"LEADER", "APPROVER"}
    require(hanh, "APPROVER", xa_a, TODAY)


def test_a_role_begins_and_ends_with_its_days(xa_a: Unit, an: Person) -> None:
    Membership.objects.create(
        person=an,
        unit=xa_a,
        role="APPROVER",
        valid_from=date(2026, 1, 1),
        valid_to=date(2026, 6, 10),
    )
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 9), date(2026, 6, 10)]
    assert [may(an, "APPROVER", xa_a, day) for day in days] == [False, True, True, False]


def test_a_closed_account_has_no_roles(xa_a: Unit, an: Person) -> None:
    assert roles(an, xa_a, TODAY)
    an.is_active = False
    assert not roles(an, xa_a, TODAY)


def test_one_of_several_roles_is_enough(xa_a: Unit, an: Person) -> None:
    assert may(an, {"APPROVER", "WRITER"}, xa_a, TODAY)
    assert not may(an, {"APPROVER", "TECHNICIAN"}, xa_a, TODAY)


def test_a_stranger_finds_nothing_a_colleague_is_told_no(
    xa_a: Unit, an: Person, chi: Person
) -> None:
    with pytest.raises(Http404):
        require(chi, "WRITER", xa_a, TODAY)
    with pytest.raises(PermissionDenied):
        require(an, "APPROVER", xa_a, TODAY)
    require(an, "WRITER", xa_a, TODAY)


def test_chi_of_another_commune_sees_nothing(xa_a: Unit, xa_b: Unit, chi: Person) -> None:
    assert not readable_unit(chi, xa_a, TODAY)
    assert list(visible_communes(chi, TODAY)) == [xa_b]


def test_the_districts_reader_sees_its_communes(
    xa_a: Unit, xa_b: Unit, dung: Person, an: Person
) -> None:
    assert list(visible_communes(dung, TODAY)) == [xa_b, xa_a]  # by name: Phong, Thuận
    assert list(visible_communes(an, TODAY)) == [xa_a]


def test_a_commune_that_is_no_more_is_not_among_them(xa_a: Unit, xa_b: Unit, dung: Person) -> None:
    Unit.objects.filter(pk=xa_b.pk).update(valid_to=date(2025, 7, 1))
    assert list(visible_communes(dung, TODAY)) == [xa_a]
    assert list(visible_communes(dung, date(2025, 6, 30))) == [xa_b, xa_a]


def test_several_roles_above_do_not_double_a_commune(
    district: Unit, xa_a: Unit, dung: Person
) -> None:
    Membership.objects.create(person=dung, unit=xa_a, role="READER", valid_from=BEGIN)
    Membership.objects.create(person=dung, unit=district, role="WRITER", valid_from=BEGIN)
    assert [unit.pk for unit in visible_communes(dung, TODAY)].count(xa_a.pk) == 1


def choose(client: Client, unit: Unit) -> int:
    return client.post("/account/unit", {"unit": unit.pk}).status_code


def test_the_reader_changes_communes(client: Client, xa_a: Unit, xa_b: Unit, dung: Person) -> None:
    client.force_login(dung, backend="django.contrib.auth.backends.ModelBackend")
    for unit in (xa_a, xa_b):
        assert choose(client, unit) == 302
        page = client.get("/account/").content.decode()
        assert f"</span> {unit.full_name}</span>" in page


def test_nobody_chooses_a_commune_of_others(client: Client, xa_a: Unit, chi: Person) -> None:
    client.force_login(chi, backend="django.contrib.auth.backends.ModelBackend")
    assert choose(client, xa_a) == 404
    assert client.post("/account/unit", {"unit": "không"}).status_code == 404
    assert client.get("/account/unit").status_code == 405
