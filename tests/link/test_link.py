"""The link as a node meets it: who gets in, what is heard, what is told, and why it ends."""

import contextlib
from datetime import datetime

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.dispatch.radio import node_state
from tests.link.conftest import RunningLink, hear, send, wait_until
from vang.base import clock
from vang.base.tokens import make_token
from vang_protocol.instants import to_us
from vang_protocol.links import (
    Bye,
    ClockAnswer,
    ClockQuestion,
    Hello,
    Hint,
    Order,
    StateReport,
)


def test_a_hint_reaches_the_nodes_of_its_commune_only(link: RunningLink) -> None:
    with (
        link.connect(link.token("a", "20662")) as mine,
        link.connect(link.token("b", "20683")) as other,
    ):
        send(mine, Hello(node_state("a")))
        send(other, Hello(node_state("b")))
        assert link.hint("20662", 17).json() == {"told": 1}
        assert hear(mine) == Hint(17)
        assert link.hint("20683", 3).json() == {"told": 1}
        assert hear(other) == Hint(3)  # and not 17
        assert link.hint("99999", 1).json() == {"told": 0}


def test_an_order_reaches_the_nodes_of_its_communes_and_those_that_are_named(
    link: RunningLink,
) -> None:
    with (
        link.connect(link.token("a", "20662")) as mine,
        link.connect(link.token("b", "20683")) as named,
        link.connect(link.token("c", "20683")) as other,
    ):
        for node, name in ((mine, "a"), (named, "b"), (other, "c")):
            send(node, Hello(node_state(name)))
        assert link.hint("20683", 1).json() == {"told": 2}
        assert link.order(["20662"], ["b"], "{}", "m" * 9_000).json() == {"told": 2}
        assert hear(mine) == Order("{}", "m" * 9_000)
        assert [hear(named), hear(named)] == [Hint(1), Order("{}", "m" * 9_000)]
        assert link.hint("20683", 2).json() == {"told": 2}
        assert [hear(other), hear(other)] == [Hint(1), Hint(2)]


def test_a_node_that_does_not_read_is_let_go_and_no_other_waits_for_it(link: RunningLink) -> None:
    with (
        link.connect(link.token("deaf"), max_queue=1, close_timeout=0.1) as deaf,
        link.connect(link.token("a", "20683")) as other,
        httpx.Client(headers=link.internal, trust_env=False) as pages,
    ):
        send(deaf, Hello(node_state("deaf")))
        send(other, Hello(node_state("a")))
        order = {
            "units": [], "nodes": ["deaf"], "command": "{}", "manifest": "m" * 16_000,
            "lasts_s": 60, "turn": 0,
        }  # fmt: skip
        told = 1
        for _ in range(3_000):
            if not told:
                break
            told = pages.post(f"{link.address}/internal/order", json=order).json()["told"]
        assert told == 0
        assert link.hint("20683", 7).json() == {"told": 1}
        assert hear(other) == Hint(7)
        wait_until(lambda: link.connections() == 1)


def test_an_order_needs_the_secret_and_the_right_form(link: RunningLink) -> None:
    assert link.order([], [], "{}", "", **{"X-Vang-Internal": "wrong"}).status_code == 403
    for command, manifest in (("", ""), ("x" * 9_000, ""), ("{}", "m" * 17_000)):
        answer = link.order(["20662"], [], command, manifest)
        assert (answer.status_code, answer.json()) == (400, {"error": "bad-fields"})
    assert link.order(["20662"] * 20_001, [], "{}", "").status_code == 400


def test_the_time_of_day_is_told(link: RunningLink) -> None:
    with link.connect(link.token("a")) as node:
        send(node, Hello(node_state("a")))
        before = to_us(clock.now())
        send(node, ClockQuestion(4711))
        answer = hear(node)
        assert isinstance(answer, ClockAnswer)
        assert answer.t0 == 4711
        assert before <= answer.t1 <= answer.t2 <= to_us(clock.now())


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Bearer x.y", "Basic YTpi"],
)
def test_without_a_genuine_token_nobody_gets_in(authorization: str, link: RunningLink) -> None:
    from websockets.sync.client import connect

    with pytest.raises(InvalidStatus) as refused:
        connect(
            f"ws://127.0.0.1:{link.port}/link",
            additional_headers={"Authorization": authorization},
            proxy=None,
        )
    assert refused.value.response.status_code == 403
    with link.connect(link.token("a")):
        pass


def test_expired_forged_and_misused_tokens_are_refused(link: RunningLink, now: datetime) -> None:
    claims = {"node": "a", "unit": "20662"}
    tokens = [
        link.token("a", lasts_s=0),
        make_token(b"another secret", "node-session", claims, now=clock.now(), lasts_s=60),
        make_token(b"tests-only", "password-reset", claims, now=clock.now(), lasts_s=60),
    ]
    for token in tokens:
        with pytest.raises(InvalidStatus):
            link.connect(token)


def test_a_session_that_runs_out_ends_with_its_reason(link: RunningLink) -> None:
    with link.connect(link.token("a", lasts_s=2)) as node:
        send(node, Hello(node_state("a")))
        assert hear(node) == Bye("session-expired")


def test_a_node_that_connects_again_replaces_its_older_socket(link: RunningLink) -> None:
    with link.connect(link.token("a")) as first:
        send(first, Hello(node_state("a")))
        with link.connect(link.token("a")) as second:
            send(second, Hello(node_state("a")))
            assert hear(first) == Bye("replaced")
            assert link.hint("20662", 5).json() == {"told": 1}
            assert hear(second) == Hint(5)
    wait_until(lambda: link.connections() == 0)


def test_somebody_elses_state_ends_the_conversation(link: RunningLink) -> None:
    with link.connect(link.token("a")) as node:
        send(node, Hello(node_state("a")))
        send(node, StateReport(node_state("b")))
        assert hear(node) == Bye("wrong-node")
        with pytest.raises(ConnectionClosed):
            hear(node)


@pytest.mark.parametrize(
    ("frame", "reason"),
    [("{", "bad-json"), ('{"t":"clock","t0":1}', "bad-fields"), ('{"t":"sing"}', "bad-fields")],
)
def test_a_first_message_that_is_no_hello_ends_it(
    frame: str, reason: str, link: RunningLink
) -> None:
    with link.connect(link.token("a")) as node:
        node.send(frame)
        assert hear(node) == Bye(reason)


def test_a_message_too_large_ends_it(link: RunningLink) -> None:
    with link.connect(link.token("a")) as node:
        send(node, Hello(node_state("a")))
        node.send("x" * 9000)
        with pytest.raises(ConnectionClosed) as closed:
            hear(node)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1009
    wait_until(lambda: link.connections() == 0)


def test_a_binary_frame_ends_it(link: RunningLink) -> None:
    with link.connect(link.token("a")) as node:
        node.send(b"\x00\x01")
        with pytest.raises(ConnectionClosed):
            hear(node)


def test_a_flood_of_messages_ends_it(link: RunningLink) -> None:
    with link.connect(link.token("a")) as node:
        send(node, Hello(node_state("a")))
        with contextlib.suppress(ConnectionClosed):
            for number in range(200):
                send(node, ClockQuestion(number))
        heard = []
        with contextlib.suppress(ConnectionClosed):
            while True:
                heard.append(hear(node))
        assert len(heard) <= 41  # the burst, and a goodbye
    wait_until(lambda: link.connections() == 0)
    with link.connect(link.token("a")) as node:
        send(node, Hello(node_state("a")))
        assert link.hint("20662", 1).json() == {"told": 1}


def test_a_hint_needs_the_secret_and_the_right_form(link: RunningLink) -> None:
    assert link.hint("20662", 1).status_code == 200
    assert link.hint("20662", 1, **{"X-Vang-Internal": "x" * 64}).status_code == 403
    assert link.hint("20662", 1, **{"X-Vang-Internal": ""}).status_code == 403
    # Somebody far away behind a proxy on this computer.
    assert link.hint("20662", 1, **{"X-Forwarded-For": "203.0.113.9"}).status_code == 403
    for body in (b"{", b"[]", b'{"unit":"20662"}', b'{"unit":"../","plan":1}', b" " * 2000):
        answer = httpx.post(
            f"{link.address}/internal/hint", content=body, headers=link.internal, trust_env=False
        )
        assert answer.status_code == 400
    assert httpx.get(f"{link.address}/internal/hint", trust_env=False).status_code == 405
