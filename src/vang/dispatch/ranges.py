"""Byte ranges (RFC 9110, section 14): a node goes on with a download that broke off."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)
_CHUNK = 64 * 1024


@dataclass(frozen=True)
class Span:
    """``length`` bytes from ``first``."""

    first: int
    length: int


class Unsatisfiable(Exception):
    """The range begins behind the end of the file: answer 416."""


def requested(header: str, size: int) -> Span | None:
    """The one range asked for; None for the whole file (absent, malformed, several ranges)."""
    found = _ONE_RANGE.fullmatch(header.strip())
    if found is None or found[0] == "bytes=-":
        return None
    if not found[1]:
        return _suffix(int(found[2]), size)
    first, last = int(found[1]), int(found[2]) if found[2] else size - 1
    if found[2] and last < first:
        return None
    if first >= size:
        raise Unsatisfiable
    return Span(first, min(last, size - 1) - first + 1)


def _suffix(length: int, size: int) -> Span:
    if length == 0 or size == 0:
        raise Unsatisfiable
    return Span(max(0, size - length), min(length, size))


def chunks(path: Path, span: Span) -> Iterator[bytes]:
    """The bytes of ``span``. The file is opened at once, so a missing one is noticed in time."""
    handle = path.open("rb")
    handle.seek(span.first)
    return _read(handle, span.length)


def _read(handle: IO[bytes], left: int) -> Iterator[bytes]:
    with handle:
        while left > 0 and (chunk := handle.read(min(_CHUNK, left))):
            left -= len(chunk)
            yield chunk
