from django.apps import AppConfig


class AirtimeConfig(AppConfig):
    name = "vang.airtime"
    label = "airtime"
    default_auto_field = "django.db.models.BigAutoField"
