"""Pages about the unit and the site itself."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from vang.channels.portal import paths
from vang.channels.portal.models import Section
from vang.channels.portal.pages.frame import ENGLISH, Frame, json_ld, render
from vang.channels.portal.pages.item import paragraphs
from vang.channels.portal.queries import Scheduled

BACKGROUND, THEME = "#f8f5ee", "#0d3a5c"


def schedule_page(
    frame: Frame, days: Mapping[date, Sequence[Scheduled]], *, villages: bool = False
) -> bytes:
    """Vì sao tôi nghe thấy tin này: what sounded and will sound, where, and why."""
    page = frame.where(paths.SCHEDULE)
    up = paths.way_up(page)
    first = frame.today - timedelta(days=1)
    shown = [first + timedelta(days=n) for n in range(9)]
    extra = {
        "days": [
            (day, [(item, up + paths.edition_path(item.edition)) for item in days.get(day, ())])
            for day in shown
        ],
        "today": frame.today,
        "policy": frame.facts.policy,
        "about_href": up + frame.where(paths.ABOUT),
        "villages_href": up + paths.VILLAGES if villages else "",
    }
    return render("portal/schedule.html", page, frame, extra)


def about_page(frame: Frame, sections: Sequence[Section]) -> bytes:
    """Organisation and contact, as decree 42/2022/NĐ-CP asks for."""
    page = frame.where(paths.ABOUT)
    profile = frame.facts.profile
    about = ""
    if profile is not None:
        about = profile.about_en if frame.language == ENGLISH else profile.about
    extra = {
        "paragraphs": paragraphs(about),
        "sections": sections,
        "json_ld": _organisation(frame),
    }
    return render("portal/about.html", page, frame, extra)


def _organisation(frame: Frame) -> str:
    facts, profile = frame.facts, frame.facts.profile
    told = {
        "@type": "GovernmentOrganization",
        "name": facts.responsible,
        "url": facts.address,
        "areaServed": {"@type": "AdministrativeArea", "name": facts.unit.full_name},
    }
    if profile is not None:
        reached = {
            "telephone": profile.phone,
            "email": profile.email,
            "address": profile.address,
            "alternateName": profile.name_en,
        }
        told |= {name: value for name, value in reached.items() if value}
    return json_ld(told)


def accessibility_page(frame: Frame) -> bytes:
    """What the pages do for everybody, and whom to tell where they fail."""
    page = frame.where(paths.ACCESSIBILITY)
    about = paths.way_up(page) + frame.where(paths.ABOUT)
    return render("portal/accessibility.html", page, frame, {"about_href": about})


def search_page(frame: Frame) -> bytes:
    """A form whose script searches the prepared index; without it the archive."""
    extra = {"index_href": paths.SEARCH_INDEX, "archive_href": paths.ARCHIVE}
    return render("portal/search.html", paths.SEARCH, frame, extra)


def offline_page(frame: Frame) -> bytes:
    """Shown when a page was never read before and there is no connection."""
    return render("portal/offline.html", paths.OFFLINE, frame, {})


def manifest(frame: Frame) -> bytes:
    """For "install": name, colours, icons."""
    icons = [
        ("icon-192.png", "192x192", "any"),
        ("icon-512.png", "512x512", "any"),
        ("icon-maskable.png", "512x512", "maskable"),
    ]
    told = {
        "name": frame.facts.unit.full_name,
        "short_name": frame.facts.unit.name[:24],
        "lang": "vi",
        "start_url": "./index.html",
        "scope": "./",
        "display": "standalone",
        "background_color": BACKGROUND,
        "theme_color": THEME,
        "icons": [
            {"src": source, "sizes": size, "type": "image/png", "purpose": purpose}
            for source, size, purpose in icons
        ],
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
