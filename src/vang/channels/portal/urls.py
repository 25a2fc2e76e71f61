"""Addresses of the administrator's pages about the public page."""

from django.urls import path

from vang.channels.portal import settings_views

app_name = "portal-settings"
urlpatterns = [
    path("", settings_views.profile, name="profile"),
    path("sections/new", settings_views.section, name="new-section"),
    path("sections/<int:pk>", settings_views.section, name="section"),
    path("sections/<int:pk>/remove", settings_views.remove, name="remove-section"),
    path("sections/<int:pk>/move", settings_views.move, name="move-section"),
]
