"""What changed between two texts, word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

_PIECES = re.compile(r"\s+|[\w/.-]*\w|[^\w\s]")


@dataclass(frozen=True)
class Change:
    """``kind`` is same, added or removed; the texts joined without the removed give the newer."""

    kind: str
    text: str


def word_changes(before: str, after: str) -> list[Change]:
    """Runs of same, removed and added text, in reading order. Numbers and dates stay whole."""
    old, new = _PIECES.findall(before), _PIECES.findall(after)
    changes: list[Change] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            changes.append(Change("same", "".join(new[c:d])))
            continue
        if a < b:
            changes.append(Change("removed", "".join(old[a:b])))
        if c < d:
            changes.append(Change("added", "".join(new[c:d])))
    return changes
