"""What is filled in for a document, its end, a campaign and a session."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vang.base.widgets import DateInput
from vang.documents.models import MOST_ABSTRACT, Document
from vang.documents.queries import visible
from vang.documents.services import MOST_LINES, Entry, Meeting
from vang.library.fields import day_of
from vang.library.models import DocumentField, Item
from vang.library.official.fields import Name
from vang.orgs.forms import CHOSEN, AimForm
from vang.orgs.models import Unit
from vang.orgs.queries import territory
from vang.orgs.reach import charges

_KINDS = (
    *("Kế hoạch", "Quyết định", "Báo cáo", "Công văn", "Thông báo", "Tờ trình", "Hướng dẫn"),
    *("Chỉ thị", "Nghị quyết", "Nghị định", "Thông tư", "Luật", "Quy chế", "Giấy mời"),
)
_MOST_OFFERED = 200


class FindForm(forms.Form):
    """Words to find."""

    q = forms.CharField(
        label=_("Number, words of the abstract, issuing body"), max_length=200, required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )  # fmt: skip


class DocumentForm(forms.Form):
    """A line of the register."""

    way = forms.ChoiceField(
        label=pgettext_lazy("document", "Way"), choices=Document.Way.choices, initial="IN",
        widget=forms.RadioSelect,
    )  # fmt: skip
    kind = forms.CharField(
        label=_("Kind of document"),
        max_length=60,
        widget=forms.TextInput(attrs={"list": "document-kinds", "autocomplete": "off"}),
    )
    number = forms.CharField(
        label=_("Number and symbol"), max_length=60, required=False,
        help_text=_("As on the document: 90/KH-UBND."),
    )  # fmt: skip
    issuer = forms.CharField(label=_("Issuing body"), max_length=200)
    issued_on = forms.DateField(label=_("Day of issue"), required=False, widget=DateInput())
    abstract = forms.CharField(
        label=_("Abstract"), max_length=MOST_ABSTRACT, widget=forms.Textarea(attrs={"rows": 3})
    )
    signing = forms.CharField(
        label=_("Signing on behalf of"), max_length=120, required=False,
        help_text=_("Such as TM. UBND, KT. CHỦ TỊCH, PHÓ CHỦ TỊCH."),
    )  # fmt: skip
    signer = forms.CharField(label=_("Signer"), max_length=120, required=False)
    in_force_from = forms.DateField(
        label=_("In force from"), required=False, widget=DateInput(),
        help_text=_("Empty: from its day of issue."),
    )  # fmt: skip
    in_force_to = forms.DateField(
        label=_("First day no longer in force"), required=False, widget=DateInput()
    )
    arrived_on = forms.DateField(label=_("Arrived on"), required=False, widget=DateInput())
    arrival_number = forms.CharField(label=_("Number of arrival"), max_length=40, required=False)
    bases = forms.CharField(
        label=_("Legal bases"), required=False, max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("One a line, as the document cites them. Known numbers are linked."),
    )  # fmt: skip
    recipients = forms.CharField(
        label=_("Recipients"), required=False, max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("One a line. Units that use this system receive it here."),
    )  # fmt: skip
    shared_below = forms.BooleanField(label=_("Units below may read it"), required=False)

    kinds = _KINDS

    def clean_bases(self) -> list[str]:
        return self._lines("bases")

    def clean_recipients(self) -> list[str]:
        return self._lines("recipients")

    def _lines(self, name: str) -> list[str]:
        lines = [one.strip(" \t-–•;") for one in self.cleaned_data[name].splitlines()]
        told = [one for one in lines if one]
        if len(told) > MOST_LINES:
            raise forms.ValidationError(_("Sixty lines at most."))
        return told

    def entry(self, item: Item | None = None) -> Entry:
        """What was filled in."""
        return Entry(**self.cleaned_data, item=item)


def known(document: Document) -> dict[str, Any]:
    """What the form begins with for a document of the register."""
    names = (
        *("way", "kind", "number", "issuer", "issued_on", "abstract", "signing", "signer"),
        *("in_force_from", "in_force_to", "arrived_on", "arrival_number", "shared_below"),
    )
    return {
        **{name: getattr(document, name) for name in names},
        "bases": "\n".join(one.words for one in document.bases.all()),
        "recipients": "\n".join(one.name for one in document.recipients.all()),
    }


def recognised(item: Item, unit: Unit) -> dict[str, Any]:
    """What the form begins with for a document of the library: what was recognised and not
    dropped."""
    told: dict[str, list[str]] = {}
    for one in item.fields.exclude(state=DocumentField.State.DROPPED):
        told.setdefault(one.name, []).append(one.value)
    first = {name: values[0] for name, values in told.items()}
    issuer = first.get(Name.ISSUER, "")
    own = " ".join(unit.full_name.lower().split()) in " ".join(issuer.lower().split())
    signing = ", ".join(told.get(Name.AUTHORITY, []) + told.get(Name.SIGNER_POST, []))
    day = first.get(Name.ISSUED_ON, "")
    return {
        "way": Document.Way.OUT if own else Document.Way.IN,
        "kind": first.get(Name.KIND, ""),
        "number": first.get(Name.NUMBER, ""),
        "issuer": issuer,
        "issued_on": day_of(day) if day else None,
        "abstract": first.get(Name.ABSTRACT, ""),
        "signing": signing[:120],
        "signer": first.get(Name.SIGNER, ""),
        "bases": "\n".join(told.get(Name.BASIS, [])),
        "recipients": "\n".join(told.get(Name.RECIPIENT, [])),
    }


class EndForm(forms.Form):
    """From when it holds no longer, and what stands in its place."""

    ends_on = forms.DateField(label=_("First day no longer in force"), widget=DateInput())
    replaced_by = forms.ChoiceField(label=_("Replaced by"), required=False)

    def __init__(self, *args: Any, document: Document, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = visible(unit).exclude(pk=document.pk).order_by("-issued_on", "-pk")
        self.others = {str(one.pk): one for one in others[:_MOST_OFFERED]}
        field: Any = self.fields["replaced_by"]
        field.choices = [
            ("", "–"),
            *((key, f"{one} – {one.abstract[:80]}") for key, one in self.others.items()),
        ]

    def follower(self) -> Document | None:
        return self.others.get(self.cleaned_data["replaced_by"])


class CampaignForm(AimForm):
    """Whom a document is brought to, and until when: units below, of which that may be demanded,
    and the own one."""

    field_order = ("due_on", "text", "whom", "chosen")
    due_on = forms.DateField(label=_("To be confirmed until"), widget=DateInput())
    text = forms.CharField(
        label=_("To stress"), required=False, max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip

    def __init__(self, *args: Any, unit: Unit, on: date, **kwargs: Any) -> None:
        super().__init__(*args, unit=unit, on=on, **kwargs)
        below = set(charges(unit, on).values_list("pk", flat=True))
        place = territory(unit)
        self.areas = {pk: area for pk, area in self.areas.items() if area == place}
        self.units = {unit.pk: unit, **{pk: u for pk, u in self.units.items() if pk in below}}
        chosen: Any = self.fields["chosen"]
        kept = [(key, label) for key, label in chosen.choices if int(key) in below]
        chosen.choices = [(str(unit.pk), _("our own unit")), *kept]
        chosen.initial = [str(unit.pk)]
        whom: Any = self.fields["whom"]
        whole = [
            (key, label)
            for key, label in whom.choices
            if key.isdecimal() and int(key) in self.areas
        ]
        whom.choices = [*whole, (CHOSEN, _("chosen units"))]
        whom.initial = whom.choices[0][0]


class MeetingForm(forms.Form):
    """A session at which it was explained."""

    held_on = forms.DateField(label=_("Held on"), widget=DateInput())
    place = forms.CharField(label=_("Place"), max_length=200)
    attended = forms.IntegerField(label=_("People who came"), min_value=1, max_value=100_000)
    speaker = forms.CharField(label=_("Who spoke"), max_length=200, required=False)
    note = forms.CharField(
        label=_("What people asked"), max_length=1_000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def meeting(self) -> Meeting:
        return Meeting(**self.cleaned_data)


class WhyForm(forms.Form):
    """Why a document stands although a basis has ended."""

    why = forms.CharField(
        label=_("Why does it still stand?"), max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
