from django.apps import AppConfig


class EquipmentConfig(AppConfig):
    name = "vang.equipment"
    label = "equipment"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models exist only by now.
        from vang.equipment import due, finding  # noqa: PLC0415
        from vang.equipment.notices import KINDS  # noqa: PLC0415
        from vang.equipment.services.beside import keep_beside  # noqa: PLC0415
        from vang.equipment.services.enrolling import forget_expected  # noqa: PLC0415
        from vang.notices.kinds import register  # noqa: PLC0415
        from vang.stations.changes import on_clusters_written, on_code_issued  # noqa: PLC0415

        register(*KINDS)
        on_clusters_written(keep_beside)
        on_code_issued(forget_expected)
        finding.register()
        due.register()
