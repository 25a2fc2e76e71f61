"""Asking for a personal key."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from vang.trust.models import PersonKey
from vang.trust.registration import RESPONSE_BYTES


class KeyForm(forms.Form):
    """What the device answered, and what the key is for."""

    label = forms.CharField(
        label=_("Name of the key"),
        max_length=60,
        help_text=_("So that you recognise it: “My telephone”, “Security key in the safe”."),
    )
    use = forms.ChoiceField(
        label=_("What it is for"),
        choices=PersonKey.Use.choices,
        initial=PersonKey.Use.ACTUAL,
        widget=forms.RadioSelect,
    )
    credential = forms.CharField(max_length=RESPONSE_BYTES, widget=forms.HiddenInput)

    def clean_credential(self) -> Any:
        try:
            return json.loads(self.cleaned_data["credential"])
        except (ValueError, RecursionError):
            raise ValidationError(_("The device's answer was not right. Try again.")) from None
