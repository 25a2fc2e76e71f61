"""Addresses of relays as they were carried."""

from django.urls import path

from vang.carriages import views

app_name = "carriages"
urlpatterns = [path("", views.carried, name="carried")]
