from django.apps import AppConfig


class SpeakerConfig(AppConfig):
    name = "vang.channels.speaker"
    label = "channel_speaker"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from vang.channels.registry import register  # noqa: PLC0415 - models are loaded by now
        from vang.channels.speaker.channel import Speaker  # noqa: PLC0415

        register(Speaker())
