"""What the link tells of live voices."""

from django.urls import path

from vang.live.api import ended

app_name = "live_api"
urlpatterns = [path("internal/live", ended, name="ended")]
