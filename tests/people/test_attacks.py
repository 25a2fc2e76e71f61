"""What somebody tries who has no right to come in, or who found a browser open."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from tests.letters.post_office import PostOffice, text_of
from tests.people.entering import PASSWORD, SIGN_IN, entered, link_in_letter, proved, sign_in
from vang.base import clock
from vang.base.clock import ManualClock, SystemClock
from vang.letters.delivering import deliver_due
from vang.orgs.models import Unit
from vang.people.guessing import FROM_AN_ADDRESS, OF_AN_ACCOUNT
from vang.people.jobs import ask_for_new_password
from vang.people.models import Invitation, Membership, OneTimeLink, Person, SecondFactorRule
from vang.people.services.addresses import change_address

FORGOTTEN = "/account/forgotten"
NEW = "mot-cau-that-la-dai"


@pytest.fixture
def hand() -> Iterator[ManualClock]:
    manual = ManualClock(timezone.now())
    clock.use_clock(manual)
    yield manual
    clock.use_clock(SystemClock())


def wrong_ones(count: int, **where: str) -> None:
    """As django-axes would have counted them."""
    AccessAttempt.objects.create(
        failures_since_start=count, attempt_time=timezone.now(), user_agent="x", **where
    )


def test_guessing_one_account_from_many_addresses_is_stopped_but_not_its_owner(
    client: Client, an: Person
) -> None:
    assert sign_in(client, "an")
    client.post("/account/sign-out")
    for place in range(OF_AN_ACCOUNT // 3):
        wrong_ones(3, username="an", ip_address=f"10.9.0.{place}")
    stranger = Client(REMOTE_ADDR="10.1.2.3")
    assert stranger.post(SIGN_IN, {"username": "an", "password": PASSWORD}).status_code == 429
    assert sign_in(stranger, "an ") == ""
    assert sign_in(client, "an")


def test_guessing_many_accounts_from_one_address_is_stopped(
    client: Client, an: Person, binh: Person
) -> None:
    for name in range(FROM_AN_ADDRESS // 4):
        wrong_ones(4, username=f"someone{name}", ip_address="127.0.0.1")
    assert client.post(SIGN_IN, {"username": "an", "password": PASSWORD}).status_code == 429
    assert sign_in(Client(REMOTE_ADDR="10.1.2.3"), "binh")


def test_a_quarter_of_an_hour_later_it_counts_no_more(client: Client, an: Person) -> None:
    wrong_ones(FROM_AN_ADDRESS, username="an", ip_address="127.0.0.9")
    assert sign_in(client, "an") == ""
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert sign_in(client, "an")


def test_a_new_password_by_the_administrator_opens_the_account_at_once(
    client: Client, an: Person, quan: Person
) -> None:
    wrong_ones(OF_AN_ACCOUNT, username="an", ip_address="127.0.0.9")
    office = proved(entered(Client(), quan))
    page = office.post(f"/account/people/{an.pk}/password")
    assert sign_in(client, "an", page.context["password"])


def test_the_password_is_not_guessed_on_the_page_that_changes_it(
    client: Client, an: Person
) -> None:
    entered(client, an)
    fields = {"old_password": "sai", "new_password1": NEW, "new_password2": NEW}
    codes = [client.post("/account/", fields).status_code for _ in range(12)]
    assert codes[:10] == [200] * 10
    assert codes[10:] == [429, 429]
    assert client.get("/account/").status_code == 200


def test_an_open_browser_of_the_administrator_gives_nothing_away(
    client: Client, an: Person, quan: Person, xa_a: Unit
) -> None:
    entered(client, quan)
    for path, fields in (
        (f"/account/people/{an.pk}/password", {}),
        (f"/account/people/{an.pk}/second-factor", {}),
        (f"/account/people/{an.pk}/roles", {"roles": "ADMINISTRATOR"}),
        ("/account/people/second-factor", {"required": "", "grace_days": "0"}),
        ("/account/people/add", {"username": "evil", "full_name": "E", "roles": "APPROVER"}),
        ("/account/invitations", {"full_name": "E", "roles": "APPROVER"}),
    ):
        answer = client.post(path, fields)
        assert answer.status_code == 302, path
        assert answer.headers["Location"].startswith("/account/again?next="), path
    an.refresh_from_db()
    assert an.check_password(PASSWORD)
    assert not Membership.objects.filter(person=an, role="ADMINISTRATOR").exists()
    assert not Person.objects.filter(username="evil").exists()
    assert not Invitation.objects.exists()
    assert not SecondFactorRule.objects.exists()


def test_what_was_sent_goes_on_once_the_person_is_proved(
    client: Client, an: Person, quan: Person
) -> None:
    entered(client, quan)
    path = f"/account/people/{an.pk}/roles"
    again = client.post(path, {"roles": "TECHNICIAN"}).headers["Location"]
    assert "next" in client.get(again).context
    client.post("/account/again", {"password": "sai", "next": path})
    assert not Membership.objects.filter(person=an, role="TECHNICIAN").exists()
    client.post("/account/again", {"password": PASSWORD, "next": path})
    assert Membership.objects.filter(person=an, role="TECHNICIAN").exists()


def test_who_has_just_signed_in_is_not_asked_again_until_a_while_has_passed(
    client: Client, quan: Person
) -> None:
    sign_in(client, "quan")
    fields = {"full_name": "Lê Văn E", "roles": "APPROVER"}
    assert client.post("/account/invitations", fields).status_code == 200
    session = client.session
    (proof,) = session["account_authentication_methods"]
    proof["at"] -= 16 * 60
    session.save()
    again = client.post("/account/invitations", fields)
    assert again.headers["Location"].startswith("/account/again?next=")


def test_a_link_that_a_thief_asked_for_dies_with_the_stolen_password(
    client: Client, an: Person, post_office: PostOffice, hand: ManualClock
) -> None:
    change_address(person=an, email="thief@example.com", now=hand.now())
    link = link_in_letter(post_office, hand.now())
    change_address(person=an, email="thief2@example.com", now=hand.now())  # still in the outbox
    proved(entered(client, an))
    fields = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert client.post("/account/", fields).status_code == 302
    assert Client().post(link).status_code == 410
    sent = len(post_office.taken)
    deliver_due(clock=hand.now)
    assert [text for text in post_office.taken[sent:] if "/account/address/" in text_of(text)] == []
    assert not OneTimeLink.objects.filter(used_at=None).exists()


def test_the_address_before_is_told_and_opens_nothing_any_more(
    an: Person, post_office: PostOffice, hand: ManualClock
) -> None:
    an.email = "an@example.com"
    an.save()
    ask_for_new_password.call("an")
    forgotten = link_in_letter(post_office, hand.now())
    change_address(person=an, email="moi@example.com", now=hand.now())
    assert Client().post(link_in_letter(post_office, hand.now())).status_code == 302
    deliver_due(clock=hand.now)
    told = text_of(post_office.taken[-1])
    assert "không còn dùng địa chỉ thư điện tử này" in told
    assert post_office.taken[-1]["To"] == "an@example.com"
    assert Client().get(forgotten).status_code == 410
    an.refresh_from_db()
    change_address(person=an, email="", now=hand.now())
    deliver_due(clock=hand.now)
    assert post_office.taken[-1]["To"] == "moi@example.com"


@pytest.mark.parametrize("host", ["evil.example", "testserver@evil.example", "testserver.evil"])
def test_letters_name_our_own_address_whatever_the_request_says(
    an: Person, post_office: PostOffice, hand: ManualClock, host: str
) -> None:
    an.email = "an@example.com"
    an.save()
    given = {"given": "an"}
    assert Client().post(FORGOTTEN, given, HTTP_HOST=host).status_code == 400
    assert Client().post(FORGOTTEN, given, HTTP_X_FORWARDED_HOST=host).status_code == 200
    ask_for_new_password.call("an")
    deliver_due(clock=hand.now)
    assert [host in text_of(letter) for letter in post_office.taken] == [False]


def test_a_planted_session_is_not_the_one_that_opens(an: Person) -> None:
    thief = Client()
    thief.get("/account/passkey")  # begins a session without an account
    planted = thief.cookies["sessionid"].value
    victim = Client()
    victim.cookies["sessionid"] = planted
    assert sign_in(victim, "an")
    assert victim.cookies["sessionid"].value != planted
    assert "_auth_user_id" not in thief.session
    assert not Session.objects.filter(session_key=planted).exists()


def test_pages_are_not_shown_again_to_the_next_at_the_same_computer(
    client: Client, an: Person
) -> None:
    assert sign_in(client, "an")
    for path in ("/", "/bulletins/", "/account/"):
        assert client.get(path).headers["Cache-Control"] == "private, no-cache", path
    out = client.post("/account/sign-out")
    assert out.headers["Clear-Site-Data"] == '"cache"'


def test_every_page_at_the_door_forbids_frames_and_foreign_scripts(
    client: Client, an: Person
) -> None:
    for path in (SIGN_IN, "/account/forgotten", "/account/invitation/none", "/account/again"):
        headers = client.get(path, follow=True).headers
        rules = dict(
            part.strip().partition(" ")[::2]
            for part in headers["Content-Security-Policy"].split(";")
        )
        assert rules["script-src"] == "'self'", path
        assert rules["frame-ancestors"] == rules["base-uri"] == rules["default-src"] == "'none'"
        assert rules["form-action"] == "'self'"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
