"""Addresses of the mailing list."""

from django.urls import path

from vang.channels.mailing import views

app_name = "mailing"
urlpatterns = [
    path("", views.subscribers, name="list"),
    path("<str:code>/subscribe", views.ask, name="ask"),
    path("confirm/<str:token>", views.confirm, name="confirm"),
    path("leave/<str:token>", views.leave, name="leave"),
]
