"""The chapters of the manual, in every language the same: ``texts/LANGUAGE/NN-NAME.md``.

A chapter begins with ``# Title``; each section with ``## Title {#key}``. The key is the same in
every language. The first paragraph of a section says what its screen is for.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.utils.safestring import SafeString
from django.utils.translation import get_language

from vang.help.marks import as_html

TEXTS = Path(__file__).parent / "texts"
LANGUAGES = ("vi", "en")
_HEADING = re.compile(r"^## (.+?) \{#([a-z-]+)\}$", re.MULTILINE)


@dataclass(frozen=True)
class Section:
    """What is said about one kind of screen."""

    key: str
    title: str
    text: str
    chapter: str

    @property
    def html(self) -> SafeString:
        return as_html(self.text)


@dataclass(frozen=True)
class Chapter:
    """One page of the help."""

    name: str
    title: str
    opening: str
    sections: tuple[Section, ...]
    source: str

    @property
    def html(self) -> SafeString:
        return as_html(self.opening)


@lru_cache
def chapters(language: str) -> tuple[Chapter, ...]:
    """All chapters of a language, in the order of their files."""
    return tuple(_read(path) for path in sorted((TEXTS / language).glob("*.md")))


def chapters_here() -> tuple[Chapter, ...]:
    """In the language of the page."""
    spoken = (get_language() or "vi").partition("-")[0]
    return chapters(spoken if spoken in LANGUAGES else "vi")


def find_chapter(name: str) -> Chapter | None:
    return next((one for one in chapters_here() if one.name == name), None)


def find_section(key: str) -> Section:
    """Raises LookupError: every key that screens.py names has its section (a test sees to it)."""
    for chapter in chapters_here():
        for section in chapter.sections:
            if section.key == key:
                return section
    raise LookupError(key)


def _read(path: Path) -> Chapter:
    name = path.stem.partition("-")[2]
    source = path.read_text(encoding="utf-8")
    head, *parts = _HEADING.split(source)
    title, _, opening = head.strip().removeprefix("# ").partition("\n")
    triples = zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    sections = tuple(Section(key, said, text.strip(), name) for said, key, text in triples)
    return Chapter(name, title, opening.strip(), sections, source)
