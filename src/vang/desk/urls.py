"""Addresses of desk."""

from django.urls import path

from vang.desk.health import health

app_name = "desk"
urlpatterns = [path("health", health, name="health")]
