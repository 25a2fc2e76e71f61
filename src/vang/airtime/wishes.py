"""What somebody wants on the air, and on which day it falls due."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from vang.airtime.moments import midnight_ms, to_ms
from vang.airtime.recurrence import Rule
from vang.base.languages import VIETNAMESE
from vang_protocol.plans import Priority, Resume

RANK: Mapping[Priority, int] = {priority: priority.rank for priority in Priority}
_DAY = timedelta(days=1)
_NEWEST = 1 << 62  # a wish that is only being considered bears 0 and comes after all others

Clusters = Mapping[str, frozenset[str]]
"""Cluster code → codes of the villages it reaches. Only clusters in use."""
Tongues = Mapping[str, str]
"""Cluster code → language in which its hearers are spoken to; Vietnamese where none is named."""
Hearers = frozenset[str] | None
"""The languages of the clusters that play something; None for every cluster."""


class Kind(StrEnum):
    """How the time was chosen. A NOW item keeps its start or does not play."""

    NOW = "NOW"
    ONCE = "ONCE"
    PROGRAMME = "PROGRAMME"


@dataclass(frozen=True, slots=True)
class Wish:
    """One placement in one language. ``when`` is an instant for NOW and ONCE, a rule for PROGRAMME.

    ``audience`` holds village codes; empty is the whole commune. ``stopped_at`` ends the whole
    placement, whatever has not been heard to its end by then. ``duration_ms`` is the length of
    the sound in ``language``; only clusters whose language is among ``hearers`` play it.
    ``programme`` is the programme's key, 0 for none.

    ``part`` is its place in the programme's rundown, 0 for bulletins; ``sound`` the key of a sound
    of the station (a tune, a relayed programme), then ``placement`` is the negative key of the
    part; ``frame``: a tune or closing, silent when nothing else is left; ``reserved``: time kept
    for a relay, which other equipment carries, or else the loudspeakers themselves from the station
    whose key is ``relay``. ``only``: codes of the clusters it is limited to.
    """

    placement: int
    edition: str
    title: str
    priority: Priority
    duration_ms: int
    audience: tuple[str, ...]
    kind: Kind
    when: datetime | Rule
    placed_at: datetime
    stopped_at: datetime | None = None
    language: str = VIETNAMESE
    hearers: Hearers = None
    programme: int = 0
    part: int = 0
    sound: int = 0
    frame: bool = False
    reserved: bool = False
    relay: int = 0
    only: tuple[str, ...] = ()
    resume: Resume = Resume.DROP

    @property
    def key(self) -> str:
        """What an item's id begins with: the placement, or the part of a rundown."""
        if self.placement < 0:
            return f"r{-self.placement}"
        return f"{'p' if isinstance(self.when, Rule) else 'o'}{self.placement}"


class Occurrence(NamedTuple):
    """One wish on one day. ``id`` is the plan's item id and never changes; times in ms.

    ``until``: when it was decided that it does not play then, and ``why``: skipped or moved.
    ``time`` names the programme's time; ``after`` are the ids that come before it in the rundown
    on its clusters, which take ``offset`` ms; ``session``: rank, age, programme and number by
    which a session chooses as one.
    """

    id: str
    wish: Wish
    wished: int
    placed: int
    clusters: tuple[str, ...]
    atoms: tuple[int, ...]
    until: int | None = None
    why: str = ""
    time: str = ""
    after: tuple[str, ...] = ()
    offset: int = 0
    session: tuple[int, int, int, int] | None = None

    @property
    def length(self) -> int:
        return self.wish.duration_ms

    @property
    def emergency(self) -> bool:
        return self.wish.priority is Priority.EMERGENCY

    @property
    def turn(self) -> tuple[bool, bool, int, int, int, str]:
        """Who chooses first: emergencies, what was put on "now", then priority, then the older."""
        if self.session is not None:
            rank, age, programme, number = self.session
            return (not self.emergency, True, -rank, age, programme, f"{number:04}")
        return (
            not self.emergency,
            self.wish.kind is not Kind.NOW,
            -RANK[self.wish.priority],
            self.placed,
            self.wish.placement or _NEWEST,
            self.id,
        )


class Due(NamedTuple):
    """A wish that falls on a day; ``wished``, ``placed`` and ``until`` in ms."""

    id: str
    wish: Wish
    wished: int
    placed: int
    until: int | None = None
    why: str = ""
    time: str = ""


class Agenda:
    """The wishes by the days of ``zone`` on which they fall due."""

    def __init__(self, wishes: Iterable[Wish], zone: str) -> None:
        self._zone = zone
        self._recurring: list[tuple[Wish, Rule, int]] = []
        singles: list[tuple[int, int, Wish]] = []
        for wish in wishes:
            placed = to_ms(wish.placed_at)
            if isinstance(wish.when, Rule):
                self._recurring.append((wish, wish.when, placed))
            else:
                singles.append((to_ms(wish.when), placed, wish))
        self._singles = sorted(singles, key=_by_wished)

    def due(self, day: date) -> Iterator[Due]:
        """What falls on ``day``, in no order that matters."""
        begins, ends = midnight_ms(day, self._zone), midnight_ms(day + _DAY, self._zone)
        first = bisect_left(self._singles, begins, key=_by_wished)
        for index in range(first, len(self._singles)):
            wished, placed, wish = self._singles[index]
            if wished >= ends:
                break
            yield Due(f"{wish.key}{_in(wish.language)}", wish, wished, placed)
        for wish, rule, placed in self._recurring:
            for time in rule.times_on(day, self._zone):
                since = max(placed, time.since)
                if time.until is not None and since >= time.until:
                    continue  # decided before this was put into the programme
                # Put into the programme after today's hour: the first time is the next one.
                if begins <= time.wished < ends and time.wished > since:
                    key = f"{wish.key}-{time.name}{_in(wish.language)}"
                    yield Due(key, wish, time.wished, since, time.until, time.why, time.name)


def _in(language: str) -> str:
    """What an item's id ends in: nothing for Vietnamese."""
    return "" if language == VIETNAMESE else f"-{language}"


def _by_wished(single: tuple[int, int, Wish]) -> int:
    return single[0]


def reached(
    audience: Iterable[str],
    clusters: Clusters,
    tongues: Tongues | None = None,
    hearers: Hearers = None,
    only: Collection[str] = (),
) -> tuple[str, ...]:
    """Codes, sorted, of the clusters of the hearers' languages that reach the audience; all of
    them for nobody in particular. ``only`` limits it to some clusters."""
    villages = frozenset(audience)
    found = [
        code
        for code, reach in clusters.items()
        if (not villages or not villages.isdisjoint(reach))
        and (not only or code in only)
        and (hearers is None or (tongues or {}).get(code, VIETNAMESE) in hearers)
    ]
    return tuple(sorted(found))


def in_each_language(
    main: Wish, lengths: Mapping[str, int], stand_in_for: Iterable[str] = ()
) -> list[Wish]:
    """One wish a language of the edition: ``main`` is the Vietnamese one, ``lengths`` (language →
    ms) the others' sounds. Clusters of ``stand_in_for`` hear the Vietnamese, unless the edition
    has their own language; those of any further language stay silent."""
    vietnamese = {VIETNAMESE, *stand_in_for} - lengths.keys()
    further = [
        replace(main, language=language, duration_ms=length, hearers=frozenset({language}))
        for language, length in sorted(lengths.items())
    ]
    return [replace(main, hearers=frozenset(vietnamese)), *further]


def _reached(wish: Wish, clusters: Clusters, tongues: Tongues) -> tuple[str, ...]:
    return reached(wish.audience, clusters, tongues, wish.hearers, wish.only)


def with_hearers(wishes: Iterable[Wish], clusters: Clusters, tongues: Tongues) -> list[Wish]:
    """Without the languages that nobody is to hear. Wishes of one placement stand together, the
    Vietnamese first; it stays when nobody hears any, so that it is told why nothing sounds."""
    kept: list[Wish] = []
    for _placement, group in groupby(wishes, key=lambda wish: wish.placement):
        own = list(group)
        if len(own) > 1:
            heard = [w for w in own if _reached(w, clusters, tongues)]
            own = heard or own[:1]
        kept += own
    return kept
