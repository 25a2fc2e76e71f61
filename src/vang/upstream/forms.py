"""What is filled in for a feed and for setting a warning aside."""

from django import forms
from django.utils.translation import gettext_lazy as _

SUGGESTED = "https://smartalert.nchmf.gov.vn/smartalert/capfeed.php"
"""The national weather service's, as the list of the IFRC Alert Hub names it."""


class FeedForm(forms.Form):
    """An address that is asked."""

    name = forms.CharField(label=_("Whose warnings they are"), max_length=120)
    url = forms.CharField(
        label=_("Address of the feed"),
        max_length=500,
        help_text=_("Atom, RSS or one CAP message, beginning with https://"),
        widget=forms.URLInput,
    )
    certificate = forms.CharField(
        label=_("Certificate"),
        required=False,
        max_length=8_000,
        help_text=_(
            "PEM text that the sender gave you by another way. What it did not sign is marked."
        ),
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )


class FileForm(forms.Form):
    """A message that came by another way: by mail, on a stick."""

    warning = forms.FileField(
        label=_("CAP file"),
        help_text=_("XML, at most 900 KB. It is checked like every other; nothing sounds."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xml,.cap,application/cap+xml"}),
    )


class ReasonForm(forms.Form):
    """Why nothing follows from a warning."""

    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
