"""A device's first conversation: its code against the trust it will pin."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from vang.dispatch.keys import pinned_keys, routine_key
from vang.stations.contacts import POLL_EVERY_S
from vang.stations.enrolment import enrol_node
from vang.trust.folder import root_text
from vang_protocol.enrolments import EnrolAnswer, EnrolRequest
from vang_protocol.envelopes import PublicKey


@transaction.atomic
def answer_enrolment(
    request: EnrolRequest, *, link_url: Callable[[str], str], now: datetime
) -> EnrolAnswer:
    """Enrol the device and tell it whom to trust; ``link_url`` gives a commune's link.

    Raises Refused (see enrol_node), Refusal.
    """
    root = root_text()
    node = enrol_node(
        code=request.code,
        public_key=PublicKey(request.public_key),
        name=request.name,
        software=request.software,
        rooted=bool(root),
        now=now,
    )
    cluster = node.cluster
    routine_key(cluster.unit, now=now)
    return EnrolAnswer(
        node=node.pk,
        unit=cluster.unit.code,
        cluster=cluster.code,
        routine_keys=pinned_keys(cluster.unit),
        link_url=link_url(cluster.unit.code),
        poll_s=POLL_EVERY_S,
        server_time=now,
        volume_ceiling_db=cluster.volume_ceiling_db,
        trust_root=root,
    )
