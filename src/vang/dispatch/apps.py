from django.apps import AppConfig


class DispatchConfig(AppConfig):
    name = "vang.dispatch"
    label = "dispatch"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from vang.airtime.changes import on_airtime_changed  # noqa: PLC0415
        from vang.bulletins import events  # noqa: PLC0415
        from vang.dispatch import jobs  # noqa: PLC0415
        from vang.stations.changes import on_clusters_changed  # noqa: PLC0415

        on_airtime_changed(jobs.republish)
        on_clusters_changed(jobs.republish)
        if jobs.republish_without not in events.withdrawn:
            events.withdrawn.append(jobs.republish_without)
