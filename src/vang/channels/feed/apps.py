from django.apps import AppConfig


class FeedConfig(AppConfig):
    name = "vang.channels.feed"
    label = "channel_feed"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from vang.alerts.remarks import on_page  # noqa: PLC0415 - models are loaded by now
        from vang.channels.feed import standing  # noqa: PLC0415
        from vang.channels.feed.channel import Feed  # noqa: PLC0415
        from vang.channels.feed.emergencies import warning_files  # noqa: PLC0415
        from vang.channels.feed.writing import feeds_where_on  # noqa: PLC0415
        from vang.channels.portal import extras  # noqa: PLC0415
        from vang.channels.registry import register  # noqa: PLC0415
        from vang.notices import kinds  # noqa: PLC0415

        register(Feed())
        extras.register(warning_files)
        extras.register(feeds_where_on)
        kinds.register(*standing.KINDS)
        on_page(standing.remarks)
        standing.register()
