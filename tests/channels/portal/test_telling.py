"""What the administrator tells about the unit."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.conftest import SignedIn
from vang.base.refusals import Refusal
from vang.channels.portal.addresses import site_url
from vang.channels.portal.models import Profile, Section, Site
from vang.channels.portal.telling import move_section, save_profile, save_section
from vang.orgs.models import Unit
from vang.people.models import Person

PAGE = "portal-settings:profile"


def said(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined,no-any-return]


def test_the_page_is_the_administrators(
    xa_a: Unit,
    an: Person,
    quan: Person,
    signed_in: SignedIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    page = reverse(PAGE)
    assert Client().get(page).status_code == 302
    assert signed_in(an).get(page).status_code == 403
    assert signed_in(an).post(page, {"phone": "1"}).status_code == 403
    browser = signed_in(quan)
    with django_assert_max_num_queries(12):
        assert "Nghị định 42/2022" in said(browser.get(page))
    assert browser.put(page).status_code == 405
    posted = {"phone": "0235 3886 123", "responsible_email": "khong phai thu"}
    assert browser.post(page, posted).status_code == 200
    assert not Profile.objects.exists()
    assert browser.post(page, {"phone": "0235 3886 123"}).status_code == 302
    assert Profile.objects.get(unit=xa_a).phone == "0235 3886 123"
    assert Site.objects.get(unit=xa_a).due_at is not None


def test_parts_are_added_changed_moved_and_taken_away(
    xa_a: Unit, quan: Person, chi: Person, signed_in: SignedIn
) -> None:
    browser = signed_in(quan)
    new = reverse("portal-settings:new-section")
    assert browser.post(new, {"name": ""}).status_code == 200
    for name in ("Văn phòng", "Phòng Kinh tế"):
        assert browser.post(new, {"name": name}).status_code == 302
    first, second = Section.objects.filter(unit=xa_a)
    address = reverse("portal-settings:section", args=[first.pk])
    for stranger in (address, reverse("portal-settings:remove-section", args=[first.pk])):
        assert signed_in(chi).post(stranger, {"name": "x"}).status_code == 404
    assert browser.post(address, {"name": "Văn phòng UBND", "phone": "1"}).status_code == 302
    move = reverse("portal-settings:move-section", args=[second.pk])
    assert browser.get(move).status_code == 405
    assert browser.post(move, {"up": "1"}).status_code == 302
    names = list(Section.objects.filter(unit=xa_a).values_list("name", flat=True))
    assert names == ["Phòng Kinh tế", "Văn phòng UBND"]
    remove = reverse("portal-settings:remove-section", args=[second.pk])
    assert browser.post(remove).status_code == 302
    assert Section.objects.get().name == "Văn phòng UBND"


def test_moving_beyond_the_end_changes_nothing(xa_a: Unit, quan: Person, now: datetime) -> None:
    made = [
        save_section(unit=xa_a, section=None, fields={"name": name}, by=quan, now=now)
        for name in ("a", "b")
    ]
    move_section(section=made[0], up=True, by=quan, now=now)
    move_section(section=made[1], up=False, by=quan, now=now)
    assert [one.name for one in Section.objects.filter(unit=xa_a)] == ["a", "b"]


def test_the_services_refuse_others_and_odd_addresses(
    xa_a: Unit, an: Person, quan: Person, now: datetime
) -> None:
    with pytest.raises(Refusal) as refused:
        save_profile(unit=xa_a, fields={"phone": "1"}, by=an, now=now)
    assert refused.value.code == "not-allowed"
    with pytest.raises(Refusal) as refused:
        save_profile(unit=xa_a, fields={"site_address": "javascript:alert(1)"}, by=quan, now=now)
    assert refused.value.code == "bad-address"
    save_profile(unit=xa_a, fields={"site_address": "https://a.vn/tin"}, by=quan, now=now)
    assert site_url(xa_a) == "https://a.vn/tin/"
