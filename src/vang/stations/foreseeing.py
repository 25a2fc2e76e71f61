"""What a change to a cluster or its device brings, before anybody confirms it.

The air comes after stations, so that room tells what a cluster plays.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from vang.stations.models import Cluster


@dataclass(frozen=True)
class Difference:
    """One planned broadcast that the cluster will play (``gained``) or play no longer."""

    title: str
    start: datetime
    gained: bool


@dataclass(frozen=True)
class Expected:
    """One broadcast of tomorrow; ``item`` is its id in the plan."""

    item: str
    title: str
    start: datetime


class Foresight(Protocol):
    """What the room of the air answers."""

    def differences(
        self, cluster: Cluster, change: Callable[[Cluster], object], now: datetime
    ) -> Sequence[Difference]:
        """By start, what ``change`` would alter on the cluster. Nothing is changed for good."""

    def tomorrow(self, cluster: Cluster, now: datetime) -> Sequence[Expected]:
        """By start, what the cluster is to play tomorrow."""


class _NoForesight:
    def differences(
        self,
        cluster: Cluster,  # noqa: ARG002 - the interface
        change: Callable[[Cluster], object],  # noqa: ARG002
        now: datetime,  # noqa: ARG002
    ) -> Sequence[Difference]:
        return ()

    def tomorrow(self, cluster: Cluster, now: datetime) -> Sequence[Expected]:  # noqa: ARG002
        return ()


_foresights: list[Foresight] = [_NoForesight()]


def provide_foresight(foresight: Foresight) -> None:
    _foresights.append(foresight)


def foresight() -> Foresight:
    return _foresights[-1]
