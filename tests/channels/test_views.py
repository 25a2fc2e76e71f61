"""Each page: it works, the wrong method, signed out, a stranger, and its budget of queries."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.channels.releasing import WRONG, corrected, correcting, released, row
from tests.conftest import SignedIn
from vang.bulletins.models import Bulletin, Delivery, Edition
from vang.channels.models import ChannelChoice
from vang.channels.working import work_off
from vang.orgs.models import Unit
from vang.people.models import Person


@pytest.fixture
def edition(xa_a: Unit, an: Person, binh: Person, now: datetime) -> Edition:
    return released(xa_a, an, binh, now)


def url(name: str, *args: object) -> str:
    return reverse(f"channels:{name}", args=args)


def said(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined,no-any-return]


def failing(edition: Edition, now: datetime) -> Delivery:
    work_off(now=now)
    Delivery.objects.filter(edition=edition, channel="portal").update(
        state="FAILED", detail="Ổ đĩa đã đầy.", attempts=1
    )
    return row(edition, "portal")


def test_the_list_shows_each_edition_with_its_channels(
    edition: Edition, an: Person, chi: Person, now: datetime, signed_in: SignedIn
) -> None:
    failing(edition, now)
    page = said(signed_in(an).get(url("list")))
    assert edition.title in page
    assert "Trang công khai" in page
    assert "Bị hỏng (1)" in page
    assert edition.title in said(signed_in(an).get(url("list") + "?failed"))
    assert edition.title not in said(signed_in(chi).get(url("list")))


def test_the_list_costs_the_same_for_one_and_for_many(
    xa_a: Unit,
    an: Person,
    binh: Person,
    now: datetime,
    signed_in: SignedIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(8):
        released(xa_a, an, binh, now, title=f"Tin {number}")
    browser = signed_in(an)
    with django_assert_max_num_queries(12):
        assert "Tin 7" in said(browser.get(url("list")))


def test_the_page_of_a_bulletin_tells_everything(
    edition: Edition,
    an: Person,
    binh: Person,
    now: datetime,
    later: datetime,
    signed_in: SignedIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    failing(edition, now)
    correction = corrected(edition, an, binh, later)
    browser = signed_in(an)
    with django_assert_max_num_queries(22):
        page = said(browser.get(url("bulletin", edition.bulletin_id)))
    assert WRONG in page
    assert "Ổ đĩa đã đầy." in page
    assert "Chưa được xếp giờ phát." in page
    assert "Đính chính" in page
    assert reverse("channels:retry", args=[row(edition, "portal").pk]) in page
    assert correction.corrects == edition


def test_only_who_may_choose_the_time_is_led_to_choosing_it(
    edition: Edition, an: Person, tech: Person, signed_in: SignedIn
) -> None:
    address, choosing = (
        url("bulletin", edition.bulletin_id),
        reverse("airtime:place", args=[edition.bulletin_id]),
    )
    assert choosing in said(signed_in(an).get(address))
    page = said(signed_in(tech).get(address))
    assert "Chưa được xếp giờ phát." in page
    assert choosing not in page


def test_retry_is_for_staff_of_the_unit_and_only_posted(
    edition: Edition, an: Person, chi: Person, dung: Person, now: datetime, signed_in: SignedIn
) -> None:
    address = url("retry", failing(edition, now).pk)
    assert Client().post(address).status_code == 302
    assert signed_in(chi).post(address).status_code == 404
    assert signed_in(an).get(address).status_code == 405
    answer = signed_in(dung).post(address, follow=True)
    assert "Chỉ cán bộ của xã" in said(answer)
    assert row(edition, "portal").state == "FAILED"
    assert "Đang làm lại." in said(signed_in(an).post(address, follow=True))
    assert row(edition, "portal").state == "QUEUED"


def test_a_correction_is_released_from_its_page(
    edition: Edition, an: Person, binh: Person, chi: Person, now: datetime, signed_in: SignedIn
) -> None:
    bulletin = correcting(edition, an, binh, now)
    address = url("release", bulletin.pk)
    assert signed_in(chi).get(address).status_code == 404
    assert signed_in(chi).post(address).status_code == 404
    assert Client().get(address).status_code == 302
    page = said(signed_in(binh).get(address))
    assert WRONG in page
    assert "Phát hành đính chính" in page
    assert "Đã phát hành" in said(signed_in(binh).post(address, follow=True))
    assert Edition.objects.get(corrects=edition)
    again = signed_in(binh).post(address)
    assert again.status_code == 409


def test_release_without_loudspeakers(
    xa_a: Unit, an: Person, binh: Person, now: datetime, signed_in: SignedIn
) -> None:
    edition = released(xa_a, an, binh, now)
    bulletin = edition.bulletin
    page = said(signed_in(an).get(url("release", bulletin.pk)))
    assert "Chỉ phát hành được bản tin đã duyệt" in page
    assert Bulletin.objects.get().state == Bulletin.State.RELEASED


def test_the_administrator_turns_channels_on_and_off(
    xa_a: Unit, an: Person, quan: Person, chi: Person, signed_in: SignedIn
) -> None:
    address = url("settings")
    assert Client().get(address).status_code == 302
    assert "Lưu" not in said(signed_in(an).get(address)).split("<main")[1]
    assert signed_in(an).post(address, {"portal": "on"}).status_code == 403
    wanted = {"speaker": "on", "portal": "on"}
    assert signed_in(quan).post(address, {**wanted, "portal": ""}).status_code == 302
    assert ChannelChoice.objects.get(channel="portal").on is False
    assert ChannelChoice.objects.get(channel="portal").unit == xa_a
    assert signed_in(quan).post(address, wanted).status_code == 302
    assert ChannelChoice.objects.get(channel="portal").on is True


@pytest.mark.parametrize("name", ["list", "settings"])
def test_pages_of_a_unit_need_a_signed_in_person(name: str, xa_a: Unit, an: Person) -> None:
    assert Client().get(url(name)).status_code == 302
    assert Client().put(url(name)).status_code == 405
