"""Where nodes hand in their journals."""

import logging

from django.http import HttpRequest, HttpResponse

from vang.base import clock
from vang.dispatch.requests import answer, body_of, node_api
from vang.dispatch.sessions import node_of
from vang.evidence.faults import note_fault
from vang.evidence.intake import take_batch
from vang_protocol.envelopes import PublicKey
from vang_protocol.journals import open_batch
from vang_protocol.limits import JOURNAL_BATCH_BYTES
from vang_protocol.reasons import Reason, Refused

LOG = logging.getLogger(__name__)


@node_api("POST")
def journal(request: HttpRequest) -> HttpResponse:
    """A signed batch of journal lines → ``{"accepted_through": seq}``.

    A gap is answered with the last number kept: the node sends again from there. A line that
    contradicts the chain is refused (409); the fault stays on record.
    """
    now = clock.now()
    node = node_of(request, now=now)
    body = body_of(request, limit=JOURNAL_BATCH_BYTES)
    batch = open_batch(body, key=PublicKey(node.public_key))
    if batch.node != node.pk:
        note_fault(node, 0, Reason.WRONG_NODE.value, batch.node, now=now)
        raise Refused(Reason.WRONG_NODE, batch.node)
    intake = take_batch(node, batch, now=now)
    if intake.broken is not None and intake.broken.reason is not Reason.GAP:
        LOG.warning("journal of %s is broken: %s", node.pk, intake.broken)
        raise intake.broken
    return answer({"accepted_through": intake.accepted_through})
