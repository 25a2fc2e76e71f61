"""Addresses of the feeds' acts."""

from django.urls import path

from vang.channels.feed import views

app_name = "feed"
urlpatterns = [path("alerts/<uuid:pk>/publish", views.publish, name="publish")]
