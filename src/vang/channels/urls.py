"""Addresses of the pages about channels. Each channel's own are added by vang.config.urls."""

from django.urls import path

from vang.channels import views

app_name = "channels"
urlpatterns = [
    path("", views.deliveries, name="list"),
    path("bulletins/<int:pk>", views.bulletin_channels, name="bulletin"),
    path("bulletins/<int:pk>/release", views.release, name="release"),
    path("deliveries/<int:pk>/retry", views.retry, name="retry"),
    path("settings", views.settings, name="settings"),
]
