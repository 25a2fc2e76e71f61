"""Which pages of the logbook somebody wants, and who signs them."""

from calendar import monthrange
from datetime import date

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from vang.base.text import clean_text
from vang.base.widgets import DateInput


class LogbookFilter(forms.Form):
    """A day, or the month it lies in. Whatever makes no sense is passed over."""

    day = forms.DateField(label=_("Day"), required=False, widget=DateInput)
    span = forms.ChoiceField(
        label=_("Days of the book"),
        choices=[("day", _("This day")), ("month", _("The whole month"))],
        required=False,
    )
    announcer = forms.CharField(label=_("Announcer"), required=False, max_length=120)
    station_head = forms.CharField(label=_("Head of the station"), required=False, max_length=120)

    def __init__(self, asked: QueryDict, *, today: date) -> None:
        wanted = asked.copy()
        if not wanted.get("day"):
            wanted["day"] = today.isoformat()
        super().__init__(wanted)
        self._today = today
        self.is_valid()

    @property
    def period(self) -> tuple[date, date]:
        """The first and the last day."""
        day = self.cleaned_data.get("day") or self._today
        if self.cleaned_data.get("span") != "month":
            return day, day
        return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])

    def name(self, field: str) -> str:
        return " ".join(clean_text(str(self.cleaned_data.get(field) or "")).split())
