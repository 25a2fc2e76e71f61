from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "vang.evidence"
    label = "evidence"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from vang.dispatch.changes import on_plan_published  # noqa: PLC0415
        from vang.evidence import due  # noqa: PLC0415
        from vang.evidence.expectation import expect_plays  # noqa: PLC0415
        from vang.evidence.faults import listeners  # noqa: PLC0415
        from vang.evidence.notices import KINDS, doubt_after_fork, tell_of_fault  # noqa: PLC0415
        from vang.notices.kinds import register  # noqa: PLC0415

        register(*KINDS)
        listeners.extend((tell_of_fault, doubt_after_fork))
        on_plan_published(expect_plays)
        due.register()
