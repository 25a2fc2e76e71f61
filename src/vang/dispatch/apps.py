from django.apps import AppConfig


class DispatchConfig(AppConfig):
    name = "vang.dispatch"
    label = "dispatch"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from vang.airtime.changes import on_airtime_changed  # noqa: PLC0415
        from vang.bulletins import events  # noqa: PLC0415
        from vang.dispatch import jobs  # noqa: PLC0415
        from vang.dispatch.facts import Facts  # noqa: PLC0415
        from vang.dispatch.push import end_session  # noqa: PLC0415
        from vang.dispatch.trust import epochs_now, tell_of_policy  # noqa: PLC0415
        from vang.stations.changes import on_clusters_changed, on_node_barred  # noqa: PLC0415
        from vang.stations.plan_facts import provide_plan_facts  # noqa: PLC0415
        from vang.trust import changes, epochs  # noqa: PLC0415

        provide_plan_facts(Facts())
        epochs.provide(epochs_now)
        changes.on_policy_published(tell_of_policy)
        on_airtime_changed(jobs.republish)
        on_clusters_changed(jobs.republish)
        on_node_barred(end_session)
        if jobs.republish_without not in events.withdrawn:
            events.withdrawn.append(jobs.republish_without)
