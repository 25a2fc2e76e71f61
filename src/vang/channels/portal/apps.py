from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "vang.channels.portal"
    label = "portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Ask to be told of what changes a public page."""
        from vang.bulletins import events  # noqa: PLC0415 - models are loaded by now
        from vang.channels.portal.jobs import ask_for_edition  # noqa: PLC0415

        events.released.append(ask_for_edition)
        events.withdrawn.append(ask_for_edition)
