from django.apps import AppConfig


class PoolConfig(AppConfig):
    name = "vang.pool"
    label = "pool"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Stand beside bulletins, bring their sound, and hear of releases and withdrawals."""
        from vang.bulletins import companions, events, present  # noqa: PLC0415 - models are loaded by now
        from vang.notices.kinds import register  # noqa: PLC0415
        from vang.pool import beside, due, notices, sounds  # noqa: PLC0415
        from vang.pool.services import following  # noqa: PLC0415

        register(*notices.KINDS)
        due.register()

        present.questions.update(beside.QUESTIONS)
        companions.beside.append(beside.beside_bulletin)
        companions.fields.append(beside.FIELDS)
        companions.writing.append(beside.while_writing)
        companions.saved.append(beside.after_saving)
        companions.editing.append(sounds.why_not_edit)
        companions.sounds.append(sounds.brought_sound)
        companions.versions.append(following.note_words)
        events.released.append(following.on_release)
        events.withdrawn.append(following.on_withdrawal)
