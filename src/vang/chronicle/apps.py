from django.apps import AppConfig


class ChronicleConfig(AppConfig):
    name = "vang.chronicle"
    label = "chronicle"
    default_auto_field = "django.db.models.BigAutoField"
