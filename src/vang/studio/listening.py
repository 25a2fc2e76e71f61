"""What the machine heard in a bulletin's sound, laid beside its text."""

from dataclasses import dataclass

from vang.bulletins.content import content_of
from vang.bulletins.models import Bulletin, Version
from vang.bulletins.present import has
from vang.studio.readings import text_to_read
from vang.voice.comparing import Comparison, compare_heard
from vang.voice.hearing import listener_is_installed
from vang.voice.hearings import heard_in
from vang.voice.models import Hearing, Rendition
from vang.voice.queries import speakable_text

MOST_SHOWN = 40


@dataclass(frozen=True)
class Listening:
    """The machine's part of the page; ``comparison`` once it has listened."""

    bulletin: Bulletin
    hearing: Hearing | None
    comparison: Comparison | None
    may_ask: bool
    pending: bool = False
    """The sound is still being made; it is listened to as soon as it is there."""

    @property
    def shown(self) -> bool:
        return self.hearing is not None or self.may_ask or self.pending

    @property
    def too_many(self) -> int:
        """Differences beyond those listed."""
        found = len(self.comparison.differences) if self.comparison else 0
        return max(0, found - MOST_SHOWN)

    @property
    def seconds_a_minute(self) -> float | None:
        """What a minute of this sound took the machine."""
        if self.hearing is None or not self.hearing.seconds_of_work:
            return None
        return 60_000 * self.hearing.seconds_of_work / self.hearing.rendition.duration_ms


def listening_to(bulletin: Bulletin, *, newsroom: bool) -> Listening | None:
    """None while there is no sound to listen to. One query."""
    version = bulletin.current
    if version is None or version.rendition is None:
        return None
    if version.rendition.state != Rendition.State.READY:
        pending = _is_awaited(version.rendition)
        return Listening(bulletin, None, None, may_ask=False, pending=True) if pending else None
    heard = Hearing.objects.filter(rendition=version.rendition)
    hearing = heard.first() if has(version, "studio.hearing") else None
    comparison = None
    if hearing is not None:
        hearing.rendition = version.rendition
        comparison = _compared(version, hearing)
    may_ask = newsroom and hearing is None and listener_is_installed()
    return Listening(bulletin, hearing, comparison, may_ask)


def _is_awaited(rendition: Rendition) -> bool:
    """A recording that the worker has in hand: it is listened to without being asked."""
    in_hand = rendition.state in {Rendition.State.QUEUED, Rendition.State.WORKING}
    return in_hand and rendition.recording_id is not None and listener_is_installed()


def _compared(version: Version, hearing: Hearing) -> Comparison | None:
    if hearing.state != Hearing.State.READY:
        return None
    unit = version.bulletin.unit
    return compare_heard(speakable_text(unit, text_to_read(content_of(version))), heard_in(hearing))
