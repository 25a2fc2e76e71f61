from django.apps import AppConfig


class BulletinsConfig(AppConfig):
    name = "vang.bulletins"
    label = "bulletins"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models exist only by now.
        from vang.base.undo import can_undo  # noqa: PLC0415
        from vang.bulletins import due, finding, material, undoing  # noqa: PLC0415
        from vang.bulletins.notices import KINDS  # noqa: PLC0415
        from vang.library import events  # noqa: PLC0415
        from vang.notices.kinds import register  # noqa: PLC0415

        register(*KINDS)
        can_undo("bulletins.discard", undoing.bring_back)
        due.register()
        events.uses.append(material.uses_of)
        finding.register()
