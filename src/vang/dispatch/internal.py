"""What the link reports to the pages: states of nodes in batches, and who left."""

import hmac
from typing import Any

from django.http import HttpRequest, HttpResponse

from vang.base import clock
from vang.base.tokens import derived_secret
from vang.dispatch.requests import answer, node_api, table_of
from vang.dispatch.sessions import server_secret
from vang.stations.contacts import LINK_EVERY_S, Report, record_states
from vang_protocol import fields
from vang_protocol.reasons import Reason, Refused
from vang_protocol.states import parse_state

SECRET_HEADER = "X-Vang-Internal"  # noqa: S105 - the header's name
BATCH_BYTES = 1024 * 1024
BATCH_REPORTS = 200


def internal_secret() -> str:
    return derived_secret(server_secret(), "link-internal")


@node_api("POST")
def states(request: HttpRequest) -> HttpResponse:
    """``{"states": [{node, at, state}], "left": [{node, at}]}`` → ``{"refused": [node ids]}``.

    Refused are nodes that are no longer in service: the link closes their sockets.
    """
    given = request.headers.get(SECRET_HEADER, "")
    if not hmac.compare_digest(given.encode(), internal_secret().encode()):
        raise Refused(Reason.SESSION_EXPIRED)
    body = table_of(request, ("states", "left"), limit=BATCH_BYTES)
    reports = [_state(entry) for entry in fields.rows(body["states"], "states", BATCH_REPORTS)]
    reports += [_left(entry) for entry in fields.rows(body["left"], "left", BATCH_REPORTS)]
    refused = record_states(reports, now=clock.now())
    return answer({"refused": sorted(refused)})


def _state(entry: Any) -> Report:
    table = fields.table(entry, "states", ("node", "at", "state"))
    return Report(
        fields.identifier(table["node"], "node"),
        fields.instant(table["at"], "at"),
        parse_state(table["state"]),
        every_s=LINK_EVERY_S,
    )


def _left(entry: Any) -> Report:
    table = fields.table(entry, "left", ("node", "at"))
    return Report(
        fields.identifier(table["node"], "node"), fields.instant(table["at"], "at"), left=True
    )
