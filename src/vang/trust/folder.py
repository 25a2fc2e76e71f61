"""``VANG_DATA/trust/``: what nodes fetch. Every file is whole or absent; nobody writes beside
another process."""

import fcntl
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

PATHS = re.compile(
    r"metadata/(?:[1-9][0-9]{0,8}\.(?:root|snapshot|targets|software)|timestamp)\.json"
    r"|targets/[0-9a-f]{64}\.policy\.json"
)
"""The six shapes that a node may ask for."""


def folder() -> Path:
    found: Path = settings.DATA / "trust"
    return found


def file(path: str) -> bytes | None:
    """The bytes at a path of one of the six shapes; None where there is none."""
    if not PATHS.fullmatch(path):
        return None
    try:
        return (folder() / path).read_bytes()
    except FileNotFoundError:
        return None


def newest_version(where: Path, role: str) -> int:
    """The highest number of ``N.ROLE.json`` there; 0: none."""
    names = (where / "metadata").glob(f"*.{role}.json")
    return max(
        (int(one.name.partition(".")[0]) for one in names if one.name[0].isdigit()), default=0
    )


def root_bytes() -> bytes | None:
    """The newest root."""
    version = newest_version(folder(), "root")
    return file(f"metadata/{version}.root.json") if version else None


def root_text() -> str:
    """For a node to pin when it enrols; "" where the province has no root."""
    return (root_bytes() or b"").decode()


@contextmanager
def alone() -> Iterator[None]:
    """One process at a time changes the folder."""
    folder().mkdir(mode=0o755, parents=True, exist_ok=True)
    with (folder() / ".lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
