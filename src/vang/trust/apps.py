from django.apps import AppConfig


class TrustConfig(AppConfig):
    name = "vang.trust"
    label = "trust"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from vang.notices.kinds import register  # noqa: PLC0415 - models are loaded by now
        from vang.trust import notices  # noqa: PLC0415

        register(*notices.KINDS)
