"""Six devices of commune A that can take releases, one that cannot, and releases for them."""

from datetime import datetime

import pytest

from tests.conftest import person
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.rollouts.models import Release, Rollout, Turn
from vang.rollouts.progress import take_told
from vang.rollouts.services import Shape, propose_rollout
from vang.stations.models import Cluster, Node
from vang_protocol import releases
from vang_protocol.releases import Answered, Failed, Failure, Phase, Told

SHAPE = Shape(canary=2, groups=2, success_pct=90, error_pct=10, minutes=10)


def a_node(unit: Unit, number: int, now: datetime, *, managed: bool = True) -> Node:
    cluster = Cluster.objects.create(unit=unit, code=f"{unit.code}.c{number}", name=f"Loa {number}")
    said = {"version": "0.1.0", "configuration": 0, "installed_at": None, "healthy": True}
    state = {"software": "vang-node 0.1.0", **({"release": said} if managed else {})}
    return Node.objects.create(
        id=f"n{unit.code}{number}",
        cluster=cluster,
        public_key=f"{unit.pk}{number}".rjust(64, "0"),
        enrolled_at=now,
        last_seen_at=now,
        state=state,
    )


@pytest.fixture
def nodes(xa_a: Unit, now: datetime) -> list[Node]:
    return [a_node(xa_a, number, now) for number in range(1, 7)]


@pytest.fixture
def release(db: None, now: datetime) -> Release:
    for version in ("0.1.0", "0.2.0"):
        made = Release.objects.create(
            sort="software", version=version, sha256=version * 12 + "0000", bytes=9, listed_at=now
        )
    return made


@pytest.fixture
def mai(xa_a: Unit) -> Person:
    """A second technician."""
    return person("mai", "Ngô Thị Mai", xa_a, "TECHNICIAN")


@pytest.fixture
def proposed(
    release: Release, nodes: list[Node], xa_a: Unit, tech: Person, now: datetime
) -> Rollout:
    return propose_rollout(
        release=release, unit=xa_a, shape=SHAPE, why="Sửa đồng hồ", by=tech, now=now
    )


def told(node: Node, version: str = "0.1.0", *, phase: Phase = Phase.IDLE, **more: object) -> Told:
    usual = Told(software=version, configuration=0, managed=True, phase=phase)
    return Told(**{**vars(usual), **more})  # type: ignore[arg-type]


def says(node: Node, now: datetime, version: str = "0.1.0", **more: object) -> Answered:
    return take_told(node, told(node, version, **more), now=now)  # type: ignore[arg-type]


def fails(node: Node, now: datetime) -> Answered:
    ask = Turn.objects.get(node=node, open=True).ask
    return says(node, now, failed=Failed(ask, Failure.DIED, "it ended with 3"))


def first_group(rollout: Rollout) -> list[Node]:
    return [turn.node for turn in rollout.turns.filter(group__number=1).select_related("node")]


TWO = releases.Release(releases.Sort.SOFTWARE, "0.2.0")
