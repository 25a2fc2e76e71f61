from django.apps import AppConfig


class UpstreamConfig(AppConfig):
    name = "vang.upstream"
    label = "upstream"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Stand among what is due; tell the approvers."""
        from vang.notices.kinds import register  # noqa: PLC0415 - models are loaded by now
        from vang.upstream import due, notices  # noqa: PLC0415

        register(*notices.KINDS)
        due.register()
