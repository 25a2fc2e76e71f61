"""What is filled in for plans, series and scores."""

from datetime import date
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vang.airtime.choosing import programmes_to_choose
from vang.airtime.models import Programme
from vang.base.clock import now
from vang.bulletins.models import Category
from vang.editorial.models import MOST_POINTS, Criterion, Line, Season, Series
from vang.editorial.queries import lines_to_choose, names_to_choose, people_of
from vang.editorial.services.planning import Theme
from vang.editorial.services.series import Idea
from vang.orgs.models import Unit
from vang.people.models import Person

_ANY_CATEGORY = [("", pgettext_lazy("category", "any")), *Category.choices]


class PlanForm(forms.Form):
    """Title and number."""

    title = forms.CharField(label=_("Title of the plan"), max_length=300)
    number = forms.CharField(
        label=_("Number and symbol"),
        max_length=60,
        required=False,
        help_text=_("As on the document: 15/KH-UBND."),
    )


def _months() -> list[tuple[int, str]]:
    return [(n, str(_("month %(n)s")) % {"n": n}) for n in range(1, 13)]


class LineForm(forms.Form):
    """A theme and its quota."""

    name = forms.CharField(label=_("Theme"), max_length=200)
    month_from = forms.TypedChoiceField(label=_("From month"), coerce=int)
    month_to = forms.TypedChoiceField(label=_("To month"), coerce=int)
    category = forms.ChoiceField(
        label=_("Category"),
        choices=_ANY_CATEGORY,
        required=False,
        help_text=_("Every bulletin of this category counts."),
    )
    series = forms.ModelChoiceField(
        label=_("Series"),
        queryset=Series.objects.none(),
        required=False,
        empty_label=pgettext_lazy("series", "any"),
        help_text=_("Without a category and a series only bulletins put under this theme count."),
    )
    source = forms.ChoiceField(label=_("Counts"), choices=Line.Source.choices)
    items = forms.IntegerField(label=_("Bulletins"), min_value=1, max_value=10_000, required=False)
    minutes = forms.IntegerField(
        label=_("Minutes heard"), min_value=1, max_value=600_000, required=False
    )
    note = forms.CharField(
        label=_("Note"), max_length=1_000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("month_from", "month_to"):
            field: Any = self.fields[name]
            field.choices = _months()
        series: Any = self.fields["series"]
        series.queryset = Series.objects.filter(unit=unit, ended_on=None).order_by("name")

    def clean(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = fields.get("month_from"), fields.get("month_to")
        if first and last and last < first:
            self.add_error("month_to", _("The last month must not lie before the first."))
        if not fields.get("items") and not fields.get("minutes"):
            self.add_error("items", _("Give a number of bulletins, of minutes, or both."))
        return fields

    def theme(self) -> Theme:
        return Theme(**self.cleaned_data)


def known_line(line: Line) -> dict[str, Any]:
    """What the form begins with."""
    names = ("name", "month_from", "month_to", "category", "source", "items", "minutes", "note")
    return {**{name: getattr(line, name) for name in names}, "series": line.series_id}


class SeasonForm(forms.ModelForm):  # type: ignore[type-arg]
    """A season of the unit's own calendar."""

    class Meta:
        model = Season
        fields = ["name", "month_from", "month_to", "category", "note"]

    name = forms.CharField(label=_("Season, campaign or day"), max_length=200)
    month_from = forms.TypedChoiceField(label=_("From month"), coerce=int)
    month_to = forms.TypedChoiceField(
        label=_("To month"), coerce=int, help_text=_("An earlier month means the next year.")
    )
    category = forms.ChoiceField(label=_("Category"), choices=_ANY_CATEGORY, required=False)
    note = forms.CharField(label=_("Note"), max_length=1_000, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("month_from", "month_to"):
            field: Any = self.fields[name]
            field.choices = _months()


class SeriesForm(forms.Form):
    """Name, frequency, place on the air, who answers for it, length."""

    name = forms.CharField(label=_("Name of the series"), max_length=120)
    description = forms.CharField(
        label=_("What it is about and for whom"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    frequency = forms.ChoiceField(label=_("How often"), choices=Series.Frequency.choices)
    category = forms.ChoiceField(label=_("Category"), choices=_ANY_CATEGORY, required=False)
    programme = forms.ModelChoiceField(
        label=_("Usual programme"),
        queryset=Programme.objects.none(),
        required=False,
        empty_label=pgettext_lazy("programme", "none"),
    )
    responsible = forms.ModelChoiceField(
        label=_("Who answers for it"),
        queryset=Person.objects.none(),
        required=False,
        empty_label=pgettext_lazy("person", "nobody"),
        help_text=_("Is reminded when the next one is overdue."),
    )
    target_min = forms.DecimalField(
        label=_("Length aimed at, in minutes"),
        min_value=0,
        max_value=120,
        max_digits=5,
        decimal_places=1,
        required=False,
    )

    def __init__(self, *args: Any, unit: Unit, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        programme: Any = self.fields["programme"]
        programme.queryset = programmes_to_choose(unit, now())
        responsible: Any = self.fields["responsible"]
        responsible.queryset = people_of(unit, on)

    def idea(self) -> Idea:
        fields = dict(self.cleaned_data)
        minutes = fields.pop("target_min")
        return Idea(**fields, target_s=round(minutes * 60) if minutes else None)


def known_series(series: Series) -> dict[str, Any]:
    """What the form begins with."""
    return {
        "name": series.name,
        "description": series.description,
        "frequency": series.frequency,
        "category": series.category,
        "programme": series.programme_id,
        "responsible": series.responsible_id,
        "target_min": round(series.target_s / 60, 1) if series.target_s else None,
    }


class PlaceForm(forms.Form):
    """The series and the theme of a bulletin."""

    series = forms.ModelChoiceField(
        label=_("Series"),
        queryset=Series.objects.none(),
        required=False,
        empty_label=pgettext_lazy("series", "none"),
    )
    line = forms.ModelChoiceField(
        label=_("Theme of the year's plan"),
        queryset=Line.objects.none(),
        required=False,
        empty_label=_("by its category and series"),
    )

    def __init__(self, *args: Any, unit_pk: int, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        series: Any = self.fields["series"]
        series.queryset = Series.objects.filter(unit=unit_pk, ended_on=None).order_by("name")
        line: Any = self.fields["line"]
        line.queryset = lines_to_choose(unit_pk, year)

    @cached_property
    def has_choices(self) -> bool:
        """Whether there is anything to choose: both lists, read in one query."""
        series: Any = self.fields["series"]
        line: Any = self.fields["line"]
        rows = names_to_choose(series.queryset, line.queryset)
        series.choices = [("", series.empty_label), *rows[Series]]
        line.choices = [("", line.empty_label), *rows[Line]]
        return bool(rows[Series] or rows[Line])


class CriterionForm(forms.Form):
    """A criterion of quality."""

    name = forms.CharField(label=_("Criterion"), max_length=120)
    weight = forms.IntegerField(
        label=_("Weight"), min_value=1, max_value=MOST_POINTS, initial=1,
        help_text=_("How many times it counts."),
    )  # fmt: skip


class ScoreForm(forms.Form):
    """Points for each criterion."""

    comment = forms.CharField(
        label=_("Comment"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, criteria: list[Criterion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        for criterion in criteria:
            self.fields[f"c{criterion.pk}"] = forms.IntegerField(
                label=criterion.name, min_value=0, max_value=MOST_POINTS
            )
        self.order_fields([*(f"c{one.pk}" for one in criteria), "comment"])

    def points(self) -> dict[int, int]:
        return {one.pk: self.cleaned_data[f"c{one.pk}"] for one in self.criteria}
