"""Addresses that nodes call."""

from django.urls import URLPattern

app_name = "node_api"
urlpatterns: list[URLPattern] = []
