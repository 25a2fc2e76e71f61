from django.apps import AppConfig


class WebhookConfig(AppConfig):
    name = "vang.channels.webhook"
    label = "channel_webhook"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from vang.alerts.changes import on_alert_changed  # noqa: PLC0415
        from vang.channels.registry import register  # noqa: PLC0415 - models are loaded by now
        from vang.channels.webhook import alerts  # noqa: PLC0415
        from vang.channels.webhook.channel import Webhook  # noqa: PLC0415

        register(Webhook())
        on_alert_changed(alerts.tell_hooks)
