"""Putting many files in place: each is whole or the one before; what is unchanged is left alone."""

import os
import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

Files = list[tuple[Path, bytes]]
_MANY = 16


def write_together(files: Iterable[tuple[Path, bytes]], *, flush: bool = True) -> int:
    """Write those that differ from what lies there, in the order given: a page before the lists
    that lead to it. All are on the disk before the first takes its name, unless ``flush`` is
    False: then the caller flushes many sites at once before it notes them as written.

    Returns how many were written. Raises OSError; then some of them may be in place, each whole.
    """
    changed = [(path, content) for path, content in files if _differs(path, content)]
    drafts: list[tuple[str, Path]] = []
    try:
        for path, content in changed:
            drafts.append((_draft(path, content), path))
        if flush:
            _flush([draft for draft, _path in drafts])
        for draft, path in drafts:
            Path(draft).replace(path)
    finally:
        for draft, _path in drafts:
            Path(draft).unlink(missing_ok=True)
    return len(changed)


def _differs(path: Path, content: bytes) -> bool:
    """Readers' caches stay good for what did not change."""
    try:
        if path.stat().st_size != len(content):
            return True
        return path.read_bytes() != content
    except FileNotFoundError:
        return True


def _flush(drafts: Sequence[str]) -> None:
    """All to the disk, at the same time: a disk takes many flushes in little more than the time of
    one."""
    if len(drafts) > _MANY:
        os.sync()  # one for all is cheaper than one each
    elif drafts:
        with ThreadPoolExecutor(max_workers=len(drafts)) as pool:
            list(pool.map(_flush_one, drafts))


def _flush_one(draft: str) -> None:
    descriptor = os.open(draft, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _draft(path: Path, content: bytes) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    try:
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(content)
            os.fchmod(handle.fileno(), 0o644)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return name
