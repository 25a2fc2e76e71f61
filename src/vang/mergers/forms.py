"""What is typed about a change of units, and the list that is brought."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vang.base.text import clean_text
from vang.base.widgets import DateInput
from vang.orgs.models import Unit, UnitChange
from vang.orgs.national import listed
from vang.orgs.services import Newcomer, Part

Kind = UnitChange.Kind
_COMMUNE_KINDS = [
    (one.value, one.label)
    for one in (
        Unit.Kind.XA, Unit.Kind.PHUONG, Unit.Kind.THI_TRAN, Unit.Kind.DAC_KHU, Unit.Kind.TINH,
        Unit.Kind.THANH_PHO, Unit.Kind.HUYEN,
    )
]  # fmt: skip
_MOST_PARTS = 4


class DecisionForm(forms.Form):
    """The decision on which a change rests."""

    effective_on = forms.DateField(
        label=_("First day"),
        help_text=_("From this day on it holds; until then it can be cancelled."),
        widget=DateInput,
    )
    legal_basis = forms.CharField(
        label=_("Legal basis"),
        help_text=_("Such as: Resolution 1659/NQ-UBTVQH15 of 16/06/2025"),
        max_length=300,
    )


class ChangeForm(DecisionForm):
    """Fields by kind; ``units`` are those that may be chosen."""

    def __init__(
        self,
        *args: Any,
        kind: str,
        units: Sequence[Unit],
        above: Sequence[Unit] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.above = {str(unit.pk): unit for unit in above}
        self.kind, self.units = kind, {str(unit.pk): unit for unit in units}
        choices = [(key, unit.full_name) for key, unit in self.units.items()]
        several = kind in {Kind.MERGE, Kind.ABOLISH}
        self.fields["before"] = (
            forms.MultipleChoiceField(
                label=_("Units that end"), choices=choices, widget=forms.CheckboxSelectMultiple
            )
            if several
            else forms.ChoiceField(label=_("Unit that changes"), choices=[("", "–"), *choices])
        )
        if kind == Kind.MERGE:
            self._add_unit("", choices)
        elif kind == Kind.SPLIT:
            for number in range(1, _MOST_PARTS + 1):
                self._add_unit(f"{number}_", choices)
                self.fields[f"{number}_weight"] = forms.IntegerField(
                    label=_("Households that go there (part %(number)d)") % {"number": number},
                    help_text=_("Numbers of the whole period before are divided by this."),
                    min_value=1,
                    max_value=999_999,
                    required=False,
                )
        elif kind != Kind.ABOLISH:
            self._add_unit("", [])
        if kind not in {Kind.ABOLISH, Kind.SPLIT}:
            self.fields["parent"] = forms.ChoiceField(
                label=_("Belongs to"),
                choices=[
                    ("", _("the same as before")),
                    *((key, unit.full_name) for key, unit in self.above.items()),
                ],
                required=False,
            )
        self.order_fields(["before", *[name for name in self.fields if name != "before"]])
        for name in ("effective_on", "legal_basis"):
            self.fields[name] = self.fields.pop(name)

    def _add_unit(self, prefix: str, choices: Sequence[tuple[str, str]]) -> None:
        number = {"number": prefix.rstrip("_")} if prefix else None
        if choices:
            into = (
                _("A unit that goes on (part %(number)s)") if number else _("A unit that goes on")
            )
            self.fields[f"{prefix}into"] = forms.ChoiceField(
                label=into % number if number else into,
                help_text=_("Only if they join one that is there; leave the new one empty then."),
                choices=[("", _("none: a new one begins")), *choices],
                required=False,
            )
        words = {
            "code": (_("Code"), _("Code (part %(number)s)")),
            "kind": (pgettext_lazy("unit", "Kind"), _("Kind (part %(number)s)")),
            "name": (_("Name without its kind"), _("Name without its kind (part %(number)s)")),
        }
        labels = {name: two[1] % number if number else two[0] for name, two in words.items()}
        self.fields[f"{prefix}code"] = forms.CharField(
            label=labels["code"],
            help_text=_("By the General Statistics Office; name and kind are found by it."),
            max_length=16,
            required=False,
        )
        self.fields[f"{prefix}kind"] = forms.ChoiceField(
            label=labels["kind"], choices=[("", "–"), *_COMMUNE_KINDS], required=False
        )
        self.fields[f"{prefix}name"] = forms.CharField(
            label=labels["name"], max_length=120, required=False
        )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            self.parts = self._parts(data)
        return data

    def before(self) -> list[Unit]:
        told = self.cleaned_data["before"]
        return [self.units[key] for key in (told if isinstance(told, list) else [told])]

    def _parts(self, data: dict[str, Any]) -> list[Part]:
        before = self.before()
        if self.kind == Kind.ABOLISH:
            return []
        if self.kind != Kind.SPLIT:
            after = self._after("", data, before[0])
            return [Part(unit, after) for unit in before] if after else []
        weights, afters = [], []
        for number in range(1, _MOST_PARTS + 1):
            after = self._after(f"{number}_", data, before[0])
            if after is None:
                continue
            weight = data.get(f"{number}_weight")
            if not weight:
                self.add_error(f"{number}_weight", _("Say how much goes there."))
                continue
            afters.append(after)
            weights.append(weight)
        total = sum(weights)
        return [
            Part(before[0], after, Fraction(weight, total))
            for after, weight in zip(afters, weights, strict=True)
        ]

    def _after(self, prefix: str, data: dict[str, Any], old: Unit) -> Unit | Newcomer | None:
        into = data.get(f"{prefix}into")
        if into:
            return self.units[into]
        code = data[f"{prefix}code"].strip()
        name = " ".join(clean_text(data[f"{prefix}name"]).split())
        known = listed().get(code)
        kind = data[f"{prefix}kind"] or (known.kind if known else "")
        name = name or (known.name if known else "")
        if self.kind not in {Kind.MERGE, Kind.SPLIT}:
            code, kind, name = code or old.code, kind or old.kind, name or old.name
        elif prefix and not code and not name:
            return None
        if not code or not kind or not name:
            self.add_error(f"{prefix}code", _("Give the new unit its code, kind and name."))
            return None
        chosen = self.above.get(data.get("parent") or "", old.parent)
        return Newcomer(code=code, kind=kind, name=name, level=old.level, parent=chosen)


class ListForm(DecisionForm):
    """A file, or the list that comes with the software."""

    national = forms.BooleanField(
        label=_("Take the national list that comes with Vang"),
        help_text=_("3,321 communes of 34 provinces; those of your province are taken."),
        required=False,
    )
    table = forms.FileField(
        label=_("File"), help_text=_(".csv or .xlsx, at most 20,000 rows"), required=False
    )
    complete = forms.BooleanField(
        label=_("The list is complete"),
        help_text=_("Units that it does not have end on that day."),
        required=False,
    )

    field_order = ("national", "table", "complete", "effective_on", "legal_basis")
