"""A real exchange over a real socket."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from tests.channels.webhook.receiver import Receiver, receiving
from vang.base.exchange import Answer
from vang.base.outside import Target, target_of
from vang.channels.webhook.sending import post

BODY = b'{"type":"ping"}'


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as one:
        yield one


def target(receiver: Receiver, url: str = "") -> Target:
    return target_of(url or receiver.url, {receiver.place})


def test_a_message_arrives_whole(receiver: Receiver) -> None:
    assert post(target(receiver), {"webhook-id": "x"}, BODY) == Answer(204)
    path, headers, body = receiver.taken[0]
    assert (path, body, headers["webhook-id"]) == ("/vang", BODY, "x")
    assert headers["host"] == receiver.place


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(receiver: Receiver, status: int) -> None:
    receiver.status = status
    receiver.headers = {"Location": f"http://{receiver.place}/secret"}
    assert post(target(receiver), {}, BODY).status == status
    assert [path for path, _headers, _body in receiver.taken] == ["/vang"]


def test_a_large_answer_is_not_read_to_its_end(receiver: Receiver) -> None:
    receiver.status, receiver.body = 200, b"x" * 5_000_000
    began = time.monotonic()
    assert post(target(receiver), {}, BODY).taken
    assert time.monotonic() - began < 10


def test_a_server_that_drips_does_not_hold_the_queue(receiver: Receiver) -> None:
    receiver.drip = threading.Event()
    began = time.monotonic()
    assert post(target(receiver), {}, BODY, deadline_s=0.5) == Answer(0, "timeout")
    assert time.monotonic() - began < 5


def test_nobody_listening(receiver: Receiver) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{free.getsockname()[1]}"
    closed = target_of(f"http://{place}/", {place})
    assert post(closed, {}, BODY) == Answer(0, "unreachable")


@pytest.mark.parametrize("answers", [["127.0.0.1"], ["1.1.1.1", "127.0.0.1"], ["::ffff:10.0.0.1"]])
def test_a_name_that_leads_inside_is_never_connected_to(
    receiver: Receiver, answers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when it led outside while it was examined in the form: what counts is the answer of
    the very look-up whose addresses are connected to."""
    wanted = target_of(f"https://rebinding.example:{receiver.port}/", ())
    connected: list[object] = []
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda _host, port, **_more: [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in answers
        ],
    )
    monkeypatch.setattr(socket, "create_connection", lambda *given, **_m: connected.append(given))
    assert post(wanted, {}, BODY) == Answer(0, "inside")
    assert connected == []
    assert receiver.taken == []


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1"])
def test_odd_ways_to_write_this_computer_lead_nowhere(receiver: Receiver, host: str) -> None:
    """The form cannot know them all; what the look-up makes of them is examined."""
    assert post(target_of(f"https://{host}:{receiver.port}/", ()), {}, BODY) == Answer(0, "inside")
    assert receiver.taken == []


@pytest.mark.parametrize("host", ["a..vn", "x" * 70 + ".vn", ".vn"])
def test_a_name_that_cannot_be_one_is_told_and_raises_nothing(host: str) -> None:
    assert post(target_of(f"https://{host}/", ()), {}, BODY) == Answer(0, "unreachable")


def test_a_certificate_of_somebody_else_is_refused(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = target_of(f"https://{receiver.place}/", {receiver.place})
    assert post(plain, {}, BODY) == Answer(0, "unreachable")  # it does not even speak TLS
    assert receiver.taken == []
