"""How people come in, for tests."""

import re
from collections.abc import Callable
from datetime import datetime

from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client, TestCase

from tests.letters.post_office import PostOffice, text_of
from vang.letters.delivering import deliver_due
from vang.people.models import Person

PASSWORD = "mat-khau-thu-nghiem"
SIGN_IN = "/account/sign-in"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0.0.0 Safari/537.36"


def entered(client: Client, someone: Person) -> Client:
    """Signed in past every door."""
    client.force_login(someone, backend="django.contrib.auth.backends.ModelBackend")
    return client


def sign_in(client: Client, username: str, password: str = PASSWORD, **more: str) -> str:
    """By the form; the place where it leads, "" when nowhere."""
    fields = {"username": username, "password": password, **more}
    return client.post(SIGN_IN, fields, HTTP_USER_AGENT=CHROME).headers.get("Location", "")


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def proved(client: Client) -> Client:
    """The person has just typed the password again."""
    answer = client.post("/account/again", {"password": PASSWORD})
    assert answer.status_code == 302
    return client


def at_work(client: Client, someone: Person) -> Client:
    """Signed in, and the password typed a moment ago."""
    return proved(entered(client, someone))


def code_now(secret: str, steps: int = 0) -> str:
    """What the app shows now, or so many half minutes from now."""
    counter = list(yield_hotp_counters_from_time())[1]
    return format_hotp_value(hotp_value(secret.replace(" ", ""), counter + steps))


def with_app(client: Client) -> str:
    """Sets up the app for whoever is signed in; returns its key."""
    proved(client)
    secret: str = client.get("/account/protection/app").context["secret"]
    with TestCase.captureOnCommitCallbacks(execute=True):
        answer = client.post("/account/protection/app", {"code": code_now(secret)})
    assert answer.status_code == 302, answer.context["form"].errors
    return secret


def link_in_letter(office: PostOffice, now: datetime) -> str:
    """Sends what waits; the address in the newest letter, as a path."""
    deliver_due(clock=lambda: now)
    found = re.search(r"https?://[^/\s]+(/account/\S+)", text_of(office.taken[-1]))
    assert found is not None
    return found.group(1)


Clock = Callable[[], datetime]
