"""Topics on which a leader decides: found in a text by the unit's list, or by its category. Pure.

What is found is only proposed; a person answers. The list that everybody begins with is data:
``sensitive.tsv``.
"""

import re
from collections.abc import Iterable
from functools import cache
from importlib import resources

from vang.review.tones import same_spelling

CATEGORIES = frozenset({"SECURITY", "AGAINST_WRONG"})
"""Categories that propose it by themselves: founding plan II.1.b.2 and III.3."""
MAX_TOPIC = 60

_WORD = re.compile(r"\w+(?:[./-]\w+)*")


@cache
def common_topics() -> tuple[str, ...]:
    """The words that every unit begins with."""
    table = resources.files("vang.review").joinpath("sensitive.tsv").read_text("utf-8")
    lines = (line.strip() for line in table.splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))


def topics_in(text: str, topics: Iterable[str]) -> list[str]:
    """Those of ``topics`` that stand in ``text`` as whole words, in the order of the list."""
    there = f" {_plain(text)} "
    return [topic for topic in topics if (words := _plain(topic)) and f" {words} " in there]


def _plain(text: str) -> str:
    """Lower-case words with their marks, wherever the tone stands, one space between them."""
    return " ".join(same_spelling(word.lower()) for word in _WORD.findall(text))
