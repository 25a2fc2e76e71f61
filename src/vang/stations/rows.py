"""Clusters as the pages show them: what the node last said, beside what is expected of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vang.base.languages import language_name
from vang.orgs.models import Unit
from vang.stations.models import Cluster, Node
from vang.stations.plan_facts import plan_facts
from vang.stations.presence import Presence
from vang.stations.queries import Station, stations
from vang.stations.testing import misses_tests

_LOOKS = {
    Presence.ONLINE: "online",
    Presence.OFFLINE: "offline",
    Presence.UNKNOWN: "unknown",
    Presence.NEVER: "never_seen",
}


@dataclass(frozen=True)
class Item:
    """One item as the node has it: ``state`` is the protocol's, such as armed."""

    title: str
    state: str


@dataclass(frozen=True)
class Row:
    """``state`` is the node's last NodeState, empty before the first."""

    cluster: Cluster
    node: Node | None
    presence: Presence
    state: dict[str, Any]
    newest: int | None
    titles: dict[str, str]

    @property
    def look(self) -> str:
        return _LOOKS[self.presence] if self.cluster.active else "ended"

    @property
    def language(self) -> str:
        return language_name(self.cluster.language)

    @property
    def is_online(self) -> bool:
        return self.presence is Presence.ONLINE

    @property
    def plan_version(self) -> int:
        return int(self.state.get("plan_version", 0))

    @property
    def is_behind(self) -> bool:
        """The node follows an older plan than the newest."""
        return bool(self.state) and self.newest is not None and self.plan_version < self.newest

    @property
    def playing(self) -> str:
        """Title of what sounds now, by the node's own word while it is there."""
        item = self.state.get("playing")
        return self.titles.get(item, item) if item and self.is_online else ""

    @property
    def misses_tests(self) -> bool:
        return self.node is not None and misses_tests(self.node)

    @property
    def clock_look(self) -> str:
        return f"clock_{self.state['clock']['source']}" if self.state else ""

    @property
    def clock_error_ms(self) -> float | None:
        """Bound of the node's clock error."""
        error = self.state["clock"]["error_us"] if self.state else None
        return None if error is None else round(error / 1000, 1)

    @property
    def sink_look(self) -> str:
        return f"sink_{self.state['sink']}" if self.state else ""

    @property
    def items(self) -> list[Item]:
        """What the node is busy with or will be, as far as it told."""
        told = self.state.get("items", {})
        return [Item(self.titles.get(item, item), state) for item, state in told.items()]


def rows(unit: Unit, *, now: datetime) -> list[Row]:
    """One row a cluster of the commune."""
    found = stations(unit, now=now)
    newest = plan_facts().newest_version(unit)
    titles = plan_facts().titles(unit, _named_items(found))
    return [_row(station, newest, titles) for station in found]


def row(cluster: Cluster, *, now: datetime) -> Row:
    """The one cluster's row, judged together with its neighbours (storm guard)."""
    return next(entry for entry in rows(cluster.unit, now=now) if entry.cluster == cluster)


def _named_items(found: Iterable[Station]) -> set[str]:
    states = [station.node.state for station in found if station.node and station.node.state]
    named = {item for state in states for item in state.get("items", {})}
    return named | {state["playing"] for state in states if state.get("playing")}


def _row(station: Station, newest: int | None, titles: dict[str, str]) -> Row:
    state = station.node.state if station.node else {}
    return Row(station.cluster, station.node, station.presence, state, newest, titles)
