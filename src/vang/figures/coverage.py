"""How well a place was reached, in grades that a tile shows by colour, icon and words. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vang.figures.queries import Reached, Sums


class Grade(StrEnum):
    """Worst first. The names are classes of the style sheet."""

    NOT_HEARD = "not-heard"
    FEW = "few"
    MOST = "most"
    WELL = "well"
    NO_EVIDENCE = "no-evidence"
    NOTHING_PLANNED = "nothing-planned"
    NO_LOUDSPEAKER = "no-loudspeaker"


@dataclass(frozen=True)
class Look:
    words: str | Promise
    icon: str


LOOKS = {
    Grade.WELL: Look(_("heard: 95 per cent of the plays or more"), "circle-check"),
    Grade.MOST: Look(_("heard: 80 to under 95 per cent"), "check"),
    Grade.FEW: Look(_("heard: under 80 per cent"), "alert-triangle"),
    Grade.NOT_HEARD: Look(_("not heard at all"), "circle-x"),
    Grade.NO_EVIDENCE: Look(_("no evidence yet"), "help"),
    Grade.NOTHING_PLANNED: Look(_("nothing was on the schedule"), "calendar-off"),
    Grade.NO_LOUDSPEAKER: Look(_("no loudspeaker"), "volume-off"),
}
_WELL, _MOST = 95, 80


def grade_of(sums: Sums, loudspeakers: int | None) -> Grade:
    """What is unknown is neither heard nor silent: it grades nothing."""
    share = sums.share
    if share is None:
        if sums.plays:
            return Grade.NO_EVIDENCE
        return Grade.NO_LOUDSPEAKER if loudspeakers == 0 else Grade.NOTHING_PLANNED
    if share >= _WELL:
        return Grade.WELL
    if share >= _MOST:
        return Grade.MOST
    return Grade.FEW if sums.plays_heard else Grade.NOT_HEARD


@dataclass(frozen=True)
class Tile:
    """One place of the map."""

    reached: Reached

    @property
    def grade(self) -> Grade:
        return grade_of(self.reached.sums, self.reached.loudspeakers)

    @property
    def look(self) -> Look:
        return LOOKS[self.grade]

    @property
    def minutes(self) -> float | None:
        """None where nothing is known."""
        sums = self.reached.sums
        return sums.sounded_ms / 60_000 if sums.known else None

    @property
    def share(self) -> float | None:
        return self.reached.sums.share


def reached_share(tiles: list[Tile]) -> tuple[int, int]:
    """How many places heard something for certain, of how many."""
    return sum(1 for tile in tiles if tile.reached.sums.plays_heard), len(tiles)
