from django.apps import AppConfig


class GuidanceConfig(AppConfig):
    name = "vang.guidance"
    label = "guidance"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Stand beside what is written and decided in its period."""
        from vang.bulletins import companions  # noqa: PLC0415 - models are loaded by now
        from vang.guidance import beside, due, notices  # noqa: PLC0415
        from vang.notices.kinds import register  # noqa: PLC0415

        companions.beside.append(beside.beside_bulletin)
        companions.writing.append(beside.while_writing)
        register(*notices.KINDS)
        due.register()
