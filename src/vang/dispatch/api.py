"""What nodes call: enrol, prove themselves, fetch the plan and its files, say how they are."""

from datetime import datetime
from functools import partial

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from vang.base import clock
from vang.base.files import FileStore
from vang.base.ranges import FilePart, Span, Unsatisfiable, requested
from vang.base.rates import Buckets
from vang.base.refusals import Refusal
from vang.dispatch.addresses import link_url_for
from vang.dispatch.challenges import make_challenge
from vang.dispatch.commands import standing_for
from vang.dispatch.enrolling import answer_enrolment
from vang.dispatch.queries import hash_for, needs_file, plan_for
from vang.dispatch.ready import is_ready_audio, may_fetch, ready_audio
from vang.dispatch.receipts import Told, take_receipts
from vang.dispatch.requests import answer, body_of, caller, node_api, table_of
from vang.dispatch.sessions import LASTS_S, node_of, open_session, server_secret
from vang.dispatch.shards import brokers_for
from vang.stations.contacts import POLL_EVERY_S, Report, record_states
from vang_protocol import fields, strict_json
from vang_protocol.enrolments import answer_table, parse_request
from vang_protocol.instants import format_instant
from vang_protocol.limits import API_BODY_BYTES, ID_CHARS
from vang_protocol.plans import audio_table
from vang_protocol.reasons import Reason, Refused
from vang_protocol.states import parse_state
from vang_protocol.topics import brokers_table

CHALLENGES = Buckets(burst=600, per_minute=600)
WRONG_CODES = Buckets(burst=10, per_minute=5)  # an address, and all of them together
WRONG_CODES_BY_ALL = Buckets(burst=60, per_minute=30)
RECEIPTS_BYTES = 256 * 1024
MOST_RECEIPTS = 64
_GUESSES = {Reason.CODE_UNKNOWN, Reason.CODE_USED, Reason.CODE_EXPIRED}


@node_api("POST")
def enrol(request: HttpRequest) -> HttpResponse:
    """``EnrolRequest`` → ``EnrolAnswer``. Only wrong codes are counted against the caller."""
    now = clock.now()
    _may_guess(request, now)
    wanted = parse_request(body_of(request))
    try:
        made = answer_enrolment(wanted, link_url=partial(link_url_for, request), now=now)
    except Refused as refused:
        if refused.reason in _GUESSES:
            _count_guess(request, now)
        raise
    except Refusal as refusal:
        raise Refused(Reason.SERVER_ERROR, refusal.code) from refusal
    return answer(answer_table(made))


def _may_guess(request: HttpRequest, now: datetime) -> None:
    if not WRONG_CODES.may(caller(request), now=now) or not WRONG_CODES_BY_ALL.may("", now=now):
        raise Refused(Reason.TOO_MANY)


def _count_guess(request: HttpRequest, now: datetime) -> None:
    WRONG_CODES.take(caller(request), now=now)
    WRONG_CODES_BY_ALL.take("", now=now)


@node_api("GET")
def challenge(request: HttpRequest) -> HttpResponse:
    """→ ``{nonce, server_time}``."""
    now = clock.now()
    if not CHALLENGES.take(caller(request), now=now):
        raise Refused(Reason.TOO_MANY)
    nonce = make_challenge(server_secret(), now=now)
    return answer({"nonce": nonce, "server_time": format_instant(now)})


@node_api("POST")
def session(request: HttpRequest) -> HttpResponse:
    """``{node, nonce, signature}`` → ``{token, expires_in, server_time, link_url}``."""
    now = clock.now()
    asked = table_of(request, ("node", "nonce", "signature"))
    token, unit = open_session(
        node=fields.identifier(asked["node"], "node"),
        nonce=fields.text(asked["nonce"], "nonce", ID_CHARS),
        signature=fields.text(asked["signature"], "signature", 128),
        now=now,
    )
    return answer(
        {
            "token": token,
            "expires_in": LASTS_S,
            "server_time": format_instant(now),
            "link_url": link_url_for(request, unit),
        }
    )


@node_api("GET")
def paths(request: HttpRequest) -> HttpResponse:
    """→ ``{shard, username, password, ca, brokers: [{name, host, port}]}``; perhaps none."""
    secret = server_secret()
    return answer(brokers_table(brokers_for(node_of(request, now=clock.now()), secret=secret)))


@node_api("GET")
def plan(request: HttpRequest) -> HttpResponseBase:
    """The newest plan's envelope, byte for byte; 304 when the node already has it."""
    node = node_of(request, now=clock.now())
    known = request.headers.get("If-None-Match", "")
    if known and (sha256 := hash_for(node)) and _etag(sha256) in known:
        return _tagged(HttpResponse(status=304), sha256)
    row = plan_for(node)
    if row is None:
        raise Refused(Reason.NO_PLAN)
    body = HttpResponse(bytes(row.envelope), content_type="application/json")
    return _tagged(body, row.sha256)


@node_api("GET")
def file(request: HttpRequest, sha256: str) -> HttpResponseBase:
    """A file of the node's plan or commands, whole or from where a download broke off."""
    now = clock.now()
    node = node_of(request, now=now)
    store = FileStore(settings.DATA / "files")
    planned = needs_file(node.cluster.unit, node.cluster.code, sha256)
    allowed = planned or is_ready_audio(node, sha256, now=now) or may_fetch(node, sha256, now=now)
    if not allowed or not store.has(sha256):
        raise Refused(Reason.FILE_NOT_FOUND, sha256)
    if _etag(sha256) in request.headers.get("If-None-Match", ""):
        return _tagged(HttpResponse(status=304), sha256)
    path = store.path(sha256)
    size = path.stat().st_size
    try:
        span = requested(_range_header(request, sha256), size)
    except Unsatisfiable:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    return _tagged(_sent(FilePart(path, span or Span(0, size)), span, size), sha256)


def _sent(content: FilePart, span: Span | None, size: int) -> StreamingHttpResponse:
    response = StreamingHttpResponse(content, content_type="audio/ogg")
    response["Accept-Ranges"] = "bytes"
    response["Content-Length"] = str(span.length if span else size)
    if span:
        response.status_code = 206
        last = span.first + span.length - 1
        response["Content-Range"] = f"bytes {span.first}-{last}/{size}"
    return response


def _range_header(request: HttpRequest, sha256: str) -> str:
    """The Range, unless If-Range names another file: then the whole is sent."""
    if request.headers.get("If-Range", _etag(sha256)) != _etag(sha256):
        return ""
    return request.headers.get("Range", "")


@node_api("POST")
def state(request: HttpRequest) -> HttpResponse:
    """``NodeState`` of a node that polls."""
    now = clock.now()
    node = node_of(request, now=now)
    said = parse_state(strict_json.decode(body_of(request), limit=API_BODY_BYTES))
    if said.node != node.pk:
        raise Refused(Reason.WRONG_NODE, said.node)
    record_states([Report(node.pk, now, said, every_s=POLL_EVERY_S)], now=now)
    return answer({"server_time": format_instant(now)})


@node_api("GET")
def commands(request: HttpRequest) -> HttpResponse:
    """→ ``{"commands": [{command, manifest}]}``: what the node has not answered for good."""
    now = clock.now()
    rows = standing_for(node_of(request, now=now), now=now)
    told = [{"command": bytes(row.envelope).decode(), "manifest": row.manifest} for row in rows]
    return answer({"commands": told})


@node_api("POST")
def receipts(request: HttpRequest) -> HttpResponse:
    """``{"receipts": [envelope]}`` of a node without a link → ``{"taken": n}``."""
    now = clock.now()
    node = node_of(request, now=now)
    body = table_of(request, ("receipts",), limit=RECEIPTS_BYTES)
    rows = fields.rows(body["receipts"], "receipts", MOST_RECEIPTS)
    told = [Told(node.pk, fields.text(one, "receipt", API_BODY_BYTES).encode()) for one in rows]
    return answer({"taken": take_receipts(told, now=now)})


@node_api("GET")
def pinned(request: HttpRequest) -> HttpResponse:
    """→ ``{"audio": [{sha256, bytes, codec, duration_ms}]}`` to be kept for whatever may come."""
    unit = node_of(request, now=clock.now()).cluster.unit
    return answer({"audio": [audio_table(audio) for audio in ready_audio(unit)]})


def _etag(sha256: str) -> str:
    return f'"{sha256}"'


def _tagged(response: HttpResponseBase, sha256: str) -> HttpResponseBase:
    response["ETag"] = _etag(sha256)
    response["Cache-Control"] = "private, no-cache"
    return response
