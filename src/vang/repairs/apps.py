from django.apps import AppConfig


class RepairsConfig(AppConfig):
    name = "vang.repairs"
    label = "repairs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models exist only by now.
        from vang.notices.kinds import register  # noqa: PLC0415
        from vang.repairs import due, finding  # noqa: PLC0415
        from vang.repairs.notices import KINDS  # noqa: PLC0415

        register(*KINDS)
        due.register()
        finding.register()
