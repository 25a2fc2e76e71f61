from django.apps import AppConfig


class TrialsConfig(AppConfig):
    name = "vang.trials"
    label = "trials"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models exist only by now.
        from vang.bulletins import companions, events, present, reach  # noqa: PLC0415
        from vang.trials import keeping  # noqa: PLC0415

        present.questions.update(keeping.QUESTIONS)
        for registry, entry in (
            (companions.beside, keeping.beside),
            (companions.editing, keeping.unchanged),
            (events.narrowing, keeping.only_heard),
            (reach.places, keeping.places),
        ):
            if entry not in registry:
                registry.append(entry)  # type: ignore[arg-type]
