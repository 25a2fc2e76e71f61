"""Addresses of airtime."""

from django.urls import URLPattern

app_name = "airtime"
urlpatterns: list[URLPattern] = []
