"""Bringing the database to this version of Vang, or saying why not."""

from collections.abc import Iterable

from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from vang.installation.preflight import CannotStart


def prepare_database() -> int:
    """Apply what is missing and return how many steps that were.

    Raises CannotStart for a database of a newer Vang, a damaged or an unreachable one.
    """
    try:
        return _migrate()
    except DatabaseError as error:
        raise CannotStart(f"The database cannot be used: {error}") from error


def _migrate() -> int:
    loader = MigrationLoader(connection)
    refuse_newer(loader.applied_migrations, loader.disk_migrations)
    executor = MigrationExecutor(connection)
    steps = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if steps:
        call_command("migrate", verbosity=0, interactive=False)
    return steps


def refuse_newer(applied: Iterable[tuple[str, str]], known: Iterable[tuple[str, str]]) -> None:
    """Raises CannotStart when the database has seen steps that this version does not know."""
    unknown = sorted(set(applied) - set(known))
    if unknown:
        step = ".".join(unknown[0])
        raise CannotStart(
            f"The database was written by a newer version of Vang ({step}); "
            "update Vang, or choose another data folder with --data."
        )
