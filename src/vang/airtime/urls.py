"""Addresses of the air."""

from django.urls import path

from vang.airtime.views import (
    calendar,
    days,
    feeds,
    heard,
    moving,
    placing,
    policies,
    programmes,
    rundown,
    sounds,
    times,
)

app_name = "airtime"
urlpatterns = [
    path("", days.day, name="day"),
    path("week", calendar.week, name="week"),
    path("clusters", calendar.clusters, name="clusters"),
    path("communes", calendar.communes, name="communes"),
    path("events", calendar.events, name="events"),
    path("heard", heard.heard, name="heard"),
    path("add", calendar.add, name="add"),
    path("<int:unit_pk>/stop", days.stop, name="stop"),
    path("<int:unit_pk>/stop-all", days.stop_everything, name="stop-all"),
    path("placements/<int:pk>/take-off", days.take_off, name="take-off"),
    path("place/<int:bulletin_pk>", placing.place, name="place"),
    path("programmes", programmes.programme_list, name="programmes"),
    path("programmes/new", programmes.new, name="new-programme"),
    path("programmes/<int:pk>", programmes.edit, name="edit-programme"),
    path("programmes/<int:pk>/end", programmes.end, name="end-programme"),
    path("programmes/<int:pk>/times", times.coming, name="times"),
    path("programmes/<int:pk>/skip", times.skip, name="skip-time"),
    path("programmes/<int:pk>/restore", times.restore, name="restore-time"),
    path("programmes/<int:pk>/rundown", rundown.rundown, name="rundown"),
    path("parts/<int:pk>/shift", rundown.shift, name="shift-part"),
    path("parts/<int:pk>/remove", rundown.remove, name="remove-part"),
    path("sounds", sounds.station_sounds, name="sounds"),
    path("sounds/<int:pk>/approve", sounds.approve, name="approve-sound"),
    path("sounds/<int:pk>/retire", sounds.retire, name="retire-sound"),
    path("move/<str:key>", moving.move_page, name="move"),
    path("days-off", times.off_days, name="days-off"),
    path("days-off/<int:pk>/remove", times.remove_off_day, name="remove-day-off"),
    path("feeds", feeds.feeds, name="feeds"),
    path("feeds/<int:pk>/revoke", feeds.revoke, name="revoke-feed"),
    path("hours", policies.policy, name="policy"),
    path("hours/clusters/<int:pk>", policies.quiet_zone, name="quiet-zone"),
]
