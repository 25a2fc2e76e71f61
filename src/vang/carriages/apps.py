from django.apps import AppConfig


class CarriagesConfig(AppConfig):
    name = "vang.carriages"
    label = "carriages"
    default_auto_field = "django.db.models.BigAutoField"
