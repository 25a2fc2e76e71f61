"""Addresses of desk."""

from django.urls import path

from vang.desk import views
from vang.desk.health import health

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("health", health, name="health"),
]
