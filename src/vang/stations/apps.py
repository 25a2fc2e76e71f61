from django.apps import AppConfig


class StationsConfig(AppConfig):
    name = "vang.stations"
    label = "stations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from vang.notices.kinds import register  # noqa: PLC0415 - models are loaded by now
        from vang.stations.notices import KINDS  # noqa: PLC0415

        register(*KINDS)
