from django.apps import AppConfig


class VoiceConfig(AppConfig):
    name = "vang.voice"
    label = "voice"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models exist only by now.
        from vang.base.undo import can_undo  # noqa: PLC0415
        from vang.library import events  # noqa: PLC0415
        from vang.voice import due, finding, soundings, undoing  # noqa: PLC0415

        can_undo("voice.remove-pronunciation", undoing.put_back)
        due.register()
        events.recorded.append(soundings.hear_recording)
        events.soundings.append(soundings.sounding_of)
        finding.register()
