"""Pages, link and nodes together, over real sockets."""

import json
import threading
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection

from tests.dispatch.radio import API, cluster_in, node_state
from tests.link.conftest import NOWHERE, RunningLink, free_port, hear, running, send, wait_until
from tests.protocol.province import a_command, a_manifest, signed
from vang.base import clock
from vang.dispatch.between import internal_secret
from vang.dispatch.commands import dispatch
from vang.dispatch.models import CommandDelivery
from vang.dispatch.push import LinkPush, NoPush, PushTransport, transport
from vang.dispatch.sessions import session_token
from vang.notices.models import Notice
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.stations.enrolment import enrol_node, issue_enrolment_code, retire_node_on
from vang.stations.models import Attendance, Node
from vang.stations.presence import Presence
from vang.stations.queries import stations
from vang.stations.suspending import suspend, trust_again
from vang_protocol import strict_json
from vang_protocol.enrolments import EnrolRequest, encode_request, parse_answer
from vang_protocol.envelopes import PublicKey, SigningKey
from vang_protocol.links import Answer, Bye, Hello, Hint, Order, StateReport
from vang_protocol.manifests import encode_manifest
from vang_protocol.receipts import Phase, Receipt, sign_receipt
from vang_protocol.sessions import sign_session

Act = Callable[..., Node]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def data(settings: object, tmp_path: Path) -> Path:
    settings.DATA = tmp_path  # type: ignore[attr-defined]
    return tmp_path


@pytest.fixture
def together(live_server: LiveServer, data: Path, settings: object) -> Iterator[RunningLink]:
    """The pages know the link and the link knows the pages."""
    with running(live_server.url) as link:
        settings.ENVIRONMENT = replace(  # type: ignore[attr-defined]
            settings.ENVIRONMENT,  # type: ignore[attr-defined]
            link_internal_url=link.address,
            link_url=f"ws://127.0.0.1:{link.port}/link",
        )
        yield link


@pytest.fixture
def node(xa_a: Unit, tech: Person, together: RunningLink) -> Node:
    now = clock.now()
    code = issue_enrolment_code(cluster_in(xa_a, tech, now), by=tech, now=now).code
    key = SigningKey.generate()
    return enrol_node(code=code, public_key=key.public, name="Loa", software="1", now=now)


def post(address: str, body: bytes) -> bytes:
    request = urllib.request.Request(address, data=body, method="POST")
    with urllib.request.urlopen(request, timeout=10) as answer:
        return bytes(answer.read())


def test_states_reach_the_nodes_page_and_leaving_shows_at_once(
    node: Node, xa_a: Unit, together: RunningLink
) -> None:
    def presence() -> Presence:
        return stations(xa_a, now=clock.now())[0].presence

    assert presence() is Presence.NEVER
    with together.connect(session_token(node, now=clock.now())) as socket:
        send(socket, Hello(node_state(node.pk, volume_db=-9)))
        wait_until(lambda: presence() is Presence.ONLINE)
        send(socket, StateReport(node_state(node.pk, volume_db=-3)))
        wait_until(lambda: Node.objects.get(pk=node.pk).state["volume_db"] == -3)
    wait_until(lambda: presence() is Presence.OFFLINE)
    assert Attendance.objects.count() == 1


def goodbye(socket: ClientConnection) -> Bye:
    while isinstance(message := hear(socket), Hint):
        pass
    assert isinstance(message, Bye)
    return message


@pytest.mark.parametrize("act", [retire_node_on, suspend])
def test_a3_a_node_that_is_withdrawn_loses_its_socket_at_once_and_for_good(
    node: Node, tech: Person, together: RunningLink, act: Act
) -> None:
    """It says nothing more itself, and its session would still last for an hour."""
    token = session_token(node, now=clock.now())
    with together.connect(token) as socket:
        send(socket, Hello(node_state(node.pk)))
        wait_until(lambda: Node.objects.get(pk=node.pk).last_seen_at is not None)
        act(node.cluster, by=tech, now=clock.now())
        assert goodbye(socket) == Bye("node-revoked")
    with pytest.raises(InvalidStatus):
        together.connect(token)


def test_a3_a_node_that_is_trusted_again_comes_back_with_a_new_session(
    node: Node, tech: Person, together: RunningLink
) -> None:
    before = clock.now()
    suspend(node.cluster, by=tech, now=before)
    trust_again(node.cluster, by=tech, now=before)
    with pytest.raises(InvalidStatus):
        together.connect(session_token(node, now=before))
    with together.connect(session_token(node, now=before + timedelta(seconds=2))) as socket:
        send(socket, Hello(node_state(node.pk)))
        wait_until(lambda: together.connections() == 1)


def test_a3_two_programs_with_one_token_are_noticed_by_taking_turns(
    node: Node, tech: Person, together: RunningLink
) -> None:
    """Each pushes the other off the link; a start that comes back gives them away."""

    def seen(boot: str) -> bool:
        return bool(Node.objects.get(pk=node.pk).state.get("boot") == boot)

    token = session_token(node, now=clock.now())
    for boot in ("genuine", "copy", "genuine"):
        with together.connect(token) as socket:
            send(socket, Hello(node_state(node.pk, boot=boot)))
            wait_until(partial(seen, boot))
            assert (Node.objects.get().doubted_at is not None) == (
                boot == "genuine" and Node.objects.get().former_boot == "copy"
            )
    assert Notice.objects.get(person=tech).title == "Một thiết bị ở hai nơi: Cụm Thuận 1"


def test_a_published_plan_is_hinted_to_whom_it_concerns(
    node: Node, xa_a: Unit, tech: Person, together: RunningLink
) -> None:
    with together.connect(session_token(node, now=clock.now())) as socket:
        send(socket, Hello(node_state(node.pk)))
        wait_until(lambda: together.connections() == 1)
        cluster_in(xa_a, tech, clock.now(), "Cụm mới")  # published on commit, unless unchanged
        assert transport().hint("20662", 42) is True
        assert hear(socket) == Hint(42)


def test_a_device_comes_all_the_way_over_real_http(
    xa_a: Unit, tech: Person, together: RunningLink, live_server: LiveServer
) -> None:
    now = clock.now()
    code = issue_enrolment_code(cluster_in(xa_a, tech, now), by=tech, now=now).code
    key = SigningKey.generate()
    base = live_server.url + API
    wish = EnrolRequest(code, key.public.public, "Loa", "1")
    answer = parse_answer(post(base + "enrol", encode_request(wish)))
    assert answer.link_url == f"ws://127.0.0.1:{together.port}/link"
    with urllib.request.urlopen(base + "challenge", timeout=10) as reply:
        nonce = json.load(reply)["nonce"]
    signature = sign_session(key, answer.node, nonce)
    body = {"node": answer.node, "nonce": nonce, "signature": signature}
    token = json.loads(post(base + "session", strict_json.canonical(body)))["token"]
    with together.connect(token) as socket:
        send(socket, Hello(node_state(answer.node)))
        wait_until(lambda: Node.objects.get(pk=answer.node).last_seen_at is not None)
    assert PublicKey(key.public.public) == key.public


def test_the_pages_take_no_states_from_strangers(
    live_server: LiveServer, data: Path, client: object
) -> None:
    address = f"{API}internal/states"
    body = b'{"states":[],"left":[]}'
    kind = "application/json"
    refused = client.post(address, body, content_type=kind)  # type: ignore[attr-defined]
    assert refused.status_code == 401
    good = client.post(  # type: ignore[attr-defined]
        address, body, content_type=kind, headers={"X-Vang-Internal": internal_secret()}
    )
    assert good.json() == {"refused": []}


@pytest.fixture(params=["link", "link that is down", "none"])
def driver(request: pytest.FixtureRequest, data: Path) -> Iterator[tuple[PushTransport, bool]]:
    """Each way to push, and whether a hint is taken over."""
    if request.param == "none":
        yield NoPush(), False
    elif request.param == "link":
        with running() as link:
            yield LinkPush(link.address, internal_secret()), True
    else:
        yield LinkPush(NOWHERE, internal_secret()), False


def test_every_driver_takes_a_hint_without_raising(
    driver: tuple[PushTransport, bool], now: datetime
) -> None:
    push, works = driver
    assert push.hint("20662", 1) is works
    assert push.hint("20662", 1) is works  # again is harmless
    assert push.hint("no such commune", 2) in {works, False}


def test_a_driver_with_a_wrong_secret_is_told_no_and_does_not_raise() -> None:
    with running() as link:
        assert LinkPush(link.address, "wrong").hint("20662", 1) is False
        assert LinkPush(link.address, internal_secret()).hint("20662", 1) is True


def test_a_command_goes_out_and_its_receipts_come_home(
    together: RunningLink, node: Node, xa_a: Unit
) -> None:
    """Dispatched by the pages, pushed by the link, answered by the node, noted by the pages."""
    key = SigningKey.generate()
    Node.objects.filter(pk=node.pk).update(public_key=key.public.public)
    now = clock.now().replace(microsecond=0)
    command = a_command(issued=now, not_before=now, expires=now + timedelta(minutes=10))
    manifest = encode_manifest(a_manifest())
    with together.connect(session_token(node, now=clock.now())) as socket:
        send(socket, Hello(node_state(node.pk)))
        wait_until(lambda: Node.objects.get(pk=node.pk).last_seen_at is not None)
        row = dispatch(signed(command, "binh", "hanh"), manifest, issuer=xa_a, now=now)
        order = hear(socket)
        assert isinstance(order, Order)
        assert order.manifest == manifest.decode()
        receipt = Receipt(node.pk, command.id, row.sha256, Phase.PLAYED, clock.now())
        send(socket, Answer(sign_receipt(receipt, key).decode()))
        wait_until(lambda: CommandDelivery.objects.get().state == "PLAYED")


def test_receipts_wait_for_pages_that_are_down(xa_a: Unit, data: Path) -> None:
    """The link holds what it heard; once there are pages again they get all of it, in order."""
    heard: list[str] = []

    class Pages(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            heard.extend(one["receipt"] for one in body.get("receipts", []))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"refused":[],"taken":0}')

        def log_message(self, *_words: object) -> None:
            """Not to the terminal."""

    port = free_port()
    with running(f"http://127.0.0.1:{port}") as link:
        with link.connect(link.token("a")) as socket:
            send(socket, Hello(node_state("a")))
            for number in range(5):
                send(socket, Answer(f"receipt-{number}"))
            wait_until(lambda: link.connections() == 1)
        pages = HTTPServer(("127.0.0.1", port), Pages)
        threading.Thread(target=pages.serve_forever, daemon=True).start()
        wait_until(lambda: len(heard) == 5)
        pages.shutdown()
        pages.server_close()
    assert heard == [f"receipt-{number}" for number in range(5)]
