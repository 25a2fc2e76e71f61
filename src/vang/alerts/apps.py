from django.apps import AppConfig


class AlertsConfig(AppConfig):
    name = "vang.alerts"
    label = "alerts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Bring tasks to the first page; make the kinds of notices known."""
        from vang.alerts import due, notices, ready, upstream  # noqa: PLC0415 - models are there now
        from vang.dispatch.ready import on_ready_audio  # noqa: PLC0415
        from vang.notices.kinds import register  # noqa: PLC0415
        from vang.trust import templates  # noqa: PLC0415
        from vang.upstream import drafting  # noqa: PLC0415

        register(*notices.KINDS)
        on_ready_audio(ready.audio_of)
        templates.provide(ready.templates_of)
        if upstream.draft_from not in drafting.makers:
            drafting.makers.append(upstream.draft_from)
        due.register()
