"""What every page shares."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import pgettext

from vang.base.clock import VIETNAM, local_date
from vang.base.languages import VIETNAMESE
from vang.channels.portal import paths
from vang.channels.portal.assets import Bundle
from vang.channels.portal.facts import Facts

ENGLISH = "en"
_UNSAFE = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


@dataclass(frozen=True)
class Frame:
    """One unit's site at one moment, in one language of its shell."""

    facts: Facts
    bundle: Bundle
    now: datetime
    language: str = VIETNAMESE

    @property
    def today(self) -> date:
        return local_date(self.now)

    @property
    def code(self) -> str:
        return self.facts.unit.code

    def in_english(self) -> "Frame":
        return replace(self, language=ENGLISH)

    def where(self, page: str) -> str:
        """The path of a shared page in this language, where there is one."""
        return paths.ENGLISH.get(page, page) if self.language == ENGLISH else page


def demonstration() -> bool:
    """Whether this installation shows invented notices."""
    return (Path(settings.DATA) / "demonstration").exists()


def render(template: str, page: str, frame: Frame, extra: Mapping[str, Any]) -> bytes:
    """The bytes of ``page`` (its path in the unit's folder), in the frame's language and
    Vietnamese time, whoever's request or job it is."""
    with translation.override(frame.language), timezone.override(VIETNAM):
        return render_to_string(template, {**_shared(page, frame), **extra}).encode()


def _shared(page: str, frame: Frame) -> dict[str, Any]:
    facts = frame.facts
    return {
        "facts": facts,
        "unit": facts.unit,
        "unit_name": _name(frame),
        "profile": facts.profile,
        "place": _place(frame),
        "responsible": facts.responsible,
        "above": facts.unit.parent,
        "bundle": frame.bundle,
        "up": paths.way_up(page),
        "page": page,
        "address": facts.address + ("" if page == paths.INDEX else page),
        "written_at": frame.now,
        "demonstration": demonstration(),
        "language": frame.language,
        "navigation": _navigation(page, frame),
        "twin": _twin(page, frame),
        "json_ld": "",
    }


def _name(frame: Frame) -> str:
    profile = frame.facts.profile
    if frame.language == ENGLISH and profile is not None and profile.name_en:
        return profile.name_en
    return frame.facts.unit.full_name


def _place(frame: Frame) -> str:
    return frame.facts.place if frame.language == VIETNAMESE else _name(frame)


def _navigation(page: str, frame: Frame) -> list[tuple[str, str, bool]]:
    """(href, words, here) of the main pages."""
    places = [
        (paths.INDEX, pgettext("public page", "Notices")),
        (paths.SCHEDULE, pgettext("public page", "On the loudspeakers")),
        (paths.LISTEN, pgettext("public page", "Listen again")),
        (paths.SEARCH, pgettext("public page", "Search")),
        (paths.ABOUT, pgettext("public page", "Organisation and contact")),
    ]
    up = paths.way_up(page)
    return [(up + frame.where(path), words, frame.where(path) == page) for path, words in places]


def _twin(page: str, frame: Frame) -> str:
    """The same page in the other language of the shell, from here; "" where there is none."""
    up = paths.way_up(page)
    if frame.language == ENGLISH:
        vietnamese = {english: path for path, english in paths.ENGLISH.items()}
        return up + vietnamese[page] if page in vietnamese else ""
    return up + paths.ENGLISH[page] if page in paths.ENGLISH else ""


def json_ld(told: Mapping[str, Any]) -> SafeString:
    """JSON that may stand in a script element: nothing in it can end the element."""
    plain = json.dumps({"@context": "https://schema.org", **told}, ensure_ascii=False)
    return mark_safe(plain.translate(_UNSAFE))  # noqa: S308 - no markup is left in it
