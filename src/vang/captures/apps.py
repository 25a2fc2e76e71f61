from django.apps import AppConfig


class CapturesConfig(AppConfig):
    name = "vang.captures"
    label = "captures"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from vang.captures.notices import KINDS  # noqa: PLC0415
        from vang.captures.services import call_off_of_station  # noqa: PLC0415
        from vang.notices.kinds import register  # noqa: PLC0415
        from vang.relays.ending import on_station_ended  # noqa: PLC0415

        register(*KINDS)
        on_station_ended(call_off_of_station)
