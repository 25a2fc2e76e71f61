"""The page of one notice, in each language in which it is told."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import translation

from vang.base.clock import local_date
from vang.base.display import seconds
from vang.base.languages import VIETNAMESE, language_name
from vang.base.text import slug
from vang.bulletins.models import Category, Edition, Level
from vang.bulletins.wordings import Sound, Told, edition_wordings
from vang.channels.portal import paths, queries
from vang.channels.portal.material import Shown, documents_of, pictures_of
from vang.channels.portal.pages.frame import Frame, json_ld, render
from vang.channels.portal.pages.tags import tags_of
from vang.channels.portal.wording import Broadcast
from vang.claims.publishing import Review, review_of
from vang.pool.origins import source_of

_PAST_SHOWN = 10
_COMING_SHOWN = 3
_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")
_DESCRIPTION = 200
_HEADLINE = 110


@dataclass(frozen=True)
class Source:
    """One file of a sound."""

    href: str
    kind: str


@dataclass(frozen=True)
class Player:
    """A sound to listen to, from the page where it stands. ``download`` names the saved file."""

    sources: list[Source]
    length: str
    download: str


def paragraphs(text: str) -> list[str]:
    """The text as written, cut where empty lines stand."""
    return [part for part in _PARAGRAPHS.split(text.strip()) if part]


def beginning(text: str) -> str:
    """The first words on one line, for lists and previews."""
    line = " ".join(text[: 2 * _DESCRIPTION].split())
    if len(line) <= _DESCRIPTION:
        return line
    return line[:_DESCRIPTION].rsplit(" ", 1)[0] + " …"


def page_wordings(edition: Edition) -> list[Told]:
    """What has a page of its own: Vietnamese, then each language in its fullest words for the
    page. A language is never put in the place of another."""
    fitting = [told for told in edition_wordings(edition) if told.channel in {"", queries.PORTAL}]
    chosen: dict[str, Told] = {}
    for told in sorted(fitting, key=_fullness):
        if told.level != Level.ONE_LINE:
            chosen.setdefault(told.language, told)
    sounds = {told.language: told.sound for told in fitting if told.sound}
    order = [told.language for told in edition_wordings(edition)]
    return [
        _with_sound(chosen[language], sounds.get(language))
        for language in dict.fromkeys(order)
        if language in chosen
    ]


def _fullness(told: Told) -> tuple[bool, bool]:
    return told.level != Level.FULL, told.channel != queries.PORTAL


def _with_sound(told: Told, sound: Sound | None) -> Told:
    return Told(told.language, told.level, told.channel, told.title, told.text, sound)


def player(page: str, title: str, sound: Sound, *, mp3: bool) -> Player:
    """Opus first: it is small; MP3 for Safari before 18.4, which cannot play Ogg Opus."""
    up = paths.way_up(page)
    sources = [Source(up + paths.audio_path(sound.sha256), "audio/ogg; codecs=opus")]
    if mp3:
        sources.append(Source(up + paths.audio_path(sound.sha256, "mp3"), "audio/mpeg"))
    ending = "mp3" if mp3 else "opus"
    name = slug(title) or sound.sha256[:8]
    return Player(sources, seconds(sound.duration_ms / 1000), f"{name}.{ending}")


@dataclass(frozen=True)
class Chain:
    """What an edition corrects and what corrected it, as far as there are pages."""

    corrects: Edition | None = None
    corrected_by: Edition | None = None
    """The newest of those that followed."""


@dataclass(frozen=True)
class Item:
    """One notice on its way to its pages. ``mp3``: hashes of the sounds that lie there as MP3."""

    frame: Frame
    edition: Edition
    chain: Chain
    mp3: frozenset[str]

    @property
    def over(self) -> bool:
        """It no longer holds."""
        return self.edition.withdrawn_at is not None or self.chain.corrected_by is not None

    def pages(self) -> list[tuple[str, bytes]]:
        """Path and bytes of the notice's page in each language."""
        with translation.override("vi"):
            told = page_wordings(self.edition)
            aired = queries.edition_broadcasts(self.edition)
            on = local_date(self.edition.released_at)
            shared = {
                "audience": queries.audience_names(self.edition, on),
                "source": source_of(self.edition.bulletin_id),
                "review": None if self.over else review_of(self.edition),
                "pictures": [] if self.over else pictures_of(self.edition),
                "documents": [] if self.over else documents_of(self.edition),
                **_shown(aired),
            }
            return [self._page(one, [] if self.over else told, shared) for one in told]

    def _page(
        self, told: Told, others: Sequence[Told], shared: dict[str, Any]
    ) -> tuple[str, bytes]:
        edition, sound, chain = self.edition, told.sound, self.chain
        page = paths.edition_path(edition, told.language)
        title = told.title or edition.title
        extra = {
            "edition": edition,
            "told": told,
            "title": title,
            "title_language": told.language if told.title else VIETNAMESE,
            "paragraphs": paragraphs(told.text),
            "description": beginning(told.text),
            "player": player(page, title, sound, mp3=sound.sha256 in self.mp3) if sound else None,
            "languages": _languages(edition, others, page),
            "alternates": self._alternates(others),
            "tags": tags_of(edition, corrected=chain.corrected_by is not None, voice=False),
            "corrects": _linked(chain.corrects, page),
            "corrected_by": _linked(chain.corrected_by, page),
            "category_href": paths.way_up(page) + paths.category_path(edition.category),
            "cover": shared["pictures"][0].largest.path if shared["pictures"] else "",
            "json_ld": "" if self.over else self._json_ld(told, shared),
            **shared,
        }
        return page, render("portal/item.html", page, self.frame, extra)

    def _alternates(self, others: Sequence[Told]) -> list[tuple[str, str]]:
        """(code, whole address) of every language, this one among them; search engines want both
        pages to name each other."""
        if len(others) < 2:
            return []
        address = self.frame.facts.address
        return [
            (one.language, address + paths.edition_path(self.edition, one.language))
            for one in others
        ]

    def _json_ld(self, told: Told, shared: dict[str, Any]) -> str:
        return _json_ld(self.frame, self.edition, told, shared["review"], shared["pictures"])


def _languages(
    edition: Edition, others: Sequence[Told], page: str
) -> list[tuple[str, str, str, bool]]:
    """(code, name, href, here); empty when it is told in one language alone."""
    if len(others) < 2:
        return []
    up = paths.way_up(page)
    found = []
    for told in others:
        path = paths.edition_path(edition, told.language)
        found.append((told.language, language_name(told.language), up + path, path == page))
    return found


def _linked(edition: Edition | None, page: str) -> tuple[Edition, str] | None:
    if edition is None:
        return None
    return edition, paths.way_up(page) + paths.edition_path(edition)


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


def _json_ld(
    frame: Frame,
    edition: Edition,
    told: Told,
    review: Review | None,
    pictures: Sequence[Shown],
) -> str:
    """For search engines."""
    facts = frame.facts
    publisher = {"@type": "GovernmentOrganization", "name": facts.responsible}
    address = facts.address + paths.edition_path(edition, told.language)
    article: dict[str, Any] = {
        "@type": "NewsArticle",
        "headline": (told.title or edition.title)[:_HEADLINE],
        "datePublished": edition.released_at.isoformat(),
        "dateModified": edition.released_at.isoformat(),
        "inLanguage": told.language,
        "mainEntityOfPage": address,
        "author": publisher,
        "publisher": publisher,
        "image": [facts.address + one.largest.path for one in pictures]
        or facts.address + "cover.png",
        "isAccessibleForFree": True,
    }
    if told.sound is not None:
        article["audio"] = {
            "@type": "AudioObject",
            "contentUrl": facts.address + paths.audio_path(told.sound.sha256),
            "duration": f"PT{max(1, round(told.sound.duration_ms / 1000))}S",
            "encodingFormat": "audio/ogg",
        }
    if edition.wrong:
        article["correction"] = {
            "@type": "CorrectionComment",
            "text": edition.wrong,
            "datePublished": edition.released_at.isoformat(),
        }
    more: list[dict[str, Any]] = []
    if edition.category == Category.DISASTER and told.language == VIETNAMESE:
        more.append(_announcement(frame, edition, told, address))
    if review is not None and told.language == VIETNAMESE:
        more.append(review.json_ld(responsible=facts.responsible, url=address))
    return json_ld({"@graph": [article, *more]} if more else article)


def _announcement(frame: Frame, edition: Edition, told: Told, address: str) -> dict[str, Any]:
    """Disaster, fire, epidemic: schema.org has a kind of its own for it."""
    return {
        "@type": "SpecialAnnouncement",
        "name": told.title,
        "text": told.text[:5000],
        "datePosted": edition.released_at.isoformat(),
        "category": "https://schema.org/EmergencyService",
        "url": address,
        "spatialCoverage": {"@type": "AdministrativeArea", "name": frame.facts.unit.full_name},
    }
