"""A speaker on the server itself, to try things out before any device hangs anywhere."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from vang.base.refusals import Refusal
from vang.base.virtual_nodes import WantedNode, can_start_nodes, want_node
from vang.people.models import Person
from vang.stations.enrolment import issue_enrolment_code
from vang.stations.models import Cluster, Node


def may_be_virtual(cluster: Cluster) -> bool:
    """Whether the next device may be one on this server: never in place of a real one."""
    there = Node.objects.filter(cluster=cluster, retired_at=None)
    return can_start_nodes() and all(one.virtual for one in there)


def try_virtual_node(
    cluster: Cluster, *, by: Person, now: datetime, replacing: bool = False
) -> None:
    """Ask ``./run`` for a virtual speaker on the cluster; it enrols within seconds.

    ``replacing``: in place of another virtual one. Raises Refusal where the processes are started
    by somebody else, or a device is there.
    """
    if not can_start_nodes():
        raise Refusal("not-supervised", _NOT_HERE)
    there = Node.objects.filter(cluster=cluster, retired_at=None)
    if (there.filter(virtual=False) if replacing else there).exists():
        raise Refusal("device-there", _THERE)
    issued = issue_enrolment_code(cluster, by=by, now=now, virtual=True)
    want_node(Path(settings.DATA), WantedNode(cluster.code, issued.code))


_NOT_HERE = _("Virtual loudspeakers can only be tried where Vang was started with ./run.")
_THERE = _("A device serves this cluster already.")
