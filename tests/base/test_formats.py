"""Dates and numbers as Vietnam writes them, in both languages."""

from datetime import date, datetime, time

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation


class Typed(forms.Form):
    day = forms.DateField(localize=True)
    hour = forms.TimeField(localize=True)
    moment = forms.DateTimeField(localize=True)


def read(day: str, hour: str = "16:30", moment: str = "10/06/2026 16:30") -> Typed:
    return Typed({"day": day, "hour": hour, "moment": moment})


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_tenth_of_june_is_not_the_sixth_of_october(language: str) -> None:
    with translation.override(language):
        form = read("10/06/2026")
        assert form.is_valid(), form.errors
        assert form.cleaned_data["day"] == date(2026, 6, 10)
        assert form.cleaned_data["moment"].day == 10
        assert form.cleaned_data["moment"].month == 6


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("typed", ["10/06/2026", "10-06-2026", "10.06.2026", "2026-06-10"])
def test_usual_ways_of_writing_a_day(language: str, typed: str) -> None:
    with translation.override(language):
        form = read(typed)
        assert form.is_valid(), form.errors
        assert form.cleaned_data["day"] == date(2026, 6, 10)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("typed", ["06/13/2026", "31/02/2026", "mai"])
def test_what_is_no_day_is_refused(language: str, typed: str) -> None:
    with translation.override(language):
        assert "day" in read(typed).errors
        assert read("13/06/2026").is_valid()


@pytest.mark.parametrize("typed", ["16:30", "16h30", "16g30"])
def test_usual_ways_of_writing_an_hour(typed: str) -> None:
    with translation.override("vi"):
        form = read("10/06/2026", hour=typed)
        assert form.is_valid(), form.errors
        assert form.cleaned_data["hour"] == time(16, 30)


def test_pages_show_days_and_numbers_the_vietnamese_way() -> None:
    page = Template("{{ day }} {{ moment }} {{ many|vi_number }} {{ half }} {{ many }}")
    shown = {
        "day": date(2026, 6, 10),
        "moment": datetime(2026, 6, 10, 16, 30),
        "many": 1_250_000,
        "half": 3.5,
    }
    with translation.override("vi"):
        assert page.render(Context(shown)) == "10/06/2026 16:30 10/06/2026 1.250.000 3,5 1250000"
    with translation.override("en"):
        assert page.render(Context(shown)).startswith("10/06/2026 16:30 10/06/2026 ")
