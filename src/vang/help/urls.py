"""Addresses of the help."""

from django.urls import path

from vang.help import views

app_name = "help"
urlpatterns = [
    path("", views.contents, name="contents"),
    path("screen", views.screen, name="screen"),
    path("<slug:name>", views.chapter, name="chapter"),
]
