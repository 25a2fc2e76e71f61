"""Addresses of the figures."""

from django.urls import path

from vang.figures import views

app_name = "figures"
urlpatterns = [
    path("", views.page, name="page"),
    path("<int:pk>", views.place, name="place"),
]
