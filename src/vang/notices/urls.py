"""Addresses of notices."""

from django.urls import path

from vang.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.notices, name="list"),
    path("read", views.read_all, name="read-all"),
    path("<int:pk>/open", views.open_notice, name="open"),
    path("<int:pk>/unread", views.unread, name="unread"),
    path("preferences", views.preferences, name="preferences"),
]
