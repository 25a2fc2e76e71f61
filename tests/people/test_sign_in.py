"""Signing in and out."""

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.urls import reverse

from vang.people.models import Person

PASSWORD = "mat-khau-thu-nghiem"
SIGN_IN = "/account/sign-in"


def attempt(client: Client, username: str, password: str) -> int:
    fields = {"username": username, "password": password}
    return client.post(SIGN_IN, fields).status_code


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_the_right_password_leads_to_the_desk_a_wrong_one_does_not(
    client: Client, an: Person
) -> None:
    wrong = client.post(SIGN_IN, {"username": "an", "password": "sai"})
    assert wrong.status_code == 200
    assert "Tên đăng nhập hoặc mật khẩu không đúng." in wrong.content.decode()
    assert not signed_in(client)
    right = client.post(SIGN_IN, {"username": "an", "password": PASSWORD})
    assert right.status_code == 302
    assert right["Location"] == reverse("desk:home")
    assert signed_in(client)


def test_an_unknown_name_and_a_wrong_password_sound_alike(client: Client, an: Person) -> None:
    messages = [
        client.post(SIGN_IN, {"username": name, "password": "sai"}).context["form"].errors
        for name in ("an", "nobody")
    ]
    assert messages[0] == messages[1]


def test_a_closed_account_does_not_open(client: Client, an: Person) -> None:
    an.is_active = False
    an.save()
    attempt(client, "an", PASSWORD)
    assert not signed_in(client)


def test_five_wrong_passwords_close_the_account_for_a_quarter_of_an_hour(
    client: Client, an: Person, binh: Person
) -> None:
    codes = [attempt(client, "an", "sai") for _ in range(5)]
    assert codes == [200, 200, 200, 200, 429]
    locked = client.post(SIGN_IN, {"username": "an", "password": PASSWORD})
    assert locked.status_code == 429
    assert "trong 15 phút" in locked.content.decode()
    assert not signed_in(client)
    assert attempt(client, "binh", PASSWORD) == 302


def test_another_address_is_not_closed(client: Client, an: Person) -> None:
    for _ in range(5):
        attempt(client, "an", "sai")
    elsewhere = Client(REMOTE_ADDR="10.1.2.3")
    assert attempt(elsewhere, "an", PASSWORD) == 302


def test_a_good_sign_in_forgets_the_wrong_ones(client: Client, an: Person) -> None:
    for _ in range(4):
        attempt(client, "an", "sai")
    assert attempt(client, "an", PASSWORD) == 302
    assert not AccessAttempt.objects.exists()


def test_signing_out_needs_a_post(client: Client, an: Person) -> None:
    client.force_login(an, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/account/sign-out").status_code == 405
    assert signed_in(client)
    assert client.post("/account/sign-out").status_code == 302
    assert not signed_in(client)


def test_strangers_are_led_to_the_sign_in_page_and_back(client: Client, an: Person) -> None:
    sent = client.get("/account/people")
    assert sent["Location"] == "/account/sign-in?next=/account/people"
    page = client.get(sent["Location"]).content.decode()
    assert 'name="next" value="/account/people"' in page


@pytest.mark.parametrize("where", ["https://evil.example/", "//evil.example/", "javascript:x"])
def test_nobody_is_led_elsewhere(client: Client, an: Person, where: str) -> None:
    sent = client.post(SIGN_IN, {"username": "an", "password": PASSWORD, "next": where})
    assert sent["Location"] == reverse("desk:home")


def test_a_form_from_another_site_is_refused(an: Person) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert attempt(strict, "an", PASSWORD) == 403


def test_the_language_can_be_changed_and_stays(client: Client, an: Person) -> None:
    assert "Đăng nhập" in client.get(SIGN_IN).content.decode()
    client.post(reverse("set_language"), {"language": "en", "next": SIGN_IN})
    assert "Sign-in name" in client.get(SIGN_IN).content.decode()
    client.post(reverse("set_language"), {"language": "vi", "next": SIGN_IN})
    assert "Tên đăng nhập" in client.get(SIGN_IN).content.decode()
