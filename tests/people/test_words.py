"""The accounts library has no Vietnamese: nothing of its English reaches a page."""

import gettext
import json
import re
from pathlib import Path

import allauth
import pytest
from allauth.core import context
from allauth.mfa.webauthn.internal import auth as webauthn
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client, RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from tests.people.entering import entered, proved, sign_in, with_app
from vang.people.adapters import ACCOUNT_WORDS, PROOF_WORDS
from vang.people.forms.doors import PasskeySignInForm
from vang.people.models import Person

LIBRARY = Path(allauth.__file__).parent
USED = ("mfa/base", "mfa/totp", "mfa/webauthn", "mfa/recovery_codes", "mfa/internal")


def sentences() -> set[str]:
    """What the library says in English, two words at least."""
    compiled = LIBRARY / "locale/de/LC_MESSAGES/django.mo"
    with compiled.open("rb") as file:
        known = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    texts = {str(key[0] if isinstance(key, tuple) else key).strip() for key in known}
    return {text for text in texts if " " in text and "%" not in text and "{" not in text}


def test_whatever_the_library_refuses_is_said_in_our_words() -> None:
    source = "".join(
        path.read_text() for folder in USED for path in (LIBRARY / folder).rglob("*.py")
    )
    source += (
        (LIBRARY / "account/forms.py").read_text().partition("class ReauthenticateForm")[2][:900]
    )
    said = set(re.findall(r'validation_error\(\s*(?:error_key or )?"(\w+)"', source))
    assert len(said) >= 4
    assert said <= set(ACCOUNT_WORDS) | set(PROOF_WORDS)


@pytest.mark.usefixtures("post_office")
def test_no_page_of_accounts_speaks_english(client: Client, quan: Person, an: Person) -> None:
    stranger, half = Client(), Client()
    with_app(entered(Client(), an))
    sign_in(half, "an")
    pages = [
        stranger.get("/account/sign-in"),
        stranger.post("/account/sign-in", {"username": "an", "password": "sai"}),
        stranger.get("/account/forgotten"),
        stranger.post("/account/forgotten", {"given": ""}),
        stranger.get("/account/invitation/x"),
        half.get("/account/proof"),
        half.post("/account/proof", {"code": "000000"}),
        half.post("/account/proof", {"credential": "{}"}),
    ]
    entered(client, quan)
    pages += [client.get("/account/again"), client.post("/account/again", {"password": "sai"})]
    proved(client)
    for place in ("", "address", "sessions", "protection", "protection/app", "people",
                  "protection/passkeys/add", "people/add", "invitations", f"people/{an.pk}",
                  "people/second-factor", "offices"):  # fmt: skip
        pages.append(client.get(f"/account/{place}"))
    for place, fields in (
        ("protection/app", {"code": "000000"}),
        ("protection/passkeys/add", {"credential": "{}"}),
        ("people/add", {}),
        ("invitations", {"email": "x"}),
        ("address", {"email": "x"}),
    ):
        pages.append(client.post(f"/account/{place}", fields))
    with_app(client)
    pages += [client.get("/account/protection/codes"), client.get("/account/protection")]
    english = sentences()
    for page in pages:
        assert page.status_code in {200, 410}, page.request
        text = re.sub(r"<[^>]+>|\s+", " ", page.content.decode())
        found = {sentence for sentence in english if f" {sentence} " in text}
        assert not found, (page.request["PATH_INFO"], found)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["id", "rawId", "type", "response", "clientDataJSON", "authenticatorData", "signature",
         "userHandle", "clientExtensionResults", "x"]), inner, max_size=6),
    max_leaves=12,
)  # fmt: skip


@pytest.mark.django_db
@given(JSON)
def test_whatever_a_stranger_sends_as_a_passkey_is_a_plain_no(sent: object) -> None:
    request = RequestFactory().post("/account/passkey")
    request.session = SessionStore()
    with context.request_context(request):
        webauthn.begin_authentication(user=None)
        assert webauthn.get_state()
        assert not PasskeySignInForm({"credential": json.dumps(sent)}).is_valid()


@pytest.mark.parametrize(
    "place",
    ["", "sessions", "protection", "people", "people/second-factor", "invitations", "offices"],
)
def test_pages_keep_to_the_budget(
    client: Client, quan: Person, place: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    entered(client, quan)
    with django_assert_max_num_queries(12):
        assert client.get(f"/account/{place}").status_code == 200


def test_a_persons_page_keeps_to_the_budget(
    client: Client,
    quan: Person,
    an: Person,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    entered(client, quan)
    with django_assert_max_num_queries(12):
        assert client.get(f"/account/people/{an.pk}").status_code == 200
