"""The ways from this link to nodes, and on which of them each node was last heard."""

from collections.abc import Collection, Sequence
from typing import Protocol

from vang_protocol.links import Order

WEBSOCKET = "websocket"


class Path(Protocol):
    """One way to nodes. It never raises and never waits; what it carries may get lost."""

    name: str

    def hint(self, unit: str, version: int) -> int:
        """Tell every node of the unit to look now. How many were told, as far as it knows."""

    def order(
        self, order: Order, *, units: Collection[str], nodes: Collection[str], lasts_s: int
    ) -> int:
        """Bring a command to the nodes of the units and to single nodes; keep it for nobody
        longer than ``lasts_s``."""

    def end(self, node: str, reason: str) -> None:
        """Say goodbye to the node, if it is here."""


class Whereabouts:
    """Path and connection of each node's last sign of life.

    A node is on one path at a time. When it goes from one to another, the old connection still
    ends some time later, by its last will or by a timeout: that must not count.
    """

    def __init__(self) -> None:
        self._last: dict[str, tuple[str, str]] = {}

    def here(self, node: str, path: str, session: str) -> None:
        """It said so itself."""
        self._last[node] = (path, session)

    def heard(self, node: str, path: str) -> None:
        """Something of it came by this path, in whatever connection."""
        if self.path_of(node) != path:
            self._last[node] = (path, "")

    def remembered(self, node: str, path: str, session: str) -> None:
        """A broker kept this for us: better than nothing, and not more."""
        self._last.setdefault(node, (path, session))

    def left(self, node: str, path: str, session: str) -> bool:
        """Whether that was its present connection, so that it is gone now."""
        if self._last.get(node) != (path, session):
            return False
        del self._last[node]
        return True

    def path_of(self, node: str) -> str:
        """ "" for a node never heard."""
        return self._last.get(node, ("", ""))[0]


class Paths:
    """All of them together: what is new takes every path, what is sent again takes turns."""

    def __init__(self, paths: Sequence[Path], whereabouts: Whereabouts) -> None:
        self._paths, self._whereabouts = tuple(paths), whereabouts

    def hint(self, unit: str, version: int) -> int:
        return sum(path.hint(unit, version) for path in self._paths)

    def order(
        self,
        order: Order,
        *,
        units: Collection[str],
        nodes: Collection[str],
        lasts_s: int,
        turn: int = 0,
    ) -> int:
        told = 0
        for number, path in enumerate(self._paths):
            mine = nodes if turn == 0 else self._share(nodes, number, turn)
            if units or mine:
                told += path.order(order, units=units, nodes=mine, lasts_s=lasts_s)
        return told

    def _share(self, nodes: Collection[str], number: int, turn: int) -> Collection[str]:
        """Whose turn it is on this path, or who was last heard there."""
        if (turn - 1) % len(self._paths) == number:
            return nodes
        name = self._paths[number].name
        return [node for node in nodes if self._whereabouts.path_of(node) == name]

    def end(self, node: str, reason: str) -> None:
        for path in self._paths:
            path.end(node, reason)
