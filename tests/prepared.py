"""The test databases, migrated once and copied from then on.

The migrations cost more than most rooms' tests. A copy serves as long as no migration, nothing
that migrations import and no dependency has changed; it lies in ``.cache/tests/``, of SQLite as a
database, of PostgreSQL as a dump (``on_postgresql.sh`` makes and reads it).

``python -m tests.prepared`` makes that of SQLite where it is missing.
"""

import hashlib
import os
import re
import sqlite3
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
IMPORTED = re.compile(r"^from (vang[\w.]*) import (\w+)", re.MULTILINE)


def prepared_database() -> Path:
    """Where the copy of this state of the migrations lies, or will lie."""
    kept = hashlib.sha256((ROOT / "requirements-dev.lock").read_bytes())
    for path in sorted(_migrations() | _imported()):
        kept.update(path.name.encode() + path.read_bytes())
    return ROOT / ".cache" / "tests" / f"{kept.hexdigest()[:16]}.sqlite3"


def prepared_dump() -> Path:
    """The same for PostgreSQL."""
    return prepared_database().with_suffix(".sql")


def _migrations() -> set[Path]:
    return set((ROOT / "src").glob("**/migrations/*.py"))


def _imported() -> set[Path]:
    found = set()
    for migration in _migrations():
        for module, name in IMPORTED.findall(migration.read_text()):
            stem = ROOT / "src" / module.replace(".", "/")
            found |= {stem.with_suffix(".py"), stem / f"{name}.py"}
    return {path for path in found if path.exists()}


def copy(source: Path, target: Path) -> None:
    """A consistent copy, in place at once and whole. Raises ``sqlite3.Error``."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.{os.getpid()}")
    with sqlite3.connect(source) as read, sqlite3.connect(part) as write:
        read.backup(write)
    read.close()
    write.close()
    part.replace(target)


def forget_others(current: Path) -> None:
    """Copies of earlier states of the migrations."""
    for path in current.parent.iterdir():
        if path.stem != current.stem:
            path.unlink(missing_ok=True)


def prepare() -> None:
    """Make the copy of SQLite, unless it is there."""
    django.setup()
    if not prepared_database().exists():
        call_command("migrate", verbosity=0, interactive=False)
        copy(Path(str(connection.settings_dict["NAME"])), prepared_database())
        forget_others(prepared_database())


if __name__ == "__main__":
    prepare()
