"""Which guidance a text falls under. Pure."""

from collections.abc import Collection
from dataclasses import dataclass

from vang.base.text import fold

MAX_TOPICS = 30
MAX_TOPIC = 60


@dataclass(frozen=True)
class Match:
    """Why it concerns the text: its category, words found in it, or every text."""

    category: bool
    words: tuple[str, ...]
    everything: bool

    def __bool__(self) -> bool:
        return self.category or bool(self.words) or self.everything


def match(
    *, categories: Collection[str], topics: Collection[str], category: str, text: str
) -> Match:
    """A note without categories and topics concerns every text; otherwise one of them must fit.

    Topics are found whatever the marks and capitals, but only as whole words.
    """
    folded = f" {_spaced(text)} "
    found = tuple(topic for topic in topics if f" {_spaced(topic)} " in folded)
    return Match(
        category=category in categories,
        words=found,
        everything=not categories and not topics,
    )


def read_topics(typed: str) -> list[str]:
    """One a line or between commas; each once, in the order given."""
    parts = (" ".join(part.split()) for part in typed.replace(",", "\n").split("\n"))
    return list(dict.fromkeys(part[:MAX_TOPIC] for part in parts if part))[:MAX_TOPICS]


def _spaced(text: str) -> str:
    """Folded words with one space between, whatever stood there."""
    return " ".join("".join(c if c.isalnum() else " " for c in fold(text)).split())


def lines(text: str) -> list[str]:
    """The points of a list written one a line, without their dashes."""
    stripped = (line.strip().lstrip("-–•+*").strip() for line in text.split("\n"))
    return [line for line in stripped if line]
