"""What is confirmed by name before a bulletin goes on. The lists are data: ``checklists.toml``."""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from django.utils.translation import get_language

ANY = "*"


@dataclass(frozen=True)
class Said:
    """The same words in both languages of the console."""

    vi: str
    en: str

    def __str__(self) -> str:
        return self.en if (get_language() or "vi").startswith("en") else self.vi


@dataclass(frozen=True)
class Item:
    """One sentence that a person confirms; ``key`` names it in forms and records."""

    key: str
    words: Said


@dataclass(frozen=True)
class Checklist:
    """``edition`` says which list it was when it is changed later."""

    code: str
    edition: str
    title: Said
    source: str
    asked_at: frozenset[str]
    categories: frozenset[str]
    adverts: frozenset[str]
    sensitive: bool
    items: tuple[Item, ...]

    def fits(self, category: str, advert: str, *, sensitive: bool) -> bool:
        """Whether a bulletin of this kind must pass it."""
        advertised = bool(advert) and not self.adverts.isdisjoint({advert, ANY})
        return category in self.categories or advertised or (self.sensitive and sensitive)


@cache
def checklists() -> tuple[Checklist, ...]:
    """All of them, in the order of the file."""
    text = resources.files("vang.review").joinpath("checklists.toml").read_text("utf-8")
    return tuple(_checklist(row) for row in tomllib.loads(text)["checklist"])


def checklists_for(verb: str, category: str, advert: str, *, sensitive: bool) -> list[Checklist]:
    """Those that are asked at ``verb`` of a bulletin of this kind."""
    return [
        one
        for one in checklists()
        if verb in one.asked_at and one.fits(category, advert, sensitive=sensitive)
    ]


def unconfirmed(asked: Collection[Checklist], confirmed: Collection[str]) -> list[Item]:
    """What nobody has confirmed yet."""
    return [item for one in asked for item in one.items if item.key not in confirmed]


def _checklist(row: Mapping[str, Any]) -> Checklist:
    return Checklist(
        code=row["code"],
        edition=row["edition"],
        title=Said(row["vi"], row["en"]),
        source=row["source"],
        asked_at=frozenset(row["asked_at"]),
        categories=frozenset(row.get("categories", ())),
        adverts=frozenset(row.get("adverts", ())),
        sensitive=row.get("sensitive", False),
        items=tuple(
            Item(f"{row['code']}.{item['code']}", Said(item["vi"], item["en"]))
            for item in row["item"]
        ),
    )
