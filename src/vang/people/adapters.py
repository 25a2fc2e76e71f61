"""How the accounts library does its work here: our words, our addresses, our journal."""

import base64
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import get_login_redirect_url
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from vang.base import clock
from vang.base.tokens import derived_secret
from vang.people.addresses import client_address
from vang.people.arrivals import arrive
from vang.people.models import Person
from vang.people.services.factors import note_own_change

_CHANGES = {
    "mfa/email/totp_activated": "totp-added",
    "mfa/email/totp_deactivated": "totp-removed",
    "mfa/email/webauthn_added": "key-added",
    "mfa/email/webauthn_removed": "key-removed",
    "mfa/email/recovery_codes_generated": "codes-made",
}


# What the library says no with, in our words: it has no Vietnamese of its own.
ACCOUNT_WORDS = {
    "account_inactive": _("This account is closed."),
    "incorrect_password": _("The password is not right."),
    "too_many_login_attempts": _("Too many wrong attempts. Wait a quarter of an hour."),
    "rate_limited": _("Too many attempts in a short time. Wait a little, then try again."),
}
PROOF_WORDS = {
    "incorrect_code": _("The code is not right."),
    "cannot_delete_authenticator": _("This proof cannot be removed."),
    "cannot_generate_recovery_codes": _("Set up an app or a passkey first."),
    "unverified_email": _("Confirm your e-mail address first."),
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Signing in and out."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        **ACCOUNT_WORDS,
    }

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        """People come by invitation or through the administrator."""
        return False

    def post_login(
        self, request: HttpRequest, user: Person, *, redirect_url: str | None, **_more: Any
    ) -> HttpResponse:
        """Note the session and go where the person wanted to."""
        response = HttpResponseRedirect(get_login_redirect_url(request, redirect_url))
        arrive(request, user, response, now=clock.now())
        return response

    def is_safe_url(self, url: str | None) -> bool:
        """Only places of these pages themselves."""
        return safe_place(url)

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request) or ""

    def add_message(self, *_words: Any, **_more: Any) -> None:
        """Our views say what was done."""

    def send_notification_mail(self, template_prefix: str, user: Person, *_more: Any) -> None:
        """The library tells of a change to the second proof: journal and notice."""
        note_own_change(person=user, what=_CHANGES[template_prefix], now=clock.now())


def safe_place(url: str | None) -> bool:
    """An address within these pages: a path, no host at all."""
    return bool(url) and url_has_allowed_host_and_scheme(url, allowed_hosts=set())


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Codes and passkeys. Their secrets are encrypted with a key that is not in the database."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        **PROOF_WORDS,
    }

    def get_totp_issuer(self) -> str:
        return "Vang"

    def get_totp_label(self, user: Person) -> str:
        return user.username

    def encrypt(self, text: str) -> str:
        return _lock().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _lock().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: Person, type: str) -> str:  # noqa: A002
        held = Authenticator.objects.filter(user=user, type=type).count()
        return gettext("Passkey %(n)d") % {"n": held + 1}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": "Vang"}


def _lock() -> Fernet:
    secret = derived_secret(settings.SECRET_KEY.encode(), "second-factor")
    return Fernet(base64.urlsafe_b64encode(bytes.fromhex(secret)))
