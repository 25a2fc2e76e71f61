"""Pages that lead to notices: the first page, months, categories, sounds, corrections."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils import translation

from vang.base.clock import local_date
from vang.bulletins.models import Category, Edition
from vang.bulletins.wordings import main_sound
from vang.channels.portal import paths
from vang.channels.portal.pages.frame import Frame, json_ld, render
from vang.channels.portal.pages.item import Player, beginning, player
from vang.channels.portal.pages.tags import tags_of
from vang.channels.portal.queries import Scheduled, Shelves
from vang.claims.publishing import Review
from vang.orgs.models import Unit

NEWEST = 10
_TODAY_SHOWN = 8
_CHECKED_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Link:
    """A notice in a list, in the words of the list's language; ``begins`` is empty where only
    titles are listed. ``over``: it does not hold any more."""

    edition: Edition
    href: str
    day: str
    date: str
    category: str
    tags: Sequence[tuple[str, str]]
    over: bool
    begins: str = ""
    unit: Unit | None = None


def links(
    frame: Frame,
    found: Sequence[Edition],
    page: str,
    *,
    begins: bool = False,
    voice: bool = True,
) -> list[Link]:
    """Links to editions from ``page``; ``voice``: they tell of a trial voice."""
    up = paths.way_up(page)
    with translation.override(frame.language):
        words = {one.value: str(one.label) for one in Category}
        return [
            _link(edition, up + paths.edition_path(edition), words, begins=begins, voice=voice)
            for edition in found
        ]


def _link(
    edition: Edition, href: str, words: Mapping[str, str], *, begins: bool, voice: bool
) -> Link:
    corrected = bool(getattr(edition, "is_corrected", False))
    day = local_date(edition.released_at)
    return Link(
        edition=edition,
        href=href,
        day=day.isoformat(),
        date=f"{day:%d/%m/%Y}",
        category=words[edition.category],
        tags=tags_of(edition, corrected=corrected, voice=voice),
        over=corrected or edition.withdrawn_at is not None,
        begins=beginning(_begins(edition)) if begins else "",
    )


def _begins(edition: Edition) -> str:
    return str(getattr(edition, "begins", "") or "")


def abroad(frame: Frame, found: Sequence[Edition], page: str) -> list[Link]:
    """Links to editions of units whose folders lie beside this one's."""
    up = paths.way_up(page)
    return [
        replace(link, unit=link.edition.unit, href=_elsewhere(link.edition, up, frame.code))
        for link in links(frame, found, page, begins=True)
    ]


def _elsewhere(edition: Edition, up: str, home: str) -> str:
    folder = "" if edition.unit.code == home else f"../{paths.folder_name(edition.unit.code)}/"
    return up + folder + paths.edition_path(edition)


@dataclass(frozen=True)
class Front:
    """What the first page tells beside the unit's facts."""

    newest: Sequence[Edition]
    set_right: Sequence[Edition]
    planned: Sequence[Scheduled]
    """From yesterday to a week ahead."""
    categories: Collection[str]
    together: Sequence[Edition] = ()
    """Of a unit that stands above others: the newest of all of them."""


def front_page(frame: Frame, front: Front) -> bytes:
    """The unit's first page: newest notices, today on the loudspeakers, ways to follow."""
    page = frame.where(paths.INDEX)
    up = paths.way_up(page)
    today = [one for one in front.planned if local_date(one.start) == frame.today]
    extra = {
        "links": links(frame, front.newest, page, begins=True),
        "together": abroad(frame, front.together, page),
        "below": [(unit, f"{up}../{paths.folder_name(unit.code)}/") for unit in frame.facts.below],
        "set_right": links(frame, front.set_right[:3], page),
        "corrections_href": up + paths.CORRECTIONS,
        "today": frame.today,
        "scheduled": _schedule_links(today[:_TODAY_SHOWN], up),
        "scheduled_more": len(today[_TODAY_SHOWN:]),
        "schedule_href": up + frame.where(paths.SCHEDULE),
        "policy": frame.facts.policy,
        "categories": category_links(front.categories, up),
        "archive_href": up + paths.ARCHIVE,
        "feeds": _feeds(frame, up),
    }
    return render("portal/front.html", page, frame, extra)


def _schedule_links(found: Sequence[Scheduled], up: str) -> list[tuple[Scheduled, str]]:
    return [(item, up + paths.edition_path(item.edition)) for item in found]


def category_links(used: Collection[str], up: str) -> list[tuple[str, str]]:
    """(words, href) in the order of the decree."""
    return [(str(one.label), up + paths.category_path(one)) for one in Category if one in used]


def _feeds(frame: Frame, up: str) -> dict[str, str]:
    if not frame.facts.feeds:
        return {}
    names = {
        "rss": paths.RSS,
        "atom": paths.ATOM,
        "json": paths.JSON_FEED,
        "podcast": paths.PODCAST,
    }
    return {name: up + path for name, path in names.items()}


def month_page(frame: Frame, month: date, found: Sequence[Edition]) -> bytes:
    """All notices of one month."""
    page = paths.month_path(month)
    shown = links(frame, found, page)
    extra = {"month": month, "links": shown, "archive_href": "../../" + paths.ARCHIVE}
    return render("portal/month.html", page, frame, extra)


def archive_page(frame: Frame, shelves: Shelves) -> bytes:
    """All months and all categories: the way to everything without a script."""
    years: dict[int, list[tuple[date, str, int]]] = {}
    for month, count in shelves.months.items():
        years.setdefault(month.year, []).append((month, paths.month_path(month), count))
    extra = {"years": years, "categories": category_links(shelves.categories, "")}
    return render("portal/archive.html", paths.ARCHIVE, frame, extra)


def category_page(
    frame: Frame,
    category: str,
    found: Sequence[Edition],
    years: Sequence[int],
    year: int | None = None,
) -> bytes:
    """The newest of one category, or all of one year of it."""
    page = paths.category_path(category, year)
    up = paths.way_up(page)
    extra = {
        "category": Category(category).label,
        "year": year,
        "links": links(frame, found, page, begins=year is None),
        "years": [(one, up + paths.category_path(category, one)) for one in years],
        "newest_href": up + paths.category_path(category),
    }
    return render("portal/category.html", page, frame, extra)


@dataclass(frozen=True)
class Heard:
    """A notice with its player."""

    link: Link
    player: Player


def listen_page(frame: Frame, found: Sequence[Edition], mp3: frozenset[str]) -> bytes:
    """The newest notices to listen to, one below the other."""
    page = paths.LISTEN
    with translation.override("vi"):
        heard = [
            Heard(
                link,
                player(page, edition.title, main_sound(edition), mp3=edition.audio_sha256 in mp3),
            )
            for link, edition in zip(links(frame, found, page), found, strict=True)
        ]
    return render("portal/listen.html", page, frame, {"heard": heard, "feeds": _feeds(frame, "")})


def corrections_page(frame: Frame, found: Sequence[Edition]) -> bytes:
    """Đính chính và thu hồi: every one, latest first."""
    page = paths.CORRECTIONS
    shown = links(frame, found, page, voice=False)
    rows = [(link, _old(link.edition, page)) for link in shown]
    return render("portal/corrections.html", page, frame, {"rows": rows})


def checked_page(frame: Frame, found: Sequence[Review]) -> bytes:
    """Claims that were checked and answered, latest first; also for search engines."""
    page, facts, shown = paths.CHECKED, frame.facts, found[:_CHECKED_SHOWN]
    editions = [one.published.edition for one in shown]
    hrefs = [paths.edition_path(edition) for edition in editions]
    reviews = [
        one.json_ld(responsible=facts.responsible, url=facts.address + href)
        for one, href in zip(shown, hrefs, strict=True)
    ]
    extra = {
        "rows": list(zip(shown, hrefs, strict=True)),
        "more": len(found) - len(shown),
        "json_ld": json_ld({"@graph": reviews}) if reviews else "",
    }
    return render("portal/checked.html", page, frame, extra)


def _old(edition: Edition, page: str) -> tuple[Edition, str] | None:
    if edition.corrects is None:
        return None
    return edition.corrects, paths.way_up(page) + paths.edition_path(edition.corrects)
