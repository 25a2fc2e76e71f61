"""Addresses of the webhook channel's settings."""

from django.urls import path

from vang.channels.webhook import views

app_name = "webhook"
urlpatterns = [
    path("", views.hooks, name="hooks"),
    path("<int:pk>/end", views.end, name="end"),
    path("<int:pk>/trial", views.trial, name="trial"),
]
