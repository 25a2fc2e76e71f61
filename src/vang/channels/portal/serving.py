"""Handing out the files of one commune's folder, and nothing outside it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".opus": "audio/ogg",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}
_SHORT = "public, max-age=60"
_FOR_EVER = "public, max-age=31536000, immutable"
_NAMED_BY_CONTENT = {".css", ".opus", ".woff2"}


@dataclass(frozen=True)
class PublicFile:
    """A file that may be shown. ``tag`` is a strong ETag with its quotes."""

    path: Path
    size: int
    changed: datetime
    tag: str
    kind: str
    cache: str


def find_public_file(root: Path, relative: str) -> PublicFile | None:
    """The file at ``relative`` below ``root``; None for everything that is not public.

    Hidden names, odd separators, links that lead out and unknown kinds of file are not public.
    """
    parts = (relative or "index.html").split("/")
    if not all(_plain(part) for part in parts):
        return None
    path = root.joinpath(*parts)
    kind = _TYPES.get(path.suffix)
    if kind is None or not path.is_file() or not path.resolve().is_relative_to(root.resolve()):
        return None
    return _described(path, kind)


def _plain(part: str) -> bool:
    return bool(part) and not part.startswith(".") and part.isprintable() and "\\" not in part


def _described(path: Path, kind: str) -> PublicFile:
    stat = path.stat()
    return PublicFile(
        path=path,
        size=stat.st_size,
        changed=datetime.fromtimestamp(int(stat.st_mtime), UTC),
        tag=f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"',
        kind=kind,
        cache=_FOR_EVER if path.suffix in _NAMED_BY_CONTENT else _SHORT,
    )
