from django.apps import AppConfig


class MergersConfig(AppConfig):
    name = "vang.mergers"
    label = "mergers"
    default_auto_field = "django.db.models.BigAutoField"
