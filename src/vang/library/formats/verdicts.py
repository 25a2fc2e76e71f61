"""What the reading process hands back: a reading, or the reason why there is none. Pure."""

from dataclasses import dataclass
from typing import Any

from vang.library.formats.failures import Code, Unreadable
from vang.library.formats.lines import Line, from_plain, to_plain


@dataclass(frozen=True)
class Reading:
    """``format`` is "docx", "odt", "pdf", "rtf", "html" or "txt"; ``encoding`` is "Unicode", or
    the older one that the letters were converted from; ``unread`` are numbers of pages that could
    not be opened."""

    format: str
    encoding: str
    lines: list[Line]
    unread: tuple[int, ...] = ()


def to_verdict(reading: Reading) -> dict[str, Any]:
    return {
        "format": reading.format,
        "encoding": reading.encoding,
        "unread": list(reading.unread),
        "lines": [to_plain(line) for line in reading.lines],
    }


def from_verdict(verdict: dict[str, Any]) -> Reading:
    """Raises Unreadable when the verdict is a no."""
    if "code" in verdict:
        raise Unreadable(Code(verdict["code"]), verdict["detail"])
    lines = [from_plain(plain) for plain in verdict["lines"]]
    return Reading(verdict["format"], verdict["encoding"], lines, tuple(verdict["unread"]))
