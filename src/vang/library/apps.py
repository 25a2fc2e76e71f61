from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "vang.library"
    label = "library"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models exist only by now.
        from vang.base.undo import can_undo  # noqa: PLC0415
        from vang.library import undoing  # noqa: PLC0415

        can_undo("library.archive", undoing.bring_back)
