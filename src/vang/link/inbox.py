"""What nodes say by way of a broker: checked, paced, and noted as if it came over a socket.

That a topic is its node's own is the broker's part (its list of rights); all the rest is checked
here, and receipts are verified by the pages with the node's key.
"""

import logging
from collections.abc import Callable

from vang.base import clock
from vang.link.live.sessions import Sessions
from vang.link.pace import Pace
from vang.link.paths import Whereabouts
from vang.link.receipts import Receipts
from vang.link.reports import Reports
from vang_protocol.instants import to_us
from vang_protocol.links import (
    Answer,
    ClockAnswer,
    ClockQuestion,
    FromLink,
    FromNode,
    Join,
    parse_from_node,
)
from vang_protocol.reasons import Reason, Refused
from vang_protocol.states import NodeState, state_table
from vang_protocol.topics import Said, Topic, parse_presence, read_topic, topic_for

LOG = logging.getLogger(__name__)
EVERY_S = 30
"""How often a node speaks by way of a broker."""
BURST, PER_S = 40, 4.0
MOST_PACES = 50_000

Reply = Callable[[str, FromLink], None]


class Inbox:
    """Runs on the link's loop only."""

    def __init__(
        self, reports: Reports, receipts: Receipts, whereabouts: Whereabouts, live: Sessions
    ) -> None:
        self._live = live
        self._reports, self._receipts, self._whereabouts = reports, receipts, whereabouts
        self._paces: dict[str, Pace] = {}
        self._boots: dict[str, str] = {}

    def take(self, path: str, topic: str, payload: bytes, *, kept: bool, reply: Reply) -> None:
        """One message; ``kept``: the broker had retained it, so that it may be of long ago."""
        try:
            node, kind = read_topic(topic)
            if kind is Topic.STATE:
                self._presence(path, node, payload, kept=kept)
            elif not kept:
                self._message(path, node, kind, payload, reply)
        except Refused as refused:
            LOG.info("%s on %s was refused: %s", topic[:120], path, refused)

    def _presence(self, path: str, node: str, payload: bytes, *, kept: bool) -> None:
        presence = parse_presence(payload)
        if presence.said is Said.ONLINE:
            remember = self._whereabouts.remembered if kept else self._whereabouts.here
            remember(node, path, presence.session)
        elif not kept and self._whereabouts.left(node, path, presence.session):
            self._reports.gone(node, now=clock.now())

    def _message(self, path: str, node: str, kind: Topic, payload: bytes, reply: Reply) -> None:
        arrived = clock.now()
        if not self._pace(node).allows(arrived):
            raise Refused(Reason.TOO_MANY)
        message = parse_from_node(payload)
        if topic_for(message) is not kind:
            raise Refused(Reason.BAD_FIELDS, "not what this topic is for")
        self._whereabouts.heard(node, path)
        match message:
            case ClockQuestion(t0):
                reply(node, ClockAnswer(t0, to_us(arrived), to_us(clock.now())))
            case Answer(receipt):
                self._receipts.put(node, receipt)
            case Join(session):
                for answer in self._live.join(node, session):
                    reply(node, answer)
            case _:
                self._note(node, message, message.state)

    def _note(self, node: str, _message: FromNode, state: NodeState) -> None:
        if state.node != node:
            raise Refused(Reason.WRONG_NODE, state.node)
        if self._boots.get(node, state.boot) != state.boot:
            self._live.restarted(node)
        self._boots[node] = state.boot
        self._reports.heard(node, state_table(state), now=clock.now(), every_s=EVERY_S)

    def _pace(self, node: str) -> Pace:
        if node not in self._paces:
            if len(self._paces) >= MOST_PACES:
                self._paces.clear()
            self._paces[node] = Pace(burst=BURST, per_s=PER_S, now=clock.now())
        return self._paces[node]
