"""Handing out the files of one unit's folder, and nothing outside it. Nothing is computed.

The same answer is given by a Django view (for tests and odd requests) and, in front of Django, by
``wsgi.PublicPages``: a flood of readers must not reach the application.
"""

import gzip
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import formatdate, parsedate_to_datetime
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

from vang.base.ranges import FilePart, Span, Unsatisfiable, requested

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".xml": "application/xml; charset=utf-8",
    ".opus": "audio/ogg",
    ".mp3": "audio/mpeg",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".pdf": "application/pdf",
    ".rtf": "application/rtf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}
_FEEDS = {
    "rss.xml": "application/rss+xml; charset=utf-8",
    "podcast.xml": "application/rss+xml; charset=utf-8",
    "atom.xml": "application/atom+xml; charset=utf-8",
    "feed.json": "application/feed+json",
}
_SHORT = "public, max-age=60"
_DAY = "public, max-age=86400"
_FOR_EVER = "public, max-age=31536000, immutable"
_NAMED_BY_CONTENT = {".css", ".opus", ".mp3", ".woff2", ".jpg", ".webp"}
_DOCUMENTS = "tep"
_SMALL = 256 * 1024
_SQUEEZED = (".html", ".css", ".js", ".json", ".webmanifest", ".xml", ".svg", ".txt")
_WORTH_IT = 1000
_MOST_SQUEEZED = 1_000_000
_TAKES_GZIP = re.compile(r"(?:^|[,\s])gzip(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))", re.IGNORECASE)

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "font-src 'self'",
        "img-src 'self' data:",
        "media-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
SAFE_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@dataclass(frozen=True)
class PublicFile:
    """A file that may be shown. ``tag`` is a strong ETag with its quotes."""

    path: Path
    size: int
    changed: datetime
    tag: str
    kind: str
    cache: str
    language: str

    @property
    def date(self) -> str:
        return formatdate(self.changed.timestamp(), usegmt=True)

    @property
    def squeezes(self) -> bool:
        """Whether it is text that becomes much smaller."""
        return self.path.suffix in _SQUEEZED and _WORTH_IT <= self.size <= _MOST_SQUEEZED


@dataclass(frozen=True)
class Answer:
    """What is sent: headers, and the bytes; whoever gives up before their end closes them."""

    status: int
    headers: Mapping[str, str]
    body: Iterable[bytes] = ()


def find_public_file(root: Path, relative: str) -> PublicFile | None:
    """The file at ``relative`` below ``root``; None for everything that is not public.

    Hidden names, odd separators, links that lead out and unknown kinds of file are not public.
    """
    wanted = relative + "index.html" if relative.endswith("/") or not relative else relative
    parts = wanted.split("/")
    if not all(_plain(part) for part in parts):
        return None
    path = root.joinpath(*parts)
    kind = _FEEDS.get(path.name) or _TYPES.get(path.suffix)
    if kind is None or not path.is_file() or not path.resolve().is_relative_to(root.resolve()):
        return None
    return _described(path, kind, parts)


def _plain(part: str) -> bool:
    return bool(part) and not part.startswith(".") and part.isprintable() and "\\" not in part


def _described(path: Path, kind: str, parts: Sequence[str]) -> PublicFile:
    stat = path.stat()
    return PublicFile(
        path=path,
        size=stat.st_size,
        changed=datetime.fromtimestamp(int(stat.st_mtime), UTC),
        tag=_tag(stat),
        kind=kind,
        cache=_cache(path, parts),
        language="en" if parts[0] == "en" else "vi",
    )


def _tag(stat: os.stat_result) -> str:
    return f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"'


def _cache(path: Path, parts: Sequence[str]) -> str:
    if path.name == "sw.js":
        return "no-cache"
    named_by_content = path.suffix in _NAMED_BY_CONTENT or path.suffix == ".js"
    if named_by_content or parts[0] == _DOCUMENTS or (parts[0] == "search" and len(parts) == 3):
        return _FOR_EVER
    return _DAY if path.suffix in {".png", ".svg"} else _SHORT


def answer(found: PublicFile, asked: Mapping[str, str], *, head: bool = False) -> Answer:
    """What to send to a GET or HEAD with these headers (lower-case names): RFC 9110, sections
    13 and 14. Raises OSError when the file is gone."""
    squeezed = found.squeezes and "range" not in asked and _takes_gzip(asked)
    tag = f'{found.tag[:-1]}-gz"' if squeezed else found.tag
    headers = {
        **SAFE_HEADERS,
        "ETag": tag,
        "Last-Modified": found.date,
        "Cache-Control": found.cache,
        "Accept-Ranges": "bytes",
        "Content-Language": found.language,
    }
    if found.squeezes:
        headers["Vary"] = "Accept-Encoding"
    if _unchanged(found, asked, tag):
        return Answer(304, headers)
    if squeezed:
        return _squeezed(found, asked, headers, head=head)
    try:
        span = _span(found, asked)
    except Unsatisfiable:
        return Answer(416, {**headers, "Content-Range": f"bytes */{found.size}"})
    sent = span or Span(0, found.size)
    headers |= {"Content-Type": found.kind, "Content-Length": str(sent.length)}
    if span is not None:
        last = span.first + span.length - 1
        headers["Content-Range"] = f"bytes {span.first}-{last}/{found.size}"
    if head:
        return Answer(206 if span else 200, headers)
    handle = found.path.open("rb")
    if _tag(os.fstat(handle.fileno())) != found.tag:  # written anew since it was looked at
        handle.close()
        return answer(replace(found, **_now(found.path)), asked)
    return Answer(206 if span else 200, headers, _bytes(handle, sent))


def _takes_gzip(asked: Mapping[str, str]) -> bool:
    return _TAKES_GZIP.search(asked.get("accept-encoding", "")) is not None


def _squeezed(
    found: PublicFile, asked: Mapping[str, str], headers: dict[str, str], *, head: bool
) -> Answer:
    """The whole file as gzip: a page and what it needs stay small also without nginx."""
    try:
        content = _gzip(found.path, found.tag)
    except _Changed:
        return answer(replace(found, **_now(found.path)), asked, head=head)
    headers |= {
        "Content-Type": found.kind,
        "Content-Encoding": "gzip",
        "Content-Length": str(len(content)),
    }
    return Answer(200, headers, () if head else (content,))


class _Changed(Exception):
    """Written anew since it was looked at."""


@lru_cache(maxsize=512)
def _gzip(path: Path, tag: str) -> bytes:
    """Squeezed once for many readers. Raises _Changed, OSError."""
    with path.open("rb") as handle:
        if _tag(os.fstat(handle.fileno())) != tag:
            raise _Changed
        return gzip.compress(handle.read(), 6, mtime=0)


def _now(path: Path) -> dict[str, Any]:
    stat = path.stat()
    changed = datetime.fromtimestamp(int(stat.st_mtime), UTC)
    return {"size": stat.st_size, "changed": changed, "tag": _tag(stat)}


def _bytes(handle: IO[bytes], span: Span) -> Iterable[bytes]:
    """A small part at once, a large one piece by piece."""
    if span.length > _SMALL:
        return FilePart(handle, span)
    with handle:
        handle.seek(span.first)
        return (handle.read(span.length),)


def _unchanged(found: PublicFile, asked: Mapping[str, str], tag: str) -> bool:
    if tags := asked.get("if-none-match"):
        weak = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return tag in weak or "*" in weak
    if since := asked.get("if-modified-since"):
        try:
            return parsedate_to_datetime(since) >= found.changed
        except (TypeError, ValueError):
            return False
    return False


def _span(found: PublicFile, asked: Mapping[str, str]) -> Span | None:
    """The range asked for, unless it was asked of an older file (section 13.1.5)."""
    condition = asked.get("if-range", "")
    if condition and condition not in {found.tag, found.date}:
        return None
    return requested(asked.get("range", ""), found.size)
