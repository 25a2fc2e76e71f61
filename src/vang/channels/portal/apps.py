from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "vang.channels.portal"
    label = "portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register, and ask to be told of what changes a public page."""
        from vang.airtime.changes import on_airtime_changed  # noqa: PLC0415 - models are there now
        from vang.alerts.changes import on_alert_changed  # noqa: PLC0415
        from vang.channels.changes import on_channel_chosen  # noqa: PLC0415
        from vang.channels.portal import freshness  # noqa: PLC0415
        from vang.channels.portal.channel import Portal  # noqa: PLC0415
        from vang.channels.registry import register  # noqa: PLC0415
        from vang.dispatch.changes import on_plan_published  # noqa: PLC0415
        from vang.evidence.changes import on_as_run_changed  # noqa: PLC0415
        from vang.stations.changes import on_clusters_changed  # noqa: PLC0415

        register(Portal())
        on_as_run_changed(freshness.plays_changed)
        on_plan_published(freshness.plan_changed)
        on_airtime_changed(freshness.air_changed)
        on_clusters_changed(freshness.clusters_changed)
        on_alert_changed(freshness.alert_changed)
        on_channel_chosen(freshness.told_more)
