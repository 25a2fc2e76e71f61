"""What is typed on the pages of reports."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vang.base.widgets import DateInput
from vang.orgs.models import Unit
from vang.reports.facts import facts
from vang.reports.models import Form, Indicator
from vang.reports.models.forms import MILLI
from vang.reports.services.opening import Days


class ExtendForm(forms.Form):
    until = forms.DateField(label=_("New due day"), widget=DateInput)
    reason = forms.CharField(label=_("Reason"), max_length=500)


class NewForm(forms.Form):
    """A form of one's own."""

    code = forms.CharField(
        label=_("Code"), max_length=40, help_text=_("Short, such as BC-QUY; letters and digits.")
    )
    name = forms.CharField(label=pgettext_lazy("report form", "Name"), max_length=300)
    like = forms.ModelChoiceField(
        label=_("Begin with the indicators of"), queryset=Form.objects.none(), required=False,
        empty_label=_("none: an empty form"),
    )  # fmt: skip

    def __init__(self, *args: Any, offered: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["like"]
        field.queryset = offered


class IndicatorForm(forms.ModelForm[Indicator]):
    """One indicator of a draft."""

    least = forms.IntegerField(label=_("Smallest figure"), required=False)
    most = forms.IntegerField(label=_("Largest figure"), required=False)
    offered = forms.CharField(
        label=_("Answers to choose from"),
        help_text=_("One a line; only for a choice."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )
    formula = forms.ChoiceField(
        label=_("Figure from the records"),
        help_text=_("None: somebody types it."),
        required=False,
    )

    class Meta:
        model = Indicator
        fields = (
            "code", "group", "kind", "name", "measure", "definition", "formula", "rollup",
            "decimals", "required", "carried", "not_above", "jump",
        )  # fmt: skip
        labels = {
            "code": _("Code"),
            "group": _("Group"),
            "kind": pgettext_lazy("indicator", "Kind"),
            "name": pgettext_lazy("indicator", "Name"),
            "measure": _("Unit of measure"),
            "definition": _("Definition"),
            "rollup": _("Put together as"),
            "decimals": _("Digits after the comma"),
            "required": _("Must be given"),
            "carried": _("Begins with the last round's figure"),
            "not_above": _("Not more than the indicator with the code"),
            "jump": _("Per cent against the last round that need a note"),
        }
        help_texts = {"not_above": "", "jump": _("0: no such rule."), "measure": "", "carried": ""}
        widgets = {"definition": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["formula"]
        known = ((one.name, one.label) for one in facts())
        choice.choices = [("", pgettext_lazy("indicator", "none")), *known]
        one = self.instance
        if one.pk:
            self.initial["least"] = None if one.least is None else one.least // MILLI
            self.initial["most"] = None if one.most is None else one.most // MILLI
            self.initial["offered"] = "\n".join(one.choices)
        else:
            self.initial.setdefault("least", 0)
        self.order_fields(
            ["code", "name", "group", "kind", "measure", "definition", "formula", "rollup",
             "decimals", "least", "most", "not_above", "jump", "required", "carried", "offered"]
        )  # fmt: skip

    def _post_clean(self) -> None:
        """The service checks the whole against the draft."""

    def values(self) -> dict[str, Any]:
        """Fields of the model, as the service takes them."""
        told = {name: self.cleaned_data[name] for name in self.Meta.fields}
        for name in ("least", "most"):
            whole = self.cleaned_data.get(name)
            told[name] = None if whole is None else whole * MILLI
        lines = (one.strip() for one in self.cleaned_data["offered"].splitlines())
        told["choices"] = [one for one in lines if one]
        return told


class RegimeForm(forms.Form):
    """Which reports are due every year."""

    name = forms.CharField(label=pgettext_lazy("regime", "Name"), max_length=200)
    form = forms.ModelChoiceField(label=_("Form"), queryset=Form.objects.none(), empty_label=None)
    level = forms.ChoiceField(
        label=_("Who reports"),
        choices=[
            (Unit.Level.COMMUNE.value, _("communes")),
            (Unit.Level.DISTRICT.value, _("districts")),
        ],
    )
    with_offices = forms.BooleanField(label=_("and offices"), required=False)
    days = forms.ChoiceField(
        label=_("Due"),
        choices=[
            ("half-years", _("10/06 and 10/11 of every year")),
            ("year", _("15/03 for the year before")),
        ],
    )
    basis = forms.CharField(label=_("Legal basis"), max_length=300, required=False)
    recipients = forms.CharField(
        label=_("Recipients for information"),
        help_text=_("One a line."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )

    def __init__(self, *args: Any, offered: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["form"]
        field.queryset = offered


class RoundForm(forms.Form):
    """A round opened by hand."""

    name = forms.CharField(label=pgettext_lazy("round", "Name"), max_length=200)
    covers_from = forms.DateField(label=_("Covers from"), widget=DateInput)
    covers_to = forms.DateField(label=_("Covers until"), widget=DateInput)
    opens_on = forms.DateField(label=_("Opens on"), widget=DateInput)
    due_on = forms.DateField(label=_("Due on"), widget=DateInput)
    locks_on = forms.DateField(label=_("Locked after"), widget=DateInput)

    def days(self) -> Days:
        told = self.cleaned_data
        return Days(*(told[name] for name in ("covers_from", "covers_to", "opens_on", "due_on",
                                              "locks_on")))  # fmt: skip


def known_days(days: Days) -> dict[str, date]:
    return dict(vars(days))
