from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "vang.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models exist only by now.
        from vang.base.undo import can_undo  # noqa: PLC0415
        from vang.desk import context, finding, snoozing, start  # noqa: PLC0415
        from vang.desk.later import show_again, take_back  # noqa: PLC0415

        can_undo("desk.later", take_back)
        can_undo("desk.close-start", show_again)
        start.register()
        context.register()
        snoozing.register()
        finding.register()
