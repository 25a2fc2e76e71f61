"""Standing in for somebody, and the editorial board."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vang.base.widgets import DateInput
from vang.people.access import DECIDE
from vang.people.models import BoardMember, Delegation, Membership, Person


class DelegationForm(forms.Form):
    """Who stands in for whom, in which form of signing, on which paper, for how long."""

    principal = forms.ModelChoiceField(label=_("Who is away"), queryset=Person.objects.none())
    principal_title = forms.CharField(
        label=_("Their position, as signed"),
        max_length=120,
        required=False,
        help_text=_("“CHỦ TỊCH”. Left empty: the position of the account."),
    )
    deputy = forms.ModelChoiceField(label=_("Who decides for them"), queryset=Person.objects.none())
    delegate_title = forms.CharField(
        label=_("The deputy's position, as signed"),
        max_length=120,
        required=False,
        help_text=_("“PHÓ CHỦ TỊCH”. Left empty: the position of the account."),
    )
    form = forms.ChoiceField(
        label=_("Form of signing"),
        choices=Delegation.Form.choices,
        widget=forms.RadioSelect,
        initial=Delegation.Form.KT,
    )
    role = forms.ChoiceField(
        label=_("What is delegated"),
        choices=Membership.Role.choices,
        help_text=_("A leader's role includes approving."),
    )
    first = forms.DateField(label=_("First day"), widget=DateInput())
    last = forms.DateField(
        label=_("Last day"),
        widget=DateInput(),
        required=False,
        help_text=_("Needed for TUQ.; left empty, it holds until somebody ends it."),
    )
    basis_number = forms.CharField(
        label=_("Number of the document"),
        max_length=60,
        required=False,
        help_text=_("Needed for TL. and TUQ.: “12/GUQ-UBND”."),
    )
    basis_date = forms.DateField(
        label=_("Date of the document"), widget=DateInput(), required=False
    )
    scope = forms.CharField(
        label=_("Scope"),
        max_length=300,
        required=False,
        help_text=_("What it covers, as the document says."),
    )

    def __init__(self, data: Any, *, principals: Any, deputies: Any, initial: Any) -> None:
        super().__init__(data, initial=initial)
        self.fields["principal"].queryset = principals  # type: ignore[attr-defined]
        self.fields["deputy"].queryset = deputies  # type: ignore[attr-defined]
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (role.value, str(role.label).capitalize()) for role in Membership.Role if role in DECIDE
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for who, title in (("principal", "principal_title"), ("deputy", "delegate_title")):
            person = cleaned.get(who)
            if person is not None and not cleaned.get(title):
                cleaned[title] = person.title
        return cleaned


class BoardForm(forms.Form):
    """A board by a decision."""

    number = forms.CharField(
        label=_("Number of the decision"), max_length=60, help_text=_("“45/QĐ-UBND”")
    )
    decided_on = forms.DateField(label=_("Date of the decision"), widget=DateInput())
    since = forms.DateField(label=_("In force from"), widget=DateInput())


class MemberForm(forms.Form):
    """One member: a colleague with an account, or somebody by name."""

    duty = forms.ChoiceField(label=_("Duty"), choices=BoardMember.Duty.choices)
    person = forms.ModelChoiceField(
        label=_("Colleague"),
        queryset=Person.objects.none(),
        required=False,
        empty_label=_("somebody without an account"),
    )
    full_name = forms.CharField(
        label=_("Full name"),
        max_length=120,
        required=False,
        help_text=_("Only for somebody without an account."),
    )
    title = forms.CharField(label=_("Position"), max_length=120, required=False)
    since = forms.DateField(label=_("Member from"), widget=DateInput())

    def __init__(self, data: Any, *, colleagues: Any, initial: Any) -> None:
        super().__init__(data, initial=initial)
        self.fields["person"].queryset = colleagues  # type: ignore[attr-defined]
