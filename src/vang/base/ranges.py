"""Byte ranges (RFC 9110, section 14): a download that broke off goes on, a player seeks."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Self

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


class FilePart:
    """The bytes of ``span``, chunk by chunk, of a file or of one that is open already. Opened at
    once, so a missing file is noticed in time; closed at the end, and by whoever gives up before
    it."""

    def __init__(self, file: Path | IO[bytes], span: Span) -> None:
        self._handle: IO[bytes] = file.open("rb") if isinstance(file, Path) else file
        self._handle.seek(span.first)
        self._left = span.length

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        chunk = b"" if self._handle.closed else self._handle.read(min(_CHUNK, self._left))
        if not chunk:
            self.close()
            raise StopIteration
        self._left -= len(chunk)
        return chunk

    def close(self) -> None:
        self._handle.close()
