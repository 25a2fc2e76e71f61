"""Rules that an administrator sets for a unit."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from vang.people.models import SecondFactorRule
from vang.people.services.factors import GRACE_DAYS


def _days(count: int) -> Any:
    if count == 0:
        return _("from today")
    return ngettext_lazy("in %(n)d day", "in %(n)d days", count) % {"n": count}


class SecondFactorForm(forms.Form):
    """Required or not, and how long people have to set it up."""

    required = forms.ChoiceField(
        label=_("A second proof at sign-in"),
        choices=[
            ("", _("Everybody decides for themselves")),
            ("1", _("Required of whoever approves, leads or administers")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )
    grace_days = forms.TypedChoiceField(
        label=_("It holds"),
        coerce=int,
        initial=14,
        help_text=_("Until then people work as before and are reminded."),
    )

    def __init__(self, data: Any, rule: SecondFactorRule | None) -> None:
        required = bool(rule and rule.required_from)
        super().__init__(data, initial={"required": "1" if required else ""})
        field = self.fields["grace_days"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 - tells the type checker
        field.choices = [(days, _days(days)) for days in GRACE_DAYS]
