"""Addresses of plans, series and scores."""

from django.urls import path

from vang.editorial.views import planning, scoring, series

app_name = "editorial"
urlpatterns = [
    path("plan", planning.plan_of_year, name="plan"),
    path("plan/start", planning.start, name="start"),
    path("plans/<int:pk>", planning.plan_page, name="open"),
    path("plans/<int:pk>/copy", planning.copy, name="copy"),
    path("plans/<int:pk>/edit", planning.change, name="change"),
    path("plans/<int:pk>/adopt", planning.adopt, name="adopt"),
    path("plans/<int:pk>/reopen", planning.reopen, name="reopen"),
    path("plans/<int:pk>/below", planning.below, name="below"),
    path("plans/<int:pk>/lines", planning.new_line, name="new-line"),
    path("plans/<int:pk>/suggestions", planning.suggestions_page, name="suggestions"),
    path("lines/<int:pk>", planning.line_page, name="line"),
    path("lines/<int:pk>/remove", planning.remove_line, name="remove-line"),
    path("seasons", planning.seasons, name="seasons"),
    path("seasons/<int:pk>/remove", planning.remove_season, name="remove-season"),
    path("series", series.series_list, name="series-list"),
    path("series/new", series.new, name="new-series"),
    path("series/<int:pk>", series.series_page, name="series"),
    path("series/<int:pk>/edit", series.change, name="change-series"),
    path("series/<int:pk>/end", series.end, name="end-series"),
    path("bulletins/<int:bulletin_pk>", series.place, name="place"),
    path("bulletins/<int:bulletin_pk>/score", scoring.score, name="score"),
    path("criteria", scoring.criteria, name="criteria"),
    path("criteria/first", scoring.first_criteria, name="first-criteria"),
    path("criteria/<int:pk>/end", scoring.end_criterion, name="end-criterion"),
]
