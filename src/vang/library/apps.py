from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "vang.library"
    label = "library"
    default_auto_field = "django.db.models.BigAutoField"
