from django.apps import AppConfig


class NoticeboardConfig(AppConfig):
    name = "tests.channels.noticeboard"
    label = "channel_noticeboard"

    def ready(self) -> None:
        from tests.channels.noticeboard.channel import Noticeboard
        from vang.channels.registry import register

        register(Noticeboard())
