"""A bulletin on its way to the air: what placing it would bring, before anybody does it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils.functional import Promise

from vang.airtime.days import Unplaced
from vang.airtime.hearing import Hearing
from vang.airtime.moments import local_day
from vang.airtime.proposals import Change, Outcome
from vang.airtime.recurrence import Rule
from vang.airtime.services.placing import refused_now
from vang.airtime.timeline import Schedule, UnitAirtime
from vang.airtime.wishes import Kind, Wish
from vang.airtime.words import REASONS
from vang.bulletins.models import Bulletin, Version
from vang.voice.models import Rendition
from vang_protocol.plans import Priority, Resume

MOST_OFFERS = 12
AHEAD = timedelta(minutes=1)
"""What lies further ahead is no longer "now"; what lies nearer is hardly worth choosing."""


@dataclass(frozen=True)
class Candidate:
    """What would go on the air: the newest version with its sounds, and the commune's air."""

    bulletin: Bulletin
    version: Version
    sound: Rendition
    hearing: Hearing
    moment: datetime
    resume: Resume = Resume.DROP

    @property
    def air(self) -> UnitAirtime:
        return self.hearing.air

    def deciding(
        self, missing: Mapping[str, str], only: tuple[str, ...], resume: Resume
    ) -> "Candidate":
        """The same with what the placer chose: for the languages it lacks, the clusters it is
        limited to, and what becomes of it after an interruption."""
        hearing = replace(self.hearing, missing=missing, only=only)
        return replace(self, hearing=hearing, resume=resume)

    def wishes(self, kind: Kind, when: datetime | Rule) -> list[Wish]:
        """One a language that somebody would hear."""
        main = Wish(
            placement=0,
            edition="",
            title=self.version.title,
            priority=Priority(self.version.priority),
            duration_ms=self.sound.duration_ms,
            audience=tuple(self.version.audience),
            kind=kind,
            when=when,
            placed_at=self.moment,
            only=self.hearing.only,
            resume=self.resume,
        )
        return self.hearing.wishes(main)

    def earliest(self) -> datetime:
        """When "now" would be. Raises Refusal with the next free time."""
        found = Schedule(self.air).earliest(
            self.moment,
            duration_ms=self.hearing.longest_ms,
            audience=self.version.audience,
            priority=Priority(self.version.priority),
            hearers=self.hearing.hearers,
            only=self.hearing.only,
        )
        if isinstance(found, datetime):
            return found
        raise refused_now(self.hearing, found, self.moment)

    def free_times(self) -> list[datetime]:
        """Times of today that would move nobody."""
        found = Schedule(self.air).free_slots(
            local_day(self.moment, self.air.policy.zone),
            after=self.moment + AHEAD,
            duration_ms=self.hearing.longest_ms,
            audience=self.version.audience,
            hearers=self.hearing.hearers,
            only=self.hearing.only,
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
