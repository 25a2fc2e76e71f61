"""Addresses of the air."""

from django.urls import path

from vang.airtime.views import days, placing, policies, programmes

app_name = "airtime"
urlpatterns = [
    path("", days.day, name="day"),
    path("<int:unit_pk>/stop", days.stop, name="stop"),
    path("<int:unit_pk>/stop-all", days.stop_everything, name="stop-all"),
    path("placements/<int:pk>/take-off", days.take_off, name="take-off"),
    path("place/<int:bulletin_pk>", placing.place, name="place"),
    path("programmes", programmes.programme_list, name="programmes"),
    path("programmes/new", programmes.new, name="new-programme"),
    path("programmes/<int:pk>", programmes.edit, name="edit-programme"),
    path("programmes/<int:pk>/end", programmes.end, name="end-programme"),
    path("hours", policies.policy, name="policy"),
]
