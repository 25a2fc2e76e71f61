from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "vang.documents"
    label = "documents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Be found, and stand among what is due."""
        from vang.documents import due, finding, notices  # noqa: PLC0415 - models are loaded by now
        from vang.notices.kinds import register  # noqa: PLC0415

        register(*notices.KINDS)
        finding.register()
        due.register()
