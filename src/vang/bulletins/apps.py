from django.apps import AppConfig


class BulletinsConfig(AppConfig):
    name = "vang.bulletins"
    label = "bulletins"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from vang.bulletins.notices import KINDS  # noqa: PLC0415 - models are loaded by now
        from vang.notices.kinds import register  # noqa: PLC0415

        register(*KINDS)
