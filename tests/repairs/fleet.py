"""Builders: devices that tell of themselves, minute by minute."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from tests.dispatch.radio import cluster_in, node_state
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.repairs.watching import watch_due
from vang.stations.contacts import Report, record_states
from vang.stations.enrolment import enrol_node, issue_enrolment_code
from vang.stations.models import Node
from vang_protocol.envelopes import SigningKey
from vang_protocol.healths import Health
from vang_protocol.states import SinkState

MINUTE = timedelta(minutes=1)


def enrolled(unit: Unit, by: Person, now: datetime, name: str = "Cụm Thuận 1") -> Node:
    cluster = cluster_in(unit, by, now, name)
    code = issue_enrolment_code(cluster, by=by, now=now).code
    key = SigningKey.generate().public
    return enrol_node(code=code, public_key=key, name=name, software="1", now=now)


def tell(nodes: Iterable[Node], at: datetime, **health: Any) -> None:
    """Each says how it is; with ``sink=`` how its output is."""
    sink = health.pop("sink", SinkState.OK)
    told = Health(**health) if health else None
    record_states(
        [Report(one.pk, at, node_state(one.pk, sink=sink, health=told)) for one in nodes], now=at
    )


def live(
    nodes: Iterable[Node],
    since: datetime,
    minutes: int,
    *,
    silent: Iterable[Node] = (),
    **health: Any,
) -> datetime:
    """Minutes go by: every device but the silent ones tells of itself and is looked at. When."""
    speaking = [one for one in nodes if one not in list(silent)]
    moment = since
    for _minute in range(minutes):
        moment += MINUTE
        for half in (30, 0):
            tell(speaking, moment - timedelta(seconds=half), **health)
        watch_due(now=moment)
    return moment
