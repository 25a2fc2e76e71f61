"""The node's side of the HTTP API. Every answer is capped and read strictly."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from vang_node.clock import Exchange
from vang_node.readings import mono_us
from vang_protocol import fields, strict_json
from vang_protocol.enrolments import EnrolAnswer, EnrolRequest, encode_request, parse_answer
from vang_protocol.envelopes import SigningKey
from vang_protocol.instants import to_us
from vang_protocol.limits import (
    API_BODY_BYTES,
    COMMANDS_BYTES,
    ENROL_ANSWER_BYTES,
    PINNED_FILES,
    PLAN_BYTES,
    POLICY_BYTES,
)
from vang_protocol.links import Order, parse_order
from vang_protocol.plans import Audio, parse_audio
from vang_protocol.reasons import Reason, Refused
from vang_protocol.releases import Answered, Told, told_bytes
from vang_protocol.releases import parse_answer as parse_release_answer
from vang_protocol.sessions import sign_session
from vang_protocol.states import NodeState, state_table
from vang_protocol.topics import Brokers, parse_brokers

API = "/api/node/v1"
WITHDRAWN = {Reason.NODE_REVOKED, Reason.NODE_SUSPENDED}
MS_US = 1_000
"""What is written in whole milliseconds may have been said so much later."""
TIMEOUT = httpx.Timeout(20.0, connect=10.0)

log = logging.getLogger(__name__)


class Unreachable(Exception):
    """No answer, or one that says to try later."""


@dataclass(frozen=True)
class Session:
    """``until_us``: monotonic instant after which another one is needed."""

    token: str
    link_url: str
    until_us: int


@dataclass(frozen=True)
class FetchedPlan:
    """Envelope bytes as served; None: unchanged since ``etag``."""

    data: bytes | None
    etag: str | None


def make_client(server: str, *, ca_file: str | None = None) -> httpx.Client:
    """No proxies and no redirects: the address pinned at enrolment is the one that is asked."""
    verify: Any = True
    if ca_file is not None:
        import ssl  # noqa: PLC0415  (only with a private authority)

        verify = ssl.create_default_context(cafile=ca_file)
    return httpx.Client(base_url=server, timeout=TIMEOUT, verify=verify, trust_env=False)


def request_enrolment(client: httpx.Client, request: EnrolRequest) -> EnrolAnswer:
    """Raises Unreachable, or Refused with the server's reason."""
    answer = _sent(lambda: client.post(f"{API}/enrol", content=encode_request(request)))
    _check(answer)
    return parse_answer(_body(answer, ENROL_ANSWER_BYTES))


class Server:
    """A session with the server, renewed when it ends. Safe to use from several threads."""

    def __init__(
        self,
        client: httpx.Client,
        *,
        node: str,
        key: SigningKey,
        on_exchange: Callable[[Exchange], None],
        on_standing: Callable[[Reason | None], None] = lambda _withdrawn: None,
    ) -> None:
        """``on_standing``: None when the office lets this node in, else why it does not."""
        self._client, self._node, self._key = client, node, key
        self._on_exchange, self._on_standing = on_exchange, on_standing
        self._session: Session | None = None
        self._lock = threading.Lock()

    def session(self) -> Session:
        """The present session, opening one if needed. Raises Unreachable or Refused."""
        with self._lock:
            if self._session is None or mono_us() >= self._session.until_us:
                self._session = self._open_session()
            return self._session

    def forget_session(self) -> None:
        with self._lock:
            self._session = None

    def brokers(self) -> Brokers:
        """The brokers of this node's link, perhaps none. A server that knows of none is
        Unreachable here: it says so in words of its own."""
        data = _body(self._ask("GET", "/paths"), API_BODY_BYTES)
        return parse_brokers(data, limit=API_BODY_BYTES)

    def plan(self, etag: str | None) -> FetchedPlan:
        """The current plan's envelope, unless it is still the one of ``etag``."""
        headers = {"If-None-Match": etag} if etag else {}
        answer = self._ask("GET", "/plan", headers=headers)
        if answer.status_code == httpx.codes.NOT_MODIFIED:
            return FetchedPlan(None, etag)
        return FetchedPlan(_body(answer, PLAN_BYTES), answer.headers.get("etag"))

    def upload(self, batch: bytes) -> int:
        """Send signed journal lines; the last sequence number the server has."""
        answer = self._ask("POST", "/journal", content=batch)
        table = _table(answer, ("accepted_through",))
        return fields.whole(table["accepted_through"], "accepted_through", 0, 2**53)

    def report(self, state: NodeState) -> None:
        """The state of a node without a link."""
        self._ask("POST", "/state", content=strict_json.canonical(state_table(state)))

    def commands(self) -> list[Order]:
        """Commands that stand for this node, also those it has answered."""
        table = _table(self._ask("GET", "/commands"), ("commands",), COMMANDS_BYTES)
        return [parse_order(one) for one in fields.rows(table["commands"], "commands", 16)]

    def answer(self, receipts: list[bytes]) -> None:
        """Bring receipts without a link."""
        told = {"receipts": [receipt.decode() for receipt in receipts]}
        self._ask("POST", "/receipts", content=strict_json.canonical(told))

    def release(self, told: Told) -> Answered:
        """Say what runs here, and hear which release should."""
        answer = self._ask("POST", "/release", content=told_bytes(told))
        return parse_release_answer(strict_json.decode(answer.content, limit=API_BODY_BYTES))

    def trust(self, path: str) -> bytes | None:
        """One file of the province's trust; None where there is none."""
        try:
            return _body(self._ask("GET", f"/trust/{path}"), POLICY_BYTES)
        except Refused as error:
            if error.reason is Reason.FILE_NOT_FOUND:
                return None
            raise

    def pinned(self) -> list[Audio]:
        """The sounds to be kept here for whatever may come."""
        table = _table(self._ask("GET", "/pinned"), ("audio",), COMMANDS_BYTES)
        rows = fields.rows(table["audio"], "audio", PINNED_FILES)
        return [parse_audio(one, "audio") for one in rows]

    def beacon(self, nonce: str) -> bytes:
        """The signed answer to where this node stands."""
        body = strict_json.canonical({"nonce": nonce})
        return _body(self._ask("POST", "/beacon", content=body), API_BODY_BYTES)

    @contextmanager
    def file(self, sha256: str, *, start: int) -> Iterator[tuple[int, Iterator[bytes]]]:
        """The offset the bytes really begin at, and the bytes, as they come."""
        headers = self._authorised()
        if start:
            headers |= {"Range": f"bytes={start}-", "If-Range": f'"{sha256}"'}
        try:
            with self._client.stream("GET", f"{API}/files/{sha256}", headers=headers) as answer:
                if answer.status_code >= httpx.codes.BAD_REQUEST:
                    answer.read()
                self._renew_if_refused(answer)
                _check(answer)
                partial = answer.status_code == httpx.codes.PARTIAL_CONTENT
                yield (start if partial else 0), answer.iter_raw()
        except httpx.HTTPError as error:
            raise Unreachable(_words(error)) from None

    def _ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {**self._authorised(), **options.pop("headers", {})}
        answer = _sent(lambda: self._client.request(method, API + path, headers=headers, **options))
        self._renew_if_refused(answer)
        self._told_if_withdrawn(answer)
        _check(answer)
        return answer

    def _told_if_withdrawn(self, answer: httpx.Response) -> None:
        if answer.status_code != httpx.codes.FORBIDDEN:
            return
        reason = Reason.by_code(_error(answer)[0])
        if reason in WITHDRAWN:
            self._session = None
            self._on_standing(reason)

    def _authorised(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.session().token}", "Accept-Encoding": "identity"}

    def _renew_if_refused(self, answer: httpx.Response) -> None:
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            self.forget_session()
            raise Unreachable("the session has ended; opening another one")

    def _open_session(self) -> Session:
        nonce = self._challenge()
        signature = sign_session(self._key, self._node, nonce)
        body = strict_json.canonical({"node": self._node, "nonce": nonce, "signature": signature})
        answer = _sent(lambda: self._client.post(f"{API}/session", content=body))
        self._told_if_withdrawn(answer)
        _check(answer)
        self._on_standing(None)
        table = _table(answer, ("token", "expires_in", "server_time", "link_url"))
        lasts_s = fields.whole(table["expires_in"], "expires_in", 1, 10**7)
        return Session(
            token=fields.text(table["token"], "token", 1000, 1),
            link_url=fields.text(table["link_url"], "link_url", 300),
            until_us=mono_us() + lasts_s * 900_000,
        )

    def _challenge(self) -> str:
        """A nonce to sign; its time is a clock exchange for nodes without a link."""
        sent_us = mono_us()
        answer = _sent(lambda: self._client.get(f"{API}/challenge"))
        received_us = mono_us()
        _check(answer)
        table = _table(answer, ("nonce", "server_time"))
        theirs_us = to_us(fields.instant(table["server_time"], "server_time"))
        self._on_exchange(Exchange(sent_us - MS_US, theirs_us, theirs_us, received_us))
        return fields.identifier(table["nonce"], "nonce")

    def ask_time(self) -> None:
        """One more clock exchange, over HTTP."""
        self._challenge()


def _sent(send: Callable[[], httpx.Response]) -> httpx.Response:
    try:
        return send()
    except httpx.HTTPError as error:
        raise Unreachable(_words(error)) from None


def _words(error: Exception) -> str:
    return str(error) or type(error).__name__


def _check(answer: httpx.Response) -> None:
    """Turn an error answer into Unreachable (try later) or Refused (with the server's code)."""
    if answer.status_code < httpx.codes.BAD_REQUEST:
        return
    code, detail = _error(answer)
    if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise Unreachable(f"the server answered {answer.status_code} {detail}")
    reason = Reason.by_code(code)
    if reason is None:
        raise Unreachable(f"the server answered {answer.status_code} {code} {detail}")
    raise Refused(reason, detail)


def _error(answer: httpx.Response) -> tuple[str, str]:
    try:
        table = strict_json.decode(answer.content, limit=API_BODY_BYTES)
        return str(table["error"])[:80], str(table["detail"])[:200]
    except (Refused, KeyError, TypeError):
        return "", ""


def _body(answer: httpx.Response, limit: int) -> bytes:
    if len(answer.content) > limit:
        raise Refused(Reason.TOO_LARGE, f"{len(answer.content)} bytes, allowed {limit}")
    return answer.content


def _table(
    answer: httpx.Response, names: tuple[str, ...], limit: int = API_BODY_BYTES
) -> dict[str, Any]:
    value = strict_json.decode(answer.content, limit=limit)
    return fields.table(value, "answer", names)
