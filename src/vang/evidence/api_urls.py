"""Addresses that nodes call."""

from django.urls import path

from vang.evidence import api

app_name = "journal_api"
urlpatterns = [path("journal", api.journal, name="journal")]
