from django.apps import AppConfig


class MailingConfig(AppConfig):
    name = "vang.channels.mailing"
    label = "channel_mailing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the channel, and the words of its letters."""
        from vang.alerts.changes import on_alert_changed  # noqa: PLC0415 - models are loaded by now
        from vang.channels.mailing import alerts, letters  # noqa: PLC0415 - models are loaded by now
        from vang.channels.mailing.channel import Mailing  # noqa: PLC0415
        from vang.channels.registry import register  # noqa: PLC0415
        from vang.letters import kinds  # noqa: PLC0415

        register(Mailing())
        kinds.register(letters.CONFIRM, letters.confirmation)
        kinds.register(letters.EDITION, letters.edition_letter)
        kinds.register(alerts.ALERT, alerts.alert_letter)
        on_alert_changed(alerts.write_to_subscribers)
