from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    name = "vang.claims"
    label = "claims"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Stand beside the answering bulletin; keep what was published with each edition."""
        from vang.bulletins import companions, events, present  # noqa: PLC0415 - models are loaded by now
        from vang.claims import beside, due, publishing  # noqa: PLC0415

        due.register()
        present.questions.update(beside.QUESTIONS)
        companions.beside.append(beside.beside_bulletin)
        events.released.append(publishing.on_release)
