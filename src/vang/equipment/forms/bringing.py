"""A list of an inventory that is brought as a file."""

from django import forms
from django.utils.translation import gettext_lazy as _


class InventoryForm(forms.Form):
    """A file."""

    table = forms.FileField(
        label=_("File"), help_text=_(".csv or .xlsx, at most 2,000 devices"), required=False
    )
