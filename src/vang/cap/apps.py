from django.apps import AppConfig


class CapConfig(AppConfig):
    """No tables, no pages: an app for its words' sake."""

    name = "vang.cap"
    label = "cap"
