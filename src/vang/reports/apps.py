from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "vang.reports"
    label = "reports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Know facts, kinds of notices, what can be found and what becomes of open reports."""
        from vang.notices.kinds import register  # noqa: PLC0415 - models are loaded by now
        from vang.orgs import movers  # noqa: PLC0415
        from vang.reports import due, finding, moving, notices  # noqa: PLC0415
        from vang.reports.facts import (  # noqa: PLC0415
            air,
            content,
            equipment,
            people,
            repairs,
            stations,
        )

        register(*notices.KINDS)
        due.register()
        finding.register()
        movers.register(moving.Reports())
        for room in (stations, equipment, air, content, people, repairs):
            room.add()
