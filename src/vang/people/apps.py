from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "vang.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Letters about accounts, what pages ask at every turn, and what can be taken back."""
        from django.contrib.auth.signals import user_logged_in  # noqa: PLC0415 - models are loaded

        from vang.base.undo import can_undo  # noqa: PLC0415
        from vang.letters import kinds  # noqa: PLC0415
        from vang.people import finding, letters, vacancies  # noqa: PLC0415
        from vang.people.arrivals import remember  # noqa: PLC0415
        from vang.people.restoring import give_back  # noqa: PLC0415

        user_logged_in.connect(remember, dispatch_uid="vang.people.remember")
        kinds.register(letters.INVITATION, letters.invitation_words)
        kinds.register(letters.PASSWORD, letters.password_words)
        kinds.register(letters.ADDRESS, letters.address_words)
        kinds.register(letters.ADDRESS_GONE, letters.address_gone_words)
        can_undo("people.end-role", give_back)
        vacancies.register()
        finding.register()
