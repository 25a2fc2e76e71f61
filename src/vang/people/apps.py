from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "vang.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models exist only by now.
        from vang.base.undo import can_undo  # noqa: PLC0415
        from vang.people import vacancies  # noqa: PLC0415
        from vang.people.restoring import give_back  # noqa: PLC0415

        can_undo("people.end-role", give_back)
        vacancies.register()
