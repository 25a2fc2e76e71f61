"""The commune's pronunciation dictionary: applied first, and what it says is not touched again."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from vang.voice.speech.cleaning import clean_lines

_FIRST = 0xF0000
_LAST = 0xFFFFD
HELD = f"[{chr(_FIRST)}-{chr(_LAST)}]"
"""Stand-ins for readings, from a private-use plane; the text is free of them when cleaned."""


@dataclass(frozen=True, slots=True)
class Dictionary:
    """Compiled entries. Keys are whole words, longest first, case-sensitive if they have
    capitals; readings are kept as given, on one line."""

    pattern: re.Pattern[str] | None
    readings: tuple[str, ...]
    order: Mapping[str, int]

    def hold(self, line: str) -> str:
        """The line with each entry replaced by its stand-in."""
        if self.pattern is None:
            return line
        return self.pattern.sub(self._stand_in, line)

    def release(self, line: str) -> str:
        """The line with each stand-in replaced by its reading."""
        if self.pattern is None:
            return line
        return re.sub(HELD, lambda m: self.readings[ord(m[0]) - _FIRST], line)

    def _stand_in(self, match: re.Match[str]) -> str:
        word = _one_line(match[0])
        index = self.order.get(word, self.order.get(word.lower()))
        # Case-blind matching also pairs letters that lower() does not ("ı" with "i").
        return match[0] if index is None else f" {chr(_FIRST + index)} "


def compile_dictionary(entries: Mapping[str, str]) -> Dictionary:
    """Entries ready for use; blank keys are left out.

    Raises ValueError beyond 65,534 entries.
    """
    clean = {_one_line(k): _one_line(v) for k, v in entries.items()}
    clean.pop("", None)
    if len(clean) > _LAST - _FIRST:
        raise ValueError("a pronunciation dictionary holds at most 65,533 entries")
    keys = sorted(clean, key=lambda k: (-len(k), k))
    pattern = re.compile("|".join(map(_whole_word, keys))) if keys else None
    return Dictionary(pattern, tuple(clean[k] for k in keys), {k: i for i, k in enumerate(keys)})


def _one_line(text: str) -> str:
    return " ".join(" ".join(clean_lines(text)).split())


def _whole_word(key: str) -> str:
    head = r"(?<!\w)" if re.match(r"\w", key) else ""
    tail = r"(?!\w)" if re.search(r"\w\Z", key) else ""
    body = r"\s+".join(map(re.escape, key.split()))
    return f"{head}{body}{tail}" if key != key.lower() else f"{head}(?i:{body}){tail}"
