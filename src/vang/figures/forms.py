"""Which period somebody wants to see."""

from datetime import date

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vang.base.widgets import DateInput
from vang.figures.periods import Period, Span, own_period, period_of

_EARLIEST, _LATEST = date(2000, 1, 1), date(2100, 12, 31)


class PeriodForm(forms.Form):
    """A span around a day, or two dates. Whatever makes no sense is passed over."""

    span = forms.ChoiceField(choices=[(span, span) for span in Span], required=False)
    day = forms.DateField(required=False)
    first = forms.DateField(
        label=pgettext_lazy("first and last day", "From"), required=False, widget=DateInput
    )
    last = forms.DateField(
        label=pgettext_lazy("first and last day", "Until"), required=False, widget=DateInput
    )

    def __init__(self, asked: QueryDict, *, today: date) -> None:
        super().__init__(asked)
        self._today = today
        self.is_valid()

    @property
    def period(self) -> Period:
        """The month up to now unless something else is asked for."""
        first, last = self._day("first"), self._day("last")
        span = Span(self.cleaned_data.get("span") or Span.MONTH)
        if span == Span.OWN and first and last:
            return own_period(first, last)
        if span == Span.OWN:
            span = Span.MONTH
        return period_of(span, self._day("day") or self._today)

    def _day(self, name: str) -> date | None:
        day: date | None = self.cleaned_data.get(name)
        return min(max(day, _EARLIEST), _LATEST) if day else None


SPANS = {
    Span.WEEK: _("Week"),
    Span.MONTH: _("Month"),
    Span.HALF: _("Half-year"),
    Span.YEAR: _("Year"),
}
"""Those with a button of their own."""
