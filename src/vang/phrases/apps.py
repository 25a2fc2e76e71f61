from django.apps import AppConfig


class PhrasesConfig(AppConfig):
    name = "vang.phrases"
    label = "phrases"
    default_auto_field = "django.db.models.BigAutoField"
