"""What an administrator says of another system."""

from django import forms
from django.utils.translation import gettext_lazy as _

from vang.connections.scopes import Scope

LASTING = (
    ("90", _("three months")),
    ("365", _("one year")),
    ("731", _("two years")),
)


class TokenForm(forms.Form):
    """A new token."""

    name = forms.CharField(
        label=_("Name of the other system"),
        max_length=80,
        help_text=_("Such as “Provincial source system” or “Commune app”."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("It may"),
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Allow only what it needs."),
    )
    days = forms.TypedChoiceField(
        label=_("It is valid for"), choices=LASTING, coerce=int, initial="365"
    )
