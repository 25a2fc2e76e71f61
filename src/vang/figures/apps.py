from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "vang.figures"
    label = "figures"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Learn which days are to be counted again."""
        from vang.bulletins import events  # noqa: PLC0415 - models are loaded by now
        from vang.evidence.changes import on_days_changed  # noqa: PLC0415
        from vang.figures import marking  # noqa: PLC0415

        on_days_changed(marking.days_changed)
        events.delivering.append(marking.deliveries_changed)
