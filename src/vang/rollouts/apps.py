from django.apps import AppConfig


class RolloutsConfig(AppConfig):
    name = "vang.rollouts"
    label = "rollouts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from vang.dispatch.ready import on_fetching  # noqa: PLC0415
        from vang.notices.kinds import register  # noqa: PLC0415
        from vang.rollouts.notices import KINDS  # noqa: PLC0415
        from vang.rollouts.progress import may_fetch  # noqa: PLC0415

        register(*KINDS)
        on_fetching(may_fetch)
