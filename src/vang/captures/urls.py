"""Addresses of recordings for later."""

from django.urls import path

from vang.captures import views

app_name = "captures"
urlpatterns = [
    path("", views.capture_list, name="list"),
    path("<int:pk>/cancel", views.cancel, name="cancel"),
]
