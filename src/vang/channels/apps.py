from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "vang.channels"
    label = "channels"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the newsroom which channels there are, and ask to be told of its releases."""
        from vang.bulletins import events, reach  # noqa: PLC0415 - models are loaded by now
        from vang.channels import due  # noqa: PLC0415
        from vang.channels.jobs import ask_for  # noqa: PLC0415
        from vang.channels.queries import names_on, worded_channels  # noqa: PLC0415

        for registry, entry in (
            (events.choosers, names_on),
            (events.released, ask_for),
            (events.withdrawn, ask_for),
            (reach.channels, worded_channels),
        ):
            if entry not in registry:
                registry.append(entry)  # type: ignore[arg-type]
        due.register()
