"""What the administrator fills in about the unit."""

from django import forms
from django.utils.translation import gettext_lazy as _

_SMALL = {"rows": 3}


class ProfileForm(forms.Form):
    """Contact, and who answers for the page (decree 42/2022/NĐ-CP)."""

    address = forms.CharField(label=_("Address of the office"), max_length=300, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    email = forms.EmailField(label=_("Official e-mail"), required=False)
    hours = forms.CharField(
        label=_("Office hours"),
        max_length=200,
        required=False,
        help_text=_("Such as: Monday to Friday, 7:30–11:30 and 13:30–17:00"),
    )
    responsible_name = forms.CharField(label=_("Full name"), max_length=120, required=False)
    responsible_title = forms.CharField(label=_("Position"), max_length=120, required=False)
    responsible_phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    responsible_email = forms.EmailField(label=_("Official e-mail"), required=False)
    about = forms.CharField(
        label=_("Functions and duties"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    name_en = forms.CharField(
        label=_("Name in English"), max_length=200, required=False, help_text="Que Thuan Commune"
    )
    responsible_title_en = forms.CharField(
        label=_("Position in English"), max_length=120, required=False
    )
    address_en = forms.CharField(label=_("Address in English"), max_length=300, required=False)
    about_en = forms.CharField(
        label=_("Functions and duties in English"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    site_address = forms.CharField(
        label=_("Address of the public page, if it is published elsewhere"),
        max_length=300,
        required=False,
        help_text=_("Leave empty while this server hands out the page."),
    )


class SectionForm(forms.Form):
    """One part of the unit."""

    name = forms.CharField(label=_("Name of the part"), max_length=200)
    duties = forms.CharField(
        label=_("Duties"), max_length=2000, required=False, widget=forms.Textarea(attrs=_SMALL)
    )
    head_name = forms.CharField(label=_("Head: full name"), max_length=120, required=False)
    head_title = forms.CharField(label=_("Head: position"), max_length=120, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    email = forms.EmailField(label=_("Official e-mail"), required=False)
    name_en = forms.CharField(label=_("Name in English"), max_length=200, required=False)
    head_title_en = forms.CharField(label=_("Position in English"), max_length=120, required=False)
    duties_en = forms.CharField(
        label=_("Duties in English"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs=_SMALL),
    )
