from django.apps import AppConfig


class HelpConfig(AppConfig):
    name = "vang.help"
    label = "help"
