"""Addresses where an administrator lets other systems in."""

from django.urls import path

from vang.connections import views

app_name = "connections"
urlpatterns = [
    path("", views.token_list, name="list"),
    path("about", views.about, name="about"),
    path("<int:pk>/revoke", views.revoke, name="revoke"),
]
