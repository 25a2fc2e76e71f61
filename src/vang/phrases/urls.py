"""Addresses of the phrase bank."""

from django.urls import path

from vang.phrases import views

app_name = "phrases"
urlpatterns = [
    path("", views.bank, name="bank"),
    path("state", views.state, name="state"),
    path("record", views.record, name="record"),
    path("add", views.add, name="add"),
    path("<int:pk>/remove", views.remove, name="remove"),
    path("pins/<slug:name>", views.pin, name="pin"),
]
