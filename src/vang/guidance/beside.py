"""Guidance beside what is written in its period, and before whoever decides on it."""

from collections.abc import Mapping
from typing import Any

from vang.base.clock import local_date, now
from vang.bulletins.companions import Part, Sight, Writing
from vang.bulletins.models import Bulletin
from vang.guidance.queries import concerning
from vang.orgs.models import Unit

_OPEN = {Bulletin.State.DRAFT, Bulletin.State.RETURNED, Bulletin.State.IN_REVIEW}


def beside_bulletin(sight: Sight) -> list[Part]:
    """What concerns the newest version, while it may still be changed."""
    version = sight.bulletin.current
    if version is None or sight.bulletin.state not in _OPEN:
        return []
    typed = {"category": version.category, "title": version.title, "text": version.text}
    return _parts(sight.bulletin.unit, typed, only_matching=not sight.deciding)


def while_writing(writing: Writing) -> list[Part]:
    """All that is in force, what concerns the words typed so far first; it follows the typing."""
    concerns = concerning(writing.unit, local_date(now()), writing.typed)
    if not concerns:
        return []
    return [Part("top", "guidance/parts/live.html", {"concerns": concerns})]


def _parts(unit: Unit, typed: Mapping[str, Any], *, only_matching: bool) -> list[Part]:
    concerns = concerning(unit, local_date(now()), typed)
    shown = [concern for concern in concerns if concern.match or not only_matching]
    return [Part("top", "guidance/parts/beside.html", {"concerns": shown})] if shown else []
