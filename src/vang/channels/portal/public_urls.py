"""Addresses of the public pages."""

from django.urls import path

from vang.channels.portal import views

app_name = "portal"
urlpatterns = [
    path("<str:code>/", views.preview, name="preview"),
    path("<str:code>/<path:path>", views.preview, name="file"),
]
