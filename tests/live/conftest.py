"""Bình decides for xã A; An was given leave for the first village; the link is the real one."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

import pytest

from tests.alerts.office import Keeper, loudspeakers
from tests.link.conftest import RunningLink, running
from vang.airtime.services import change_slot_policy
from vang.alerts import trusting
from vang.alerts.trusting import Kept
from vang.live.permitted import speakers
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.stations.models import Node
from vang_protocol.commands import Kind, Mode
from vang_protocol.grants import Grant
from vang_protocol.plans import Priority


@pytest.fixture(autouse=True)
def _office_hours(office_hours: None) -> None:
    """Here the clock stands still."""


@dataclass
class LiveKeeper(Keeper):
    """The policy as the province derives it: who decides, and who was given leave."""

    deciders: frozenset[int] = frozenset()

    def _grants(self) -> list[Grant]:
        everywhere = Grant(
            id="live",
            issuer=self.unit.code,
            communes=frozenset({self.unit.code}),
            kinds=frozenset({Kind.OPEN_LIVE}),
            modes=frozenset({Mode.ACTUAL}),
            priorities=frozenset({Priority.PRIORITY}),
            persons=frozenset(f"person-{pk}" for pk in self.deciders),
            threshold=1,
            max_play_ms=600_000,
            ceiling_db=0,
        )
        given = [
            replace(
                everywhere,
                id=f"speak-{one.key}",
                persons=frozenset({f"person-{one.person}"}),
                clusters=one.clusters,
                until=one.until,
            )
            for one in speakers(self.now)
            if one.person in self._people
        ]
        return [*super()._grants(), everywhere, *given]


@pytest.fixture
def keeper(xa_a: Unit, an: Person, binh: Person, now: datetime) -> Iterator[LiveKeeper]:
    """An and Bình have passkeys that count."""
    kept = LiveKeeper(xa_a, now, deciders=frozenset({binh.pk}))
    kept.give_keys(an, binh)
    trusting.provide(kept)
    yield kept
    trusting.provide(Kept())


@pytest.fixture
def nodes(xa_a: Unit, quan: Person, now: datetime) -> list[Node]:
    """Two, which may sound all day, but not at night."""
    change_slot_policy(
        unit=xa_a,
        hours=[["05:00", "21:00"]],
        longest_session_s=4 * 3600,
        sessions_a_day=24,
        weekend=True,
        by=quan,
        now=now,
    )
    return loudspeakers(xa_a, now)


@pytest.fixture
def link(settings: object) -> Iterator[RunningLink]:
    """The process that holds the sockets, as the pages reach it."""
    with running() as started:
        environment = settings.ENVIRONMENT  # type: ignore[attr-defined]
        settings.ENVIRONMENT = replace(  # type: ignore[attr-defined]
            environment, link_internal_url=started.address, link_url="ws://127.0.0.1:9/link"
        )
        yield started
