from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "vang.plans"
    label = "plans"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Bring tasks, kinds of notices, what can be found, and what counts as proof."""
        from vang.notices.kinds import register  # noqa: PLC0415 - models are loaded by now
        from vang.plans import broadcasting, due, finding, notices, registered  # noqa: PLC0415

        due.register()
        finding.register()
        register(*notices.KINDS)
        broadcasting.register_all()
        registered.register_all()
