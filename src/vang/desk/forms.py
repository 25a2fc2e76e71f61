"""What the communes of a district or province are searched and sorted by."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CommuneFilter(forms.Form):
    """All fields are optional: the address alone shows everything."""

    q = forms.CharField(label=_("Name of the commune"), max_length=80, required=False)
    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[
            ("", _("What needs attention first")),
            ("name", pgettext_lazy("commune", "Name")),
            ("waiting", _("Waiting for approval")),
            ("not_heard", _("Not heard today")),
            ("offline", _("Loudspeakers out of contact")),
            ("released", _("Released in 7 days")),
        ],
    )
