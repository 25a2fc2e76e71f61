"""The only way a view comes to a node's journal."""

from datetime import date

from django.http import Http404

from vang.people.access import readable_unit
from vang.people.models import Person
from vang.stations.models import Node


def readable_node(pk: str, person: Person, on: date) -> Node:
    """A node, in service or not, of a commune the person may look at. Raises Http404."""
    node = Node.objects.select_related("cluster__unit").filter(pk=pk).first()
    if node is None or not readable_unit(person, node.cluster.unit, on):
        raise Http404
    return node
