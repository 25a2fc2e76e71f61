from django.apps import AppConfig


class AirtimeConfig(AppConfig):
    name = "vang.airtime"
    label = "airtime"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models exist only by now.
        from vang.airtime import due, finding, material, undoing  # noqa: PLC0415
        from vang.airtime.changes import airtime_changed, edition_withdrawn  # noqa: PLC0415
        from vang.airtime.foreseeing import AirForesight  # noqa: PLC0415
        from vang.airtime.notices import KINDS  # noqa: PLC0415
        from vang.airtime.services.replacing import replace_on_air  # noqa: PLC0415
        from vang.base.undo import can_undo  # noqa: PLC0415
        from vang.bulletins import events  # noqa: PLC0415
        from vang.library import events as library_events  # noqa: PLC0415
        from vang.notices.kinds import register  # noqa: PLC0415
        from vang.stations.changes import on_clusters_changed  # noqa: PLC0415
        from vang.stations.foreseeing import provide_foresight  # noqa: PLC0415

        register(*KINDS)
        provide_foresight(AirForesight())
        can_undo("airtime.stop", undoing.resume)
        can_undo("airtime.remove", undoing.put_back)
        can_undo("airtime.end-programme", undoing.reopen)
        on_clusters_changed(airtime_changed)
        if edition_withdrawn not in events.withdrawn:
            events.withdrawn.append(edition_withdrawn)
        if replace_on_air not in events.correcting:
            events.correcting.append(replace_on_air)
        if material.uses_of not in library_events.uses:
            library_events.uses.append(material.uses_of)
        due.register()
        finding.register()
