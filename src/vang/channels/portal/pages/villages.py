"""Ở thôn tôi: what each village hears today and tomorrow, and why. One page, no script."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from vang.base.clock import local_date
from vang.channels.portal import paths
from vang.channels.portal.pages.frame import Frame, render
from vang.channels.portal.queries import Scheduled, StationHeard, Village


@dataclass(frozen=True)
class Reach:
    """Which villages the loudspeakers reach, and what sounds there beside the notices: tunes,
    music, relays."""

    villages: Sequence[Village]
    sounds: Sequence[StationHeard]
    without: Sequence[str] = ()
    """Names of the villages that no loudspeaker reaches."""


@dataclass(frozen=True)
class Line:
    """One thing heard. A notice has its ``href``; a sound of the station says what it is."""

    start: datetime
    ends: datetime
    title: str
    href: str
    why: str
    recurring: bool
    urgent: bool
    language: str
    words: str
    relayed_from: str


def villages_page(frame: Frame, planned: Sequence[Scheduled], reach: Reach) -> bytes:
    """By village: its loudspeakers, their quiet hours, and the lines of two days."""
    days = [frame.today, frame.today + timedelta(days=1)]
    extra = {
        "villages": [
            (village, [(day, _lines(village, planned, reach, day)) for day in days])
            for village in reach.villages
        ],
        "without": ", ".join(reach.without),
        "index_href": frame.where(paths.INDEX),
        "today": frame.today,
        "policy": frame.facts.policy,
        "schedule_href": frame.where(paths.SCHEDULE),
        "about_href": frame.where(paths.ABOUT),
    }
    return render("portal/villages.html", paths.VILLAGES, frame, extra)


def _lines(village: Village, planned: Sequence[Scheduled], reach: Reach, day: date) -> list[Line]:
    notices = [_notice(one) for one in _there(planned, village, day)]
    sounds = [_sound(one) for one in _heard(reach.sounds, village, day)]
    return _joined(sorted([*notices, *sounds], key=lambda line: line.start))


def _joined(lines: Sequence[Line]) -> list[Line]:
    """Music that takes turns stands once, from its first to its last tone."""
    joined: list[Line] = []
    for line in lines:
        last = joined[-1] if joined else None
        if last and not line.href and (last.title, last.why) == (line.title, line.why):
            joined[-1] = replace(last, ends=line.ends)
        else:
            joined.append(line)
    return joined


def _there(found: Sequence[Scheduled], village: Village, day: date) -> list[Scheduled]:
    return [one for one in found if village.codes & one.codes and local_date(one.start) == day]


def _heard(found: Sequence[StationHeard], village: Village, day: date) -> list[StationHeard]:
    return [one for one in found if village.codes & one.codes and local_date(one.start) == day]


def _notice(one: Scheduled) -> Line:
    return Line(
        start=one.start,
        ends=one.ends,
        title=one.edition.title,
        href=paths.edition_path(one.edition),
        why=one.edition.get_category_display(),
        recurring=one.recurring,
        urgent=one.edition.priority == "EMERGENCY",
        language=one.language,
        words=one.words,
        relayed_from="",
    )


def _sound(one: StationHeard) -> Line:
    return Line(
        start=one.start,
        ends=one.ends,
        title=one.title,
        href="",
        why=one.kind,
        recurring=True,
        urgent=False,
        language="",
        words="",
        relayed_from=one.relayed_from,
    )
