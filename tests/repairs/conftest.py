"""A device in An's commune, and a clock that stands still."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.evidence.conftest import data, hand, stage  # noqa: F401 - a commune with a play
from tests.repairs.fleet import enrolled
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.repairs import services
from vang.repairs.models import Ticket
from vang.stations.models import Node


@pytest.fixture(autouse=True)
def _office(office_hours: None, settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path


@pytest.fixture
def node(xa_a: Unit, tech: Person, now: datetime) -> Node:
    return enrolled(xa_a, tech, now)


@pytest.fixture
def ticket(node: Node, an: Person, now: datetime) -> Ticket:
    """Reported by the office, nobody goes yet."""
    return services.open_ticket(cluster=node.cluster, about="SILENT", by=an, now=now)


@pytest.fixture
def there(ticket: Ticket, tech: Person, now: datetime) -> Ticket:
    """The technician is at the place."""
    return services.arrive(ticket=ticket, by=tech, now=now)
