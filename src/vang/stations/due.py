"""What is wrong with the loudspeakers, for the first page (vang.people.due)."""

from collections.abc import Iterator

from django.db.models import Exists
from django.urls import reverse
from django.utils.translation import gettext as _

from vang.base.display import vi_datetime
from vang.people.access import Role
from vang.people.due import Desk, Task, brings
from vang.stations.after_maintenance import unconfirmed
from vang.stations.models import Cluster
from vang.stations.presence import Presence
from vang.stations.queries import Station, bare_clusters, serving_stations
from vang.stations.testing import misses_tests
from vang.trust.folder import root_bytes

_EACH = 5


def amiss(desk: Desk) -> Iterator[Task]:
    """Silent ones first, then those out of reach."""
    for station in serving_stations(desk.unit, now=desk.now):
        node = station.node
        if node is not None and node.suspended_at is not None:
            text = _("The device is suspended: nothing can be heard there.")
            yield _task(19, "ban", station.cluster, text, "suspended")
        elif node is not None and node.doubted_at is not None:
            text = _("One device in two places: its card may have been copied.")
            yield _task(18, "copy", station.cluster, text, "doubted")
        elif _silent(station):
            text = _("The device is there, but its output gives no sound.")
            yield _task(20, "volume-off", station.cluster, text, "silent")
        elif station.presence == Presence.OFFLINE:
            seen = vi_datetime(station.node.last_seen_at) if station.node else ""
            text = _("No contact since %(when)s.") % {"when": seen}
            yield _task(25, "wifi-off", station.cluster, text, f"offline:{seen}")
        elif station.node is not None and not station.node.rooted and root_bytes():
            text = _(
                "It was enrolled before the province had its keys: it obeys no emergency order."
            )
            yield _task(23, "key", station.cluster, text, "unrooted")
        elif station.node is not None and misses_tests(station.node):
            tested = vi_datetime(station.node.tested_at)
            text = _("Has missed the silent test since %(when)s: orders may not reach it.")
            yield _task(22, "alert-triangle", station.cluster, text % {"when": tested}, "untested")


def _silent(station: Station) -> bool:
    if station.node is None or station.presence != Presence.ONLINE:
        return False
    return station.node.state.get("sink") in {"failed", "silent"}


def bare(desk: Desk) -> Iterator[Task]:
    """Places that no device serves yet."""
    for place in bare_clusters(desk.unit)[:_EACH]:
        text = _("No device is connected here yet.")
        yield _task(95, "circle-dashed", place, text, "bare", tone="plain")


def replaced(desk: Desk) -> Iterator[Task]:
    """Devices that took another's place and that nobody has confirmed."""
    for node in unconfirmed(desk.unit)[:_EACH]:
        text = _("A new device serves here. See what will differ tomorrow, then confirm it.")
        what = f"replaced:{node.pk}"
        yield _task(40, "antenna", node.cluster, text, what, tone="warn")


def _task(harm: int, icon: str, place: Cluster, text: str, what: str, *, tone: str = "bad") -> Task:
    url = reverse("stations:detail", args=[place.pk])
    return Task(harm, tone, icon, place.name, text, url, _("Open"), f"cluster:{place.pk}:{what}")


def none_yet(desk: Desk) -> Iterator[Task]:
    """Nothing can be heard without a loudspeaker."""
    if desk.heard:
        yield Task(
            harm=91,
            tone="warn",
            icon="speakerphone",
            title=_("No loudspeaker is known yet"),
            text=_("Nothing can be heard until one is added."),
            url=reverse("stations:list"),
            action=_("Add a loudspeaker"),
            key="no-loudspeaker",
        )


def _serving(desk: Desk) -> Exists:
    return Exists(Cluster.objects.filter(unit=desk.unit, active=True))


def register() -> None:
    """Called when the process starts."""
    brings("stations.amiss", {Role.TECHNICIAN}, amiss, if_any=_serving)
    brings(
        "stations.replaced",
        {Role.TECHNICIAN, Role.ADMINISTRATOR},
        replaced,
        if_any=lambda desk: Exists(unconfirmed(desk.unit)),
    )
    brings(
        "stations.bare",
        {Role.TECHNICIAN},
        bare,
        if_any=lambda desk: Exists(bare_clusters(desk.unit)),
    )
    brings("stations.none", {Role.ADMINISTRATOR, Role.TECHNICIAN}, none_yet, if_none=_serving)
