"""From what is known about a commune's notices to the bytes of its pages."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from vang.airtime.queries import policy_of
from vang.base.clock import VIETNAM, local_date
from vang.base.display import seconds
from vang.base.text import slug
from vang.bulletins.models import Edition
from vang.channels.portal import paths, queries
from vang.channels.portal.wording import Broadcast
from vang.orgs.models import Unit
from vang.pool.origins import source_of

NEWEST = 30
_PAST_SHOWN = 10
_COMING_SHOWN = 3
_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")
_DESCRIPTION = 200


@dataclass(frozen=True)
class Link:
    """A notice in a list; ``begins`` is empty where only titles are listed."""

    edition: Edition
    href: str
    begins: str = ""


@dataclass(frozen=True)
class Frame:
    """What every page of one writing shares."""

    unit: Unit
    style: str
    now: datetime

    @property
    def today(self) -> date:
        return local_date(self.now)


def paragraphs(text: str) -> list[str]:
    """The text as written, cut where empty lines stand."""
    return [part for part in _PARAGRAPHS.split(text.strip()) if part]


def beginning(text: str) -> str:
    """The first words on one line, for lists and previews."""
    line = " ".join(text[: 2 * _DESCRIPTION].split())
    if len(line) <= _DESCRIPTION:
        return line
    return line[:_DESCRIPTION].rsplit(" ", 1)[0] + " …"


def links(found: Sequence[Edition], page: str, *, begins: bool = False) -> list[Link]:
    """Links to editions from ``page``."""
    up = paths.way_up(page)
    return [Link(e, up + paths.edition_path(e), beginning(e.text) if begins else "") for e in found]


def demonstration(data: Path) -> bool:
    """Whether this installation shows invented notices."""
    return (data / "demonstration").exists()


def _render(template: str, page: str, frame: Frame, extra: Mapping[str, Any]) -> bytes:
    """Always in Vietnamese and Vietnamese time, whoever's request or job it is."""
    with translation.override("vi"), timezone.override(VIETNAM):
        context = {
            "unit": frame.unit,
            "place": queries.in_a_sentence(frame.unit),
            "responsible": queries.responsible(frame.unit, frame.today),
            "above": frame.unit.parent,
            "style": frame.style,
            "up": paths.way_up(page),
            "written_at": frame.now,
            "demonstration": demonstration(settings.DATA),
        }
        return render_to_string(template, {**context, **extra}).encode()


def index_page(frame: Frame, found: Sequence[Edition], month_counts: Mapping[date, int]) -> bytes:
    """The commune's first page: newest notices, today on the loudspeakers, all months."""
    extra = {
        "links": links(found, paths.INDEX, begins=True),
        "today": frame.today,
        "scheduled": _schedule_links(frame),
        "policy": policy_of(frame.unit),
        "months": [(m, paths.month_path(m), count) for m, count in month_counts.items()],
    }
    return _render("portal/index.html", paths.INDEX, frame, extra)


def _schedule_links(frame: Frame) -> list[tuple[queries.Scheduled, str]]:
    with translation.override("vi"):
        found = queries.schedule(frame.unit, frame.today)
    return [(item, paths.edition_path(item.edition)) for item in found]


def month_page(frame: Frame, month: date, found: Sequence[Edition]) -> bytes:
    """All notices of one month."""
    page = paths.month_path(month)
    return _render("portal/month.html", page, frame, {"month": month, "links": links(found, page)})


def edition_page(frame: Frame, edition: Edition) -> bytes:
    """One notice: text, sound, and what became of it on the loudspeakers."""
    with translation.override("vi"):
        aired = queries.edition_broadcasts(edition)
        audience = queries.audience_names(edition, local_date(edition.released_at))
        source = source_of(edition.bulletin_id)
        length = seconds(edition.duration_ms / 1000)
    page = paths.edition_path(edition)
    extra = {
        "edition": edition,
        "paragraphs": paragraphs(edition.text),
        "description": beginning(edition.text),
        "audio": paths.way_up(page) + paths.audio_path(edition.audio_sha256),
        "download": f"{slug(edition.title) or edition.pk.hex[:8]}.opus",
        "length": length,
        "audience": audience,
        "source": source,
        **_shown(aired),
    }
    return _render("portal/edition.html", page, frame, extra)


def _shown(aired: Sequence[Broadcast]) -> dict[str, Any]:
    """The latest broadcasts first, and the next few: a daily notice is heard a hundred times."""
    coming = [broadcast for broadcast in aired if broadcast.waiting]
    past = [broadcast for broadcast in reversed(aired) if not broadcast.waiting]
    return {
        "coming": coming[:_COMING_SHOWN],
        "coming_more": len(coming[_COMING_SHOWN:]),
        "past": past[:_PAST_SHOWN],
        "past_more": len(past[_PAST_SHOWN:]),
    }
