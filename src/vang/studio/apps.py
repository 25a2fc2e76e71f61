from django.apps import AppConfig


class StudioConfig(AppConfig):
    name = "vang.studio"
    label = "studio"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from vang.bulletins import companions, present  # noqa: PLC0415 (models are ready only now)
        from vang.studio.beside import FIELDS, beside_bulletin, while_writing, why_not_save  # noqa: PLC0415
        from vang.studio.existing import QUESTIONS  # noqa: PLC0415
        from vang.studio.manner_services import (  # noqa: PLC0415
            brought_sound,
            carry_manner,
            keep_manner,
        )

        present.questions.update(QUESTIONS)
        companions.beside.append(beside_bulletin)
        companions.fields.append(FIELDS)
        companions.problems.append(why_not_save)
        companions.writing.append(while_writing)
        companions.saved.append(keep_manner)
        companions.versions.append(carry_manner)
        companions.sounds.append(brought_sound)
