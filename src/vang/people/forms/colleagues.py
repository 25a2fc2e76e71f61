"""Naming colleagues and offices."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vang.orgs.models import Organisation, Unit
from vang.people.models import Membership
from vang.people.roles import ROLES_TO_GIVE


def role_choices(unit: Unit) -> list[tuple[str, str]]:
    """Roles that the administrator of this unit may give."""
    given = ROLES_TO_GIVE[unit.level]
    return [(role.value, str(role.label)) for role in Membership.Role if role in given]


class UsernameField(forms.RegexField):
    """A sign-in name that everybody can type on any keyboard."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Sign-in name"),
            regex=r"^[a-z0-9][a-z0-9._-]{1,58}$",
            help_text=_("Small letters without marks, digits, dot, hyphen."),
            widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
        )


class RolesForm(forms.Form):
    """What somebody may do here."""

    roles = forms.MultipleChoiceField(label=_("Roles"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: Any, unit: Unit) -> None:
        super().__init__(data)
        field = self.fields["roles"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - tells the type checker
        field.choices = role_choices(unit)
        self._choice = field

    def leave_out(self, held: Iterable[str]) -> None:
        """Roles that the person has already."""
        known = set(held)
        left = [choice for choice in self._choices() if choice[0] not in known]
        self._choice.choices = left

    def _choices(self) -> list[Any]:
        return list(self._choice.choices)  # type: ignore[arg-type]


class InvitationForm(RolesForm):
    """Somebody to invite; they choose sign-in name and password themselves."""

    full_name = forms.CharField(label=_("Full name"), max_length=120)
    title = forms.CharField(label=_("Position"), max_length=120, required=False)
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        help_text=_("Without one you hand over the link yourself, for instance by message."),
    )
    field_order = ["full_name", "title", "email", "roles"]


class PersonForm(RolesForm):
    """A colleague to add at once, with a password that is shown."""

    full_name = forms.CharField(label=_("Full name"), max_length=120)
    title = forms.CharField(label=_("Position"), max_length=120, required=False)
    username = UsernameField()
    field_order = ["full_name", "title", "username", "roles"]


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


class SearchForm(forms.Form):
    """Finding people of the communes below."""

    text = forms.CharField(label=_("Name or sign-in name"), max_length=80, required=False)
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[("", _("every role")), *Membership.Role.choices],
        required=False,
        widget=forms.Select(attrs={"data-send-on-change": ""}),
    )
