"""Addresses of the journal's pages."""

from django.urls import path

from vang.chronicle import views

app_name = "chronicle"
urlpatterns = [
    path("", views.unit, name="unit"),
    path("mine", views.mine, name="mine"),
    path("of/<str:kind>/<str:key>", views.subject, name="subject"),
    path("of/<str:kind>/<str:key>/latest", views.latest, name="latest"),
]
