from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "vang.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say who writes the letters that carry notices, and listen to what befalls accounts."""
        from vang.letters import kinds  # noqa: PLC0415 - models are loaded by now
        from vang.notices import accounts, gathering, letters  # noqa: PLC0415
        from vang.notices.kinds import register  # noqa: PLC0415
        from vang.people import events  # noqa: PLC0415

        register(*accounts.KINDS)
        events.role_given.append(accounts.tell_of_role)
        events.account_changed.append(accounts.tell_of_change)
        events.delegated.append(accounts.tell_of_delegation)
        events.new_device.append(accounts.tell_of_device)
        events.second_factor_required.append(accounts.tell_of_requirement)
        kinds.register(gathering.AT_ONCE, letters.words_of)
        kinds.register(gathering.DAILY, letters.words_of_the_day)
