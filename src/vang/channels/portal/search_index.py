"""A search index that a browser reads in parts. Pure: from notices to the bytes of its files.

Words are folded (no marks, đ as d) and cut at everything that is no ASCII letter or digit, as
``static/portal/search.js`` does with what is typed. The frozen part has

- ``w0.json`` … : word → [numbers of notices with it in the title, in the text alone];
- ``d0.json`` … : 100 notices each, in the order of their numbers: [path, title, day, category, "",
  unit];
- ``order.json``: the notices' keys by number, for whoever marks some as gone.

Numbers rise with time and are packed as base-36 steps: ``0.2.1`` is 0, 3, 5. A word's file is
found by FNV-1a of the word, so that one question loads one small file a word.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vang.base.text import fold

BLOCK = 100
_SHARD_BYTES = 12_000
_MOST_SHARDS = 256
_WORD = re.compile(r"[a-z0-9]+")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Doc:
    """A notice as the index knows it. ``category`` and ``unit`` are numbers of lists that stand
    in the index's head; ``unit`` 0 is the site's own."""

    key: str
    path: str
    title: str
    day: str
    category: int
    text: str
    unit: int = 0

    @property
    def row(self) -> list[object]:
        return [self.path, self.title, self.day, self.category, "", self.unit]


@dataclass(frozen=True)
class Frozen:
    """Files by name, and into how many shards the words are divided."""

    files: dict[str, bytes]
    shards: int


def words_of(text: str) -> list[str]:
    """The folded words, in order."""
    return _WORD.findall(fold(text))


def recent_row(doc: Doc) -> list[object]:
    """A notice of the part that lies in the index itself: with the words of its text."""
    title = set(words_of(doc.title))
    row = doc.row
    row[4] = " ".join(sorted(set(words_of(doc.text)) - title))
    return row


def freeze(docs: Sequence[Doc]) -> Frozen:
    """The files of the frozen part, for notices from old to new."""
    postings = _postings(docs)
    packed = {word: [pack(title), pack(body)] for word, (title, body) in postings.items()}
    size = sum(len(word) + len(title) + len(body) + 10 for word, (title, body) in packed.items())
    shards = max(1, min(_MOST_SHARDS, -(-size // _SHARD_BYTES)))
    parts: dict[int, dict[str, list[str]]] = {number: {} for number in range(shards)}
    for word in sorted(packed):
        parts[shard_of(word, shards)][word] = packed[word]
    files = {f"w{number}.json": _json(part) for number, part in parts.items()}
    for first in range(0, len(docs), BLOCK):
        rows = [doc.row for doc in docs[first : first + BLOCK]]
        files[f"d{first // BLOCK}.json"] = _json(rows)
    files["order.json"] = _json([doc.key for doc in docs])
    return Frozen(files, shards)


def _postings(docs: Sequence[Doc]) -> dict[str, tuple[list[int], list[int]]]:
    found: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for number, doc in enumerate(docs):
        title = set(words_of(doc.title))
        for word in title:
            found[word][0].append(number)
        for word in set(words_of(doc.text)) - title:
            found[word][1].append(number)
    return found


def pack(numbers: Iterable[int]) -> str:
    """Rising numbers as the steps between them."""
    steps, last = [], -1
    for number in numbers:
        steps.append(_base36(number - last - 1))
        last = number
    return ".".join(steps)


def unpack(packed: str) -> list[int]:
    """As the script does."""
    numbers, last = [], -1
    for step in packed.split(".") if packed else ():
        last += int(step, 36) + 1
        numbers.append(last)
    return numbers


def _base36(number: int) -> str:
    digits = ""
    while number or not digits:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits


def shard_of(word: str, shards: int) -> int:
    """FNV-1a, 32 bits."""
    value = 0x811C9DC5
    for letter in word.encode("ascii"):
        value = (value ^ letter) * 0x01000193 & 0xFFFFFFFF
    return value % shards


def head(
    *,
    base: str,
    shards: int,
    recent: Sequence[Doc],
    gone: Sequence[int],
    categories: Sequence[str],
    units: Sequence[str],
) -> bytes:
    """``index.json``: what is asked for first."""
    return _json(
        {
            "base": base,
            "shards": shards,
            "block": BLOCK,
            "recent": [recent_row(doc) for doc in recent],
            "gone": list(gone),
            "categories": list(categories),
            "units": list(units),
        }
    )


def _json(told: object) -> bytes:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
