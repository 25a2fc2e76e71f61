from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "vang.base"
    label = "base"
