"""Addresses that calendar programs read."""

from django.urls import path

from vang.airtime.views import feeds

app_name = "calendar"
urlpatterns = [path("<str:token>.ics", feeds.calendar, name="file")]
