"""What the data folder is: a demonstration or in earnest, and whether it was last set up by this
very code; then the servers need not wait."""

import hashlib
from pathlib import Path

from vang.base.files import write_atomic

_SOURCE = Path(__file__).resolve().parent.parent
_FILE = "shape"
ACCOUNTS = "demonstration"
"""The file with the passwords of a demonstration, which nothing else has."""


def shape_of_code(database_url: str) -> str:
    """Changes with any migration, any pinned library, and the database that is used."""
    digest = hashlib.sha256(database_url.encode())
    for step in sorted(_SOURCE.rglob("migrations/*.py")):
        digest.update(step.relative_to(_SOURCE).as_posix().encode())
    lock = _SOURCE.parent.parent / "requirements.lock"
    if lock.is_file():
        digest.update(lock.read_bytes())
    return digest.hexdigest()


def is_demonstration(data: Path) -> bool:
    """Its first data were those of the demonstration."""
    return (data / ACCOUNTS).is_file()


def is_set_up(data: Path, database_url: str) -> bool:
    """The database had this shape when it was last set up."""
    path = data / _FILE
    return path.is_file() and path.read_text() == shape_of_code(database_url)


def note_set_up(data: Path, database_url: str) -> None:
    """Remember the shape after a set-up that went well."""
    write_atomic(data / _FILE, shape_of_code(database_url).encode())
