"""Choosing whom something is for: everybody in an area, or some units."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vang.orgs.models import Unit
from vang.orgs.reach import MOST_PARTNERS, Aim, areas, partners

CHOSEN = "chosen"


class AimForm(forms.Form):
    """The fields ``whom`` and ``chosen``; a form that asks for more is derived from it."""

    whom = forms.ChoiceField(label=_("To whom"), widget=forms.RadioSelect)
    chosen = forms.MultipleChoiceField(
        label=_("Chosen units"),
        help_text=_("Only when “chosen units” is marked above."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, unit: Unit, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {one.pk: one for one in partners(unit, on)[:MOST_PARTNERS]}
        self.areas = {one.pk: one for one in areas(unit)}
        whom: Any = self.fields["whom"]
        whom.choices = [(str(pk), _everybody(area)) for pk, area in self.areas.items()]
        if self.units:
            whom.choices = [*whom.choices, (CHOSEN, _("chosen units"))]
        whom.initial = whom.choices[0][0] if whom.choices else None
        chosen: Any = self.fields["chosen"]
        chosen.choices = [(str(pk), one.full_name) for pk, one in self.units.items()]

    def clean(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().clean() or self.cleaned_data
        if fields.get("whom") == CHOSEN and not fields.get("chosen"):
            self.add_error("chosen", _("Choose at least one unit."))
        return fields

    def aims(self) -> list[Aim]:
        """To whom, as chosen."""
        whom = self.cleaned_data["whom"]
        if whom != CHOSEN:
            return [Aim(self.areas[int(whom)], below=True)]
        return [Aim(self.units[int(key)]) for key in self.cleaned_data["chosen"]]


def chosen_before(targets: Any) -> dict[str, Any]:
    """What the form begins with for targets (rows with ``unit`` and ``below``) chosen before."""
    rows = list(targets.values_list("unit", "below"))
    whole = [str(unit) for unit, below in rows if below]
    if whole:
        return {"whom": whole[0], "chosen": []}
    return {"whom": CHOSEN, "chosen": [str(unit) for unit, _below in rows]} if rows else {}


def _everybody(area: Unit) -> str:
    return _("everybody in %(unit)s") % {"unit": area.full_name}
