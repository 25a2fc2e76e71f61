from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "vang.channels.portal"
    label = "portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register, and ask to be told of what changes a public page."""
        from vang.channels.portal.channel import Portal  # noqa: PLC0415 - models are loaded by now
        from vang.channels.portal.freshness import plays_changed  # noqa: PLC0415
        from vang.channels.registry import register  # noqa: PLC0415
        from vang.evidence.changes import on_as_run_changed  # noqa: PLC0415

        register(Portal())
        on_as_run_changed(plays_changed)
