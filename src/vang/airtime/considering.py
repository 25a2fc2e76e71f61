"""A bulletin on its way to the air: what placing it would bring, before anybody does it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise

from vang.airtime.moments import local_day
from vang.airtime.proposals import Change, Outcome
from vang.airtime.services.placing import LEAD
from vang.airtime.timeline import Schedule, UnitAirtime, Unplaced
from vang.airtime.wishes import Kind, Rule, Wish
from vang.airtime.words import REASONS, no_place
from vang.bulletins.models import Bulletin, Version
from vang.voice.models import Rendition
from vang_protocol.plans import Priority

MOST_OFFERS = 12
AHEAD = timedelta(minutes=1)
"""What lies further ahead is no longer "now"; what lies nearer is hardly worth choosing."""


@dataclass(frozen=True)
class Candidate:
    """What would go on the air: the newest version with its sound, and the commune's air."""

    bulletin: Bulletin
    version: Version
    sound: Rendition
    air: UnitAirtime
    moment: datetime

    def wish(self, kind: Kind, when: datetime | Rule) -> Wish:
        return Wish(
            placement=0,
            edition="",
            title=self.version.title,
            priority=Priority(self.version.priority),
            duration_ms=self.sound.duration_ms,
            audience=tuple(self.version.audience),
            kind=kind,
            when=when,
            placed_at=self.moment,
        )

    def earliest(self) -> datetime:
        """When "now" would be. Raises Refusal with the next free time."""
        schedule, length = Schedule(self.air), self.sound.duration_ms
        found = schedule.earliest(
            self.moment,
            duration_ms=length,
            audience=self.version.audience,
            priority=Priority(self.version.priority),
        )
        if isinstance(found, datetime):
            return found
        free = schedule.next_free(
            self.moment + LEAD, duration_ms=length, audience=self.version.audience
        )
        raise no_place(found, free, self.air.policy.zone)

    def free_times(self) -> list[datetime]:
        """Times of today that would move nobody."""
        found = Schedule(self.air).free_slots(
            local_day(self.moment, self.air.policy.zone),
            after=self.moment + AHEAD,
            duration_ms=self.sound.duration_ms,
            audience=self.version.audience,
        )
        return found[:MOST_OFFERS]


@dataclass(frozen=True)
class Preview:
    """What placing it would bring, as it is told before it is done."""

    outcome: Outcome
    moment: datetime

    @property
    def refused(self) -> list[tuple[Unplaced, Promise]]:
        return [(one, REASONS[one.reason]) for one in self.outcome.refused]

    @property
    def changes(self) -> list[tuple[Change, Promise | str]]:
        changes = self.outcome.changes
        return [(one, REASONS[one.reason] if one.reason else "") for one in changes]

    @property
    def fingerprint(self) -> str:
        """Tells one disturbance from another; empty when there is none."""
        heard = self.outcome.heard
        told = [f"moves {c.id} {c.falls_out}" for c in self.outcome.changes]
        told += [f"not {one.id} {one.wished}" for one in self.outcome.refused]
        told += [f"late {item.id}" for item in heard if item.shifted]
        if heard and heard[0].kind is Kind.NOW and heard[0].start > self.moment + AHEAD:
            told.append("waits")
        return hashlib.sha256("|".join(told).encode()).hexdigest() if told else ""
