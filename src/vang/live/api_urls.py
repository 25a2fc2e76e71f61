"""What the link tells of live voices."""

from django.urls import path

from vang.live.api import ended

urlpatterns = [path("internal/live", ended)]
