"""Form widgets that open the device's own calendar and clock.

A native date field sends 2026-06-10 whatever the page's language; the formats here must match it.
"""

from django import forms


class DateInput(forms.DateInput):
    """One day."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    """An hour and minute."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class DateTimeInput(forms.DateTimeInput):
    """A day with its hour and minute, local time."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class LongText(forms.Textarea):
    """A tall text field with a counter, for the text of a bulletin."""

    def __init__(self) -> None:
        super().__init__(attrs={"class": "field-long", "rows": 18})
