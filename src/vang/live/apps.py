from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "vang.live"
    label = "live"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the policy who may speak."""
        from vang.live import permitted  # noqa: PLC0415 - models are there now
        from vang.trust import speakers  # noqa: PLC0415

        speakers.provide(permitted.speakers)
