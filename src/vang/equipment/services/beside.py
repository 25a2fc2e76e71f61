"""The register follows the clusters and their enrolled devices, in the same transaction."""

from collections.abc import Iterable
from datetime import datetime

from vang.equipment.models import Device, Place
from vang.equipment.services.stays import end_stay, stand
from vang.journal.services import record
from vang.people.models import Person
from vang.stations.models import Cluster, EnrolmentCode, Node

_MIRRORED = ("unit_id", "name", "where", "latitude", "longitude")


def keep_beside(unit_id: int) -> None:
    """A place for every cluster of the commune, and an asset for every device enrolled there."""
    clusters = list(Cluster.objects.filter(unit=unit_id).prefetch_related("villages"))
    known = {place.cluster_id: place for place in Place.objects.filter(cluster__in=clusters)}
    for cluster in clusters:
        _mirror(cluster, known.get(cluster.pk) or Place(cluster=cluster))
    places = Place.objects.filter(cluster__in=clusters).select_related("cluster", "expected")
    found = {place.cluster_id: place for place in places if place.cluster_id}
    nodes = Node.objects.filter(cluster__in=clusters, retired_at=None, asset=None)
    for node in nodes.select_related("cluster__unit"):
        _take_up(node, found[node.cluster_id])
    gone = Device.objects.filter(place__cluster__unit=unit_id, node__retired_at__isnull=False)
    gone.update(node=None)
    strays = Device.objects.filter(place__unit=unit_id).exclude(unit=unit_id)
    strays.update(unit=unit_id)


def _mirror(cluster: Cluster, place: Place) -> None:
    """Name, position and villages are the cluster's own."""
    wanted = (
        cluster.unit_id,
        cluster.name,
        cluster.place,
        cluster.latitude,
        cluster.longitude,
    )
    if place.pk is None or tuple(getattr(place, name) for name in _MIRRORED) != wanted:
        for name, value in zip(_MIRRORED, wanted, strict=True):
            setattr(place, name, value)
        place.save()
    place.villages.set(cluster.villages.all())


def _take_up(node: Node, place: Place) -> None:
    """The device that was expected, else one of which nothing is known yet but that it is here."""
    by, now = _enrolled_by(node), node.enrolled_at
    former = list(Device.objects.filter(place=place, node__isnull=False).select_related("node"))
    asset = place.expected or Device(
        unit=place.unit, kind=Device.Kind.RECEIVER, name=node.name or node.pk, described=False
    )
    for one in former:
        if one.pk != asset.pk:
            _take_down(one, place, now)
        else:
            Device.objects.filter(pk=one.pk).update(node=None)
    if asset.described:  # a computer's own name, the same on every one of them, tells nobody
        node.name = str(asset)[: Node._meta.get_field("name").max_length]
        node.save(update_fields=["name"])
    asset.node, asset.unit = node, place.unit
    asset.lent_to, asset.lent_until = "", None
    stand(asset, place, by=by, now=now)
    Place.objects.filter(pk=place.pk).update(expected=None)
    about = [f"place:{place.pk}", f"cluster:{place.cluster_id}"]
    record(
        "device.enrolled",
        f"device:{asset.pk}",
        by=by,
        unit=place.unit,
        now=now,
        about=about,
        place=place.name,
        instead_of=_names(one for one in former if one.pk != asset.pk),
    )


def _take_down(device: Device, place: Place, now: datetime) -> None:
    end_stay(device, now)
    device.state, device.place, device.node = Device.State.STORED, None, None
    device.save(update_fields=["state", "place", "node"])
    record(
        "device.taken-down",
        f"device:{device.pk}",
        by=None,
        unit=place.unit,
        now=now,
        about=[f"place:{place.pk}"],
        place=place.name,
    )


def _enrolled_by(node: Node) -> Person | None:
    used = EnrolmentCode.objects.filter(cluster=node.cluster, used_at=node.enrolled_at)
    code = used.select_related("created_by").order_by("pk").first()
    return code.created_by if code is not None else None


def _names(devices: Iterable[Device]) -> str:
    return ", ".join(str(one) for one in devices)
