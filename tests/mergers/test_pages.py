"""The pages of administrative units through time."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.conftest import SignedIn
from vang.mergers.models import BroughtList
from vang.orgs.models import Unit, UnitChange
from vang.people.models import Membership, Person

DAY = "2030-07-01"
HEAD = "Mã,Tên,Mã cấp trên\n"


@pytest.fixture
def chief(dung: Person, district: Unit) -> Person:
    """Dũng, who also administers the district."""
    Membership.objects.create(
        person=dung, unit=district, role="ADMINISTRATOR", valid_from=date(2017, 1, 1)
    )
    return dung


@pytest.fixture
def office(chief: Person, signed_in: SignedIn, xa_a: Unit, xa_b: Unit) -> Client:
    return signed_in(chief)


def merger(client: Client, xa_a: Unit, xa_b: Unit, **more: Any) -> Any:
    fields = {
        "before": [xa_a.pk, xa_b.pk],
        "code": "20662",
        "effective_on": DAY,
        "legal_basis": "Nghị quyết số 1659/NQ-UBTVQH15",
        **more,
    }
    return client.post(reverse("mergers:new"), fields)


def test_a_merger_is_announced_by_the_code_alone(office: Client, xa_a: Unit, xa_b: Unit) -> None:
    answer = merger(office, xa_a, xa_b)
    change = UnitChange.objects.get()
    assert answer.url == reverse("mergers:change", args=[change.pk])
    page = office.get(answer.url).content.decode()
    assert "Xã Quế Sơn Trung" in page  # from the national list
    assert "01/07/2030" in page
    listed = office.get(reverse("mergers:list")).content.decode()
    assert answer.url in listed


def test_until_its_day_it_can_be_taken_back(office: Client, xa_a: Unit, xa_b: Unit) -> None:
    address = merger(office, xa_a, xa_b).url
    office.post(f"{address}/cancel")
    assert UnitChange.objects.get().cancelled_at is not None
    assert Unit.objects.get(pk=xa_a.pk).valid_to is None
    assert "Đã hủy" in office.get(address).content.decode()


def test_a_division_by_households(office: Client, xa_a: Unit, xa_b: Unit) -> None:
    answer = office.post(
        reverse("mergers:new") + "?kind=SPLIT",
        {
            "before": xa_a.pk,
            "1_code": "20662", "1_kind": "XA", "1_name": "Quế Thuận", "1_weight": 400,
            "2_into": xa_b.pk, "2_weight": 200,
            "effective_on": DAY, "legal_basis": "Nghị quyết",
        },
    )  # fmt: skip
    steps = UnitChange.objects.get().successions.all()
    assert {(one.successor.name, str(one.share)) for one in steps} == {
        ("Quế Thuận", "2/3"),
        ("Quế Phong", "1/3"),
    }
    assert answer.status_code == 302


def test_a_commune_comes_under_another_unit(office: Client, xa_a: Unit) -> None:
    city = Unit.objects.create(
        code="48", valid_from=date(2017, 1, 1), level="PROVINCE", kind="THANH_PHO", name="Đà Nẵng"
    )
    told = {"before": xa_a.pk, "parent": city.pk, "effective_on": DAY, "legal_basis": "NQ"}
    office.post(reverse("mergers:new") + "?kind=REPARENT", told)
    after = UnitChange.objects.get().successions.get(follows=False).successor
    assert (after.code, after.name, after.parent) == (xa_a.code, xa_a.name, city)


@pytest.mark.parametrize("kind", UnitChange.Kind.values)
def test_every_kind_has_its_page(office: Client, kind: str) -> None:
    assert office.get(reverse("mergers:new"), {"kind": kind}).status_code == 200


def test_what_is_missing_is_said(office: Client, xa_a: Unit, xa_b: Unit) -> None:
    assert merger(office, xa_a, xa_b, code="", name="").status_code == 422
    assert merger(office, xa_a, xa_b, legal_basis="").status_code == 422
    assert merger(office, xa_a, xa_b, before=[999]).status_code == 422
    wrong = merger(office, xa_a, xa_b, code="20683", effective_on="2017-01-01")
    assert wrong.status_code == 422
    assert office.get(reverse("mergers:new"), {"kind": "NONE"}).status_code == 404
    assert not UnitChange.objects.exists()


def test_who_administers_only_one_of_them_cannot_merge_both(
    signed_in: SignedIn, quan: Person, xa_a: Unit, xa_b: Unit
) -> None:
    assert merger(signed_in(quan), xa_a, xa_b).status_code == 422
    assert not UnitChange.objects.exists()


def test_strangers_and_those_who_do_not_administer(
    office: Client, client: Client, signed_in: SignedIn, an: Person, chi: Person, xa_a: Unit
) -> None:
    office.post(
        reverse("mergers:new") + "?kind=RENAME",
        {"before": xa_a.pk, "name": "Thuận", "effective_on": DAY, "legal_basis": "NQ"},
    )
    address = reverse("mergers:change", args=[UnitChange.objects.get().pk])
    writer = signed_in(an)
    assert writer.get(address).status_code == 200
    assert writer.get(reverse("mergers:new")).status_code == 403
    assert writer.get(reverse("mergers:bring")).status_code == 403
    writer.post(f"{address}/cancel")
    assert UnitChange.objects.get().cancelled_at is None
    stranger = signed_in(chi)
    assert stranger.get(address).status_code == 404
    assert stranger.post(f"{address}/cancel").status_code == 404
    assert stranger.post(f"{address}/decide").status_code == 404
    for page in (reverse("mergers:list"), address, reverse("mergers:new")):
        assert Client().get(page).status_code == 302
        assert writer.put(page).status_code == 405


def file(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("xa.csv", (HEAD + text).encode())


def bring(client: Client, **more: Any) -> Any:
    fields = {"effective_on": "2026-06-10", "legal_basis": "Quyết định 19/2025/QĐ-TTg", **more}
    return client.post(reverse("mergers:bring"), fields)


def test_a_list_is_previewed_and_then_taken_over(office: Client, xa_a: Unit) -> None:
    answer = bring(office, table=file("20699,Xã Quế Tân,509\n20700,Xã Lạ,777\n"))
    page = office.get(answer.url).content.decode()
    assert "Xã Quế Tân" in page
    assert "Xã Lạ" in page
    assert not Unit.objects.filter(code="20699")
    done: Any = office.post(f"{answer.url}/confirm")
    assert done.url == reverse("mergers:list")
    assert Unit.objects.filter(code="20699").exists()
    assert office.get(answer.url).status_code == 404


def test_a_list_of_somebody_else(office: Client, signed_in: SignedIn, chi: Person) -> None:
    address = bring(office, table=file("20699,Xã Quế Tân,509\n")).url
    stranger = signed_in(chi)
    assert stranger.get(address).status_code == 404
    assert stranger.post(f"{address}/confirm").status_code == 404


def test_files_that_cannot_be_read(office: Client) -> None:
    assert bring(office).status_code == 422
    assert bring(office, table=SimpleUploadedFile("x.xls", b"\xd0\xcf\x11\xe0")).status_code == 422
    large = SimpleUploadedFile("x.csv", b"a" * 8_000_001)
    answer = bring(office, table=large)
    assert answer.status_code == 422
    assert "8 MB" in answer.content.decode()
    assert bring(office, national="on").status_code == 422  # a district has no part of its own
    assert not BroughtList.objects.exists()


def test_pages_ask_little(
    office: Client, xa_a: Unit, xa_b: Unit, django_assert_max_num_queries: Any
) -> None:
    address = merger(office, xa_a, xa_b).url
    listed = bring(office, table=file("20699,Xã Quế Tân,509\n")).url
    for page in (reverse("mergers:list"), reverse("mergers:new"), listed):
        with django_assert_max_num_queries(12):
            office.get(page)
    with django_assert_max_num_queries(22):  # eleven kinds of things, each asked about once
        office.get(address)
