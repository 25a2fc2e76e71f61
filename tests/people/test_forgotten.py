"""A forgotten password, and an address to confirm: links in letters that open once."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.letters.post_office import PostOffice
from tests.people.entering import (
    PASSWORD,
    entered,
    link_in_letter,
    proved,
    sign_in,
    signed_in,
    with_app,
)
from vang.base import clock
from vang.base.clock import ManualClock, SystemClock
from vang.journal.models import Entry
from vang.letters.models import Letter
from vang.people.jobs import ask_for_new_password
from vang.people.models import OneTimeLink, Person

NEW = {"password": "mot-cau-dai-hon", "again": "mot-cau-dai-hon"}
FORGOTTEN = "/account/forgotten"


@pytest.fixture(autouse=True)
def hand() -> Iterator[ManualClock]:
    manual = ManualClock(timezone.now())
    clock.use_clock(manual)
    yield manual
    clock.use_clock(SystemClock())


@pytest.fixture
def an(an: Person) -> Person:
    an.email = "an@xa.example.vn"
    an.save()
    return an


def asked(given: str, hand: ManualClock, office: PostOffice) -> str:
    """Asked on the page, looked up by the worker; the letter's link."""
    assert Client().post(FORGOTTEN, {"given": given}).status_code == 200
    ask_for_new_password.call(given)
    return link_in_letter(office, hand.now())


@pytest.mark.parametrize("given", ["an", "AN", "an@xa.example.vn", "An@Xa.example.vn"])
def test_by_name_or_address_comes_a_link_to_a_new_password(
    given: str, an: Person, post_office: PostOffice, hand: ManualClock
) -> None:
    link = asked(given, hand, post_office)
    guest = Client()
    assert "tài khoản an" in guest.get(link).content.decode()
    assert guest.post(link, NEW)["Location"] == "/account/sign-in"
    assert not signed_in(guest)
    assert sign_in(Client(), "an", "mot-cau-dai-hon") == "/"
    assert sign_in(Client(), "an", PASSWORD) == ""


def test_the_answer_is_the_same_whoever_is_named(
    an: Person, binh: Person, post_office: PostOffice
) -> None:
    pages = []
    for given in ("an", "binh", "nobody", "nobody@xa.vn"):
        page = Client().post(FORGOTTEN, {"given": given}).content.decode()
        pages.append(page.partition("<h1>")[2].partition("</main>")[0])
        ask_for_new_password.call(given)
    assert len(set(pages)) == 1
    assert Letter.objects.count() == 1  # Bình has no address


def test_it_opens_once_within_an_hour_and_lies_nowhere(
    an: Person, post_office: PostOffice, hand: ManualClock
) -> None:
    link = asked("an", hand, post_office)
    token = link.rpartition("/")[2]
    assert token not in str(OneTimeLink.objects.values().get())
    assert token not in str(list(Letter.objects.values()))
    assert [Client().get(link).status_code for _look in range(2)] == [200, 200]
    assert Client().post(link, NEW).status_code == 302
    assert Client().get(link).status_code == 410
    assert Client().post(link, NEW).status_code == 410


def test_after_an_hour_or_another_letter_it_opens_nothing(
    an: Person, post_office: PostOffice, hand: ManualClock
) -> None:
    first = asked("an", hand, post_office)
    second = asked("an", hand, post_office)
    assert Client().get(first).status_code == 410
    hand.set(hand.now() + timedelta(minutes=59))
    assert Client().get(second).status_code == 200
    hand.set(hand.now() + timedelta(minutes=1))
    assert Client().post(second, NEW).status_code == 410


def test_a_weak_one_is_refused_and_the_link_stays(
    an: Person, post_office: PostOffice, hand: ManualClock
) -> None:
    link = asked("an", hand, post_office)
    weak = {"password": "ngan", "again": "ngan"}
    assert Client().post(link, weak).status_code == 200
    assert Client().post(link, NEW).status_code == 302


def test_every_session_ends_and_a_second_proof_is_still_asked_for(
    an: Person, post_office: PostOffice, hand: ManualClock
) -> None:
    working = Client()
    sign_in(working, "an")
    with_app(working)
    Client().post(asked("an", hand, post_office), NEW)
    assert working.get("/account/").status_code == 302
    assert sign_in(Client(), "an", "mot-cau-dai-hon") == "/account/proof"
    assert Entry.objects.filter(action="person.reset-own-password", by=an).exists()


def test_a_locked_account_opens_with_the_new_password(
    an: Person, post_office: PostOffice, hand: ManualClock
) -> None:
    client = Client()
    for _attempt in range(5):
        sign_in(client, "an", "sai")
    assert (
        client.post("/account/sign-in", {"username": "an", "password": PASSWORD}).status_code == 429
    )
    Client().post(asked("an", hand, post_office), NEW)
    assert sign_in(client, "an", "mot-cau-dai-hon") == "/"


def test_at_most_three_letters_an_hour(
    an: Person, post_office: PostOffice, hand: ManualClock
) -> None:
    for _ask in range(6):
        ask_for_new_password.call("an")
    assert Letter.objects.count() == 3
    hand.set(hand.now() + timedelta(hours=1))
    ask_for_new_password.call("an")
    assert Letter.objects.count() == 4


def test_asking_again_and_again_from_one_place_is_stopped(
    an: Person, post_office: PostOffice
) -> None:
    client = Client()
    codes = [client.post(FORGOTTEN, {"given": f"x{n}"}).status_code for n in range(6)]
    assert codes == [200] * 5 + [429]
    assert Client(REMOTE_ADDR="10.1.2.3").post(FORGOTTEN, {"given": "x"}).status_code == 200


def test_a_closed_account_gets_none(an: Person, post_office: PostOffice, hand: ManualClock) -> None:
    link = asked("an", hand, post_office)
    Person.objects.filter(pk=an.pk).update(is_active=False)
    assert Client().post(link, NEW).status_code == 410
    ask_for_new_password.call("an")
    assert Letter.objects.count() == 1


def test_another_password_meanwhile_voids_the_link(
    an: Person, post_office: PostOffice, hand: ManualClock
) -> None:
    link = asked("an", hand, post_office)
    fields = {
        "old_password": PASSWORD,
        "new_password1": "cau-khac-han",
        "new_password2": "cau-khac-han",
    }
    entered(Client(), an).post("/account/", fields)
    assert Client().get(link).status_code == 410


def test_without_a_mail_server_the_page_leads_to_the_administrator(an: Person) -> None:
    page = Client().get(FORGOTTEN).content.decode()
    assert "Quản trị của đơn vị sẽ cấp mật khẩu mới ngay." in page
    assert "<form" not in page.partition("gate-main")[2].partition("</main>")[0]
    Client().post(FORGOTTEN, {"given": "an"})
    assert not Letter.objects.exists()


# the address


def test_an_address_counts_only_once_its_letter_was_answered(
    client: Client, binh: Person, post_office: PostOffice, hand: ManualClock
) -> None:
    proved(entered(client, binh))
    client.post("/account/address", {"email": "binh@xa.vn"})
    binh.refresh_from_db()
    assert binh.email == ""
    link = link_in_letter(post_office, hand.now())
    assert "binh@xa.vn" in Client().get(link).content.decode()
    binh.refresh_from_db()
    assert binh.email == ""
    Client().post(link)
    binh.refresh_from_db()
    assert binh.email == "binh@xa.vn"
    assert Client().post(link).status_code == 410


def test_whoever_finds_an_open_browser_cannot_change_the_address(
    client: Client, an: Person, post_office: PostOffice
) -> None:
    entered(client, an)
    sent = client.post("/account/address", {"email": "thief@evil.example"})
    assert sent["Location"].startswith("/account/again")
    assert not Letter.objects.exists()
    proved(client)
    client.post("/account/address", {"email": ""})
    an.refresh_from_db()
    assert an.email == ""


@pytest.mark.parametrize("email", ["khong-phai", "a@b", "a@xa.vn\nBcc: b@xa.vn"])
def test_what_is_no_address_is_refused(
    client: Client, an: Person, post_office: PostOffice, email: str
) -> None:
    proved(entered(client, an)).post("/account/address", {"email": email})
    assert not Letter.objects.exists()
