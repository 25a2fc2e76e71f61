from django.apps import AppConfig


class StationsConfig(AppConfig):
    name = "vang.stations"
    label = "stations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models exist only by now.
        from vang.base.undo import can_undo  # noqa: PLC0415
        from vang.bulletins import present, reach  # noqa: PLC0415
        from vang.notices.kinds import register  # noqa: PLC0415
        from vang.stations import due, finding, undoing  # noqa: PLC0415
        from vang.stations.notices import KINDS  # noqa: PLC0415
        from vang.stations.queries import codes_known, foreign_here, languages_wanted  # noqa: PLC0415
        from vang.trust.addresses import on_addresses  # noqa: PLC0415

        register(*KINDS)
        on_addresses(codes_known)
        can_undo("stations.out-of-service", undoing.put_back)
        if languages_wanted not in reach.speaking:
            reach.speaking.append(languages_wanted)
        present.questions[reach.FURTHER] = foreign_here
        due.register()
        finding.register()
