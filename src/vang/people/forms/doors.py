"""Coming in: password, code, passkey, invitation, a new password."""

import logging
from typing import Any

from allauth.account.forms import ReauthenticateForm
from allauth.mfa.base import forms as codes
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.password_validation import (
    password_validators_help_texts,
    validate_password,
)
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from vang.people.forms.colleagues import UsernameField
from vang.people.models import Person

log = logging.getLogger(__name__)

_CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}


class SignInForm(AuthenticationForm):
    """Name and password, with one message for every wrong pair."""

    error_messages = {
        "invalid_login": _("The sign-in name or the password is not right."),
        "inactive": _("This account is closed."),
    }

    username = forms.CharField(
        label=_("Sign-in name"),
        max_length=60,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "username webauthn"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CodeForm(codes.AuthenticateForm):  # type: ignore[misc]
    """The second proof: a code of the app, or one of the recovery codes."""

    code = forms.CharField(
        label=_("Code from the app, or a recovery code"),
        max_length=20,
        widget=forms.TextInput(attrs=_CODE),
    )


class CodeAgainForm(codes.ReauthenticateForm):  # type: ignore[misc]
    """The same, before something that matters."""

    code = forms.CharField(
        label=_("Code from the app, or a recovery code"),
        max_length=20,
        widget=forms.TextInput(attrs=_CODE),
    )


class PasswordAgainForm(ReauthenticateForm):  # type: ignore[misc]
    """The password, before something that matters."""

    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )


class FirstCodeForm(ActivateTOTPForm):  # type: ignore[misc]
    """Proves that the app shows the right codes."""

    code = forms.CharField(
        label=_("The six digits that the app shows now"),
        max_length=20,
        widget=forms.TextInput(attrs=_CODE),
    )


class _Careful:
    """Whatever a stranger's bytes do to the parsers, the answer is a plain no."""

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except ValidationError:
            raise
        except Exception as error:
            log.info("not a passkey: %r", error)
            raise ValidationError(_("The code is not right.")) from error


class PasskeySignInForm(_Careful, LoginWebAuthnForm):  # type: ignore[misc]
    """A passkey alone opens the account."""


class PasskeyProofForm(_Careful, AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey after the password."""


class PasskeyAgainForm(_Careful, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey, before something that matters."""


class PasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A passkey of this device: always one that signs in without a password."""

    passwordless = None
    name = forms.CharField(
        label=_("Name of the passkey"),
        max_length=60,
        required=False,
        help_text=_("So that you recognise it: “Office computer”, “My telephone”."),
    )

    def clean(self) -> dict[str, Any]:
        self.cleaned_data["passwordless"] = True
        try:
            cleaned: dict[str, Any] = super().clean()
        except ValidationError:
            raise
        except Exception as error:
            log.info("not a passkey: %r", error)
            raise ValidationError(_("The code is not right.")) from error
        return cleaned


class PasskeyNameForm(forms.Form):
    """Another name for a passkey."""

    name = forms.CharField(label=_("Name of the passkey"), max_length=60)


class ForgottenForm(forms.Form):
    """Who asks for a new password."""

    given = forms.CharField(
        label=_("Sign-in name or e-mail address"),
        max_length=254,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "username"}),
    )


class NewPasswordForm(forms.Form):
    """A password of one's own choice, typed twice."""

    password = forms.CharField(
        label=_("New password"),
        max_length=200,
        strip=False,
        help_text=lazy(lambda: " ".join(password_validators_help_texts()), str)(),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("The password once more"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, data: Any, person: Person | None = None) -> None:
        super().__init__(data)
        self._person = person

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        password, again = cleaned.get("password"), cleaned.get("again")
        if password and again and password != again:
            self.add_error("again", _("The two passwords differ."))
        elif password:
            try:
                validate_password(password, self._person or self._somebody(cleaned))
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned

    def _somebody(self, _cleaned: dict[str, Any]) -> Person | None:
        return None


class JoiningForm(NewPasswordForm):
    """Accepting an invitation with a new account."""

    username = UsernameField()
    field_order = ["username", "password", "again"]

    def __init__(self, data: Any, full_name: str) -> None:
        self._full_name = full_name
        super().__init__(data)

    def _somebody(self, cleaned: dict[str, Any]) -> Person:
        return Person(username=cleaned.get("username", ""), full_name=self._full_name)


class AddressForm(forms.Form):
    """Another e-mail address."""

    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("Left empty: no letters, and no new password by letter."),
    )
