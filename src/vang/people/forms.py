"""Signing in, and adding colleagues."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from vang.orgs.models import Organisation
from vang.people.models import Membership

# Readers look from above: they are named by the district's or province's own unit.
ROLES_OF_A_COMMUNE = [
    choice for choice in Membership.Role.choices if choice[0] != Membership.Role.READER
]


class SignInForm(AuthenticationForm):
    """Name and password, with one message for every wrong pair."""

    error_messages = {
        "invalid_login": _("The sign-in name or the password is not right."),
        "inactive": _("This account is closed."),
    }

    username = forms.CharField(
        label=_("Sign-in name"),
        max_length=60,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "username"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class PersonForm(forms.Form):
    """A colleague to add, with what they may do here."""

    full_name = forms.CharField(label=_("Full name"), max_length=120)
    title = forms.CharField(label=_("Position"), max_length=120, required=False)
    username = forms.RegexField(
        label=_("Sign-in name"),
        regex=r"^[a-z0-9][a-z0-9._-]{1,58}$",
        help_text=_("Small letters without marks, digits, dot, hyphen."),
    )
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=ROLES_OF_A_COMMUNE,
        widget=forms.CheckboxSelectMultiple,
    )


class OfficeForm(forms.Form):
    """An office, Party body or mass organisation that shall write and offer news itself."""

    name = forms.CharField(
        label=_("Name of the office"),
        max_length=120,
        help_text=_("As it signs: “Ban Tuyên giáo Huyện ủy”, “Hội Liên hiệp Phụ nữ xã”."),
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=Organisation.Kind.choices,
        initial=Organisation.Kind.MASS_ORGANISATION,
    )
