from django.db import migrations

from vang.base.text import fold


def fill(apps, _schema):
    """A place for every cluster that is there, an asset for every device that serves on one."""
    Cluster = apps.get_model("stations", "Cluster")
    Node = apps.get_model("stations", "Node")
    Place = apps.get_model("equipment", "Place")
    Device = apps.get_model("equipment", "Device")
    Stay = apps.get_model("equipment", "Stay")
    for cluster in Cluster.objects.order_by("pk").iterator():
        place = Place.objects.create(
            unit_id=cluster.unit_id,
            cluster=cluster,
            name=cluster.name,
            where=cluster.place,
            latitude=cluster.latitude,
            longitude=cluster.longitude,
            key=" ".join(fold(f"{cluster.name} {cluster.place}").split()),
        )
        place.villages.set(cluster.villages.all())
    places = dict(Place.objects.values_list("cluster", "pk"))
    for node in Node.objects.filter(retired_at=None).order_by("pk").iterator():
        place, unit = places[node.cluster_id], node.cluster.unit_id
        device = Device.objects.create(
            unit_id=unit,
            kind="RECEIVER",
            name=node.name or node.pk,
            state="SERVING",
            place_id=place,
            node=node,
            described=False,
            key=" ".join(fold(node.name or node.pk).split()),
        )
        Stay.objects.create(device=device, place_id=place, since=node.enrolled_at)


class Migration(migrations.Migration):

    dependencies = [("equipment", "0001_initial")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
