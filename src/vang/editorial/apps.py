from django.apps import AppConfig


class EditorialConfig(AppConfig):
    name = "vang.editorial"
    label = "editorial"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Stand beside a bulletin: its series and theme."""
        from vang.bulletins import companions, present, selecting  # noqa: PLC0415 - models are loaded by now
        from vang.editorial import beside, due  # noqa: PLC0415

        due.register()
        selecting.further.append(beside.SERIES)
        present.questions.update(beside.QUESTIONS)
        companions.beside.append(beside.beside_bulletin)
        companions.fields.append(beside.FIELDS)
        companions.writing.append(beside.while_writing)
        companions.saved.append(beside.after_saving)
