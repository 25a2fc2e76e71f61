"""Addresses that nodes call about releases."""

from django.urls import path

from vang.rollouts import api

app_name = "rollouts_api"
urlpatterns = [path("release", api.release, name="release")]
