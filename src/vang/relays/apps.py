from django.apps import AppConfig


class RelaysConfig(AppConfig):
    name = "vang.relays"
    label = "relays"
    default_auto_field = "django.db.models.BigAutoField"
