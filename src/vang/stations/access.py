"""The only way a view comes to a cluster: a stranger to its commune finds nothing."""

from datetime import date

from django.http import Http404

from vang.people.access import Role, readable_unit, require
from vang.people.models import Person
from vang.stations.models import Cluster

KEEPERS = (Role.TECHNICIAN, Role.ADMINISTRATOR)


def readable_cluster(pk: int, person: Person, on: date) -> Cluster:
    """Raises Http404 for a stranger."""
    cluster = Cluster.objects.select_related("unit__parent__parent").filter(pk=pk).first()
    if cluster is None or not readable_unit(person, cluster.unit, on):
        raise Http404
    return cluster


def kept_cluster(pk: int, person: Person, on: date) -> Cluster:
    """A cluster that the person looks after. Raises Http404, or PermissionDenied for a reader."""
    cluster = readable_cluster(pk, person, on)
    require(person, KEEPERS, cluster.unit, on)
    return cluster
