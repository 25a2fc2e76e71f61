"""An writes, Bình approves, the speakers play at once: the services, as people use them."""

from collections.abc import Callable
from dataclasses import dataclass

from vang.airtime.services import place_now
from vang.base.clock import Clock
from vang.bulletins.content import Content
from vang.bulletins.hashing import content_hash
from vang.bulletins.models import Bulletin, Edition, Version
from vang.bulletins.services import (
    approve_bulletin,
    create_bulletin,
    release_bulletin,
    submit_bulletin,
)
from vang.evidence.models import AsRun
from vang.installation.demonstration import HOME_COMMUNE
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.voice.models import Rendition

Wait = Callable[[str, Callable[[], bool], float], None]
"""(what for, whether it is so, longest wait in s); raises DidNotHappen."""

_FINAL = frozenset({"DONE", "STOPPED", "PARTIAL", "MISSED", "UNKNOWN", "WITHDRAWN"})


class DidNotHappen(Exception):
    """A step of the story did not come to pass in time; the text says which."""


@dataclass(frozen=True)
class Told:
    """What was aired."""

    edition: Edition
    as_run: list[AsRun]


def tell(content: Content, *, clock: Clock, wait: Wait, say: Callable[[str], None]) -> Told:
    """From text to the as-run log. Raises Refusal, DidNotHappen."""
    unit = Unit.objects.get(code=HOME_COMMUNE)
    writer, approver = (Person.objects.get(username=name) for name in ("an", "binh"))
    say(f"{writer.full_name} writes “{content.title}”")
    bulletin = create_bulletin(unit=unit, content=content, by=writer, now=clock.now())
    submit_bulletin(bulletin=bulletin, by=writer, now=clock.now())
    sound = _wait_for_sound(bulletin, wait)
    say(f"the sound is ready: {sound.duration_ms / 1000:.1f} s, {sound.voice}")
    edition = _approve_and_release(bulletin, approver, clock)
    say(f"{approver.full_name} approves and puts it on the air now")
    place_now(edition=edition, by=approver, now=clock.now())
    return Told(edition, _wait_for_plays(edition, wait))


def _wait_for_sound(bulletin: Bulletin, wait: Wait) -> Rendition:
    def settled() -> bool:
        return _sound(bulletin).state in {"READY", "FAILED"}

    wait("the sound to be made", settled, 60 + len(_newest(bulletin).text) * 0.05)
    sound = _sound(bulletin)
    if sound.state == "FAILED":
        raise DidNotHappen(f"the sound could not be made: {sound.failure} {sound.failed_sentence}")
    return sound


def _newest(bulletin: Bulletin) -> Version:
    return bulletin.versions.select_related("rendition").latest("number")


def _sound(bulletin: Bulletin) -> Rendition:
    return Rendition.objects.get(versions=_newest(bulletin))


def _approve_and_release(bulletin: Bulletin, approver: Person, clock: Clock) -> Edition:
    seen = content_hash(_newest(bulletin))
    approve_bulletin(bulletin=bulletin, content_hash=seen, by=approver, now=clock.now())
    return release_bulletin(bulletin=bulletin, by=approver, now=clock.now())


def _wait_for_plays(edition: Edition, wait: Wait) -> list[AsRun]:
    def rows() -> list[AsRun]:
        found = AsRun.objects.filter(planned__edition=edition)
        return list(found.select_related("cluster", "node", "planned").order_by("cluster"))

    def over() -> bool:
        return bool(rows()) and all(row.state in _FINAL for row in rows())

    wait("every node to play and report", over, edition.duration_ms / 1000 + 90)
    return rows()
