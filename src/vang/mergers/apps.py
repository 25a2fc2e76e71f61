from django.apps import AppConfig


class MergersConfig(AppConfig):
    name = "vang.mergers"
    label = "mergers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models exist only by now.
        from vang.mergers import due  # noqa: PLC0415
        from vang.mergers.movers import register_all  # noqa: PLC0415

        register_all()
        due.register()
