"""What the link reports to the pages: states of nodes in batches, and who left."""

import hmac
from typing import Any

from django.http import HttpRequest, HttpResponse

from vang.base import clock
from vang.dispatch.between import SECRET_HEADER, internal_secret
from vang.dispatch.receipts import Told, take_receipts
from vang.dispatch.requests import answer, node_api, table_of
from vang.stations.contacts import LINK_EVERY_S, Report, record_states
from vang_protocol import fields
from vang_protocol.limits import LINK_MESSAGE_BYTES
from vang_protocol.reasons import Reason, Refused
from vang_protocol.states import parse_state

BATCH_BYTES = 1024 * 1024
BATCH_REPORTS = 200


@node_api("POST")
def states(request: HttpRequest) -> HttpResponse:
    """``{"states": [{node, at, state, every_s}], "left": [{node, at}]}`` →
    ``{"refused": [node ids]}``.

    Refused are nodes that are no longer in service: the link closes their sockets.
    """
    check_secret(request)
    body = table_of(request, ("states", "left"), limit=BATCH_BYTES)
    reports = [_state(entry) for entry in fields.rows(body["states"], "states", BATCH_REPORTS)]
    reports += [_left(entry) for entry in fields.rows(body["left"], "left", BATCH_REPORTS)]
    refused = record_states(reports, now=clock.now())
    return answer({"refused": sorted(refused)})


@node_api("POST")
def receipts(request: HttpRequest) -> HttpResponse:
    """``{"receipts": [{node, receipt}]}`` as nodes answered over the link → ``{"taken": n}``."""
    check_secret(request)
    body = table_of(request, ("receipts",), limit=BATCH_BYTES)
    told = [_receipt(one) for one in fields.rows(body["receipts"], "receipts", BATCH_REPORTS)]
    return answer({"taken": take_receipts(told, now=clock.now())})


def check_secret(request: HttpRequest) -> None:
    given = request.headers.get(SECRET_HEADER, "")
    if not hmac.compare_digest(given.encode(), internal_secret().encode()):
        raise Refused(Reason.SESSION_EXPIRED)


def _receipt(entry: Any) -> Told:
    table = fields.table(entry, "receipts", ("node", "receipt"))
    receipt = fields.text(table["receipt"], "receipt", LINK_MESSAGE_BYTES)
    return Told(fields.identifier(table["node"], "node"), receipt.encode())


def _state(entry: Any) -> Report:
    table = fields.table(entry, "states", ("node", "at", "state"), ("every_s",))
    return Report(
        fields.identifier(table["node"], "node"),
        fields.instant(table["at"], "at"),
        parse_state(table["state"]),
        every_s=fields.whole(table.get("every_s", LINK_EVERY_S), "every_s", 1, 3600),
    )


def _left(entry: Any) -> Report:
    table = fields.table(entry, "left", ("node", "at"))
    return Report(
        fields.identifier(table["node"], "node"), fields.instant(table["at"], "at"), left=True
    )
