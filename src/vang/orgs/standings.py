"""Keeping the table of which units of today every unit is part of.

The first row of a unit, to itself, is added by the database, so that no unit can be without one
whoever writes it. SQLite forgets triggers when a migration rebuilds a table: a migration that
touches ``orgs_unit`` so calls :func:`install` again, and a test misses the trigger otherwise.
"""

from collections.abc import Collection
from fractions import Fraction

from django.db.backends.base.base import BaseDatabaseWrapper

from vang.orgs.mapping import replaced, resolved
from vang.orgs.models import Standing, Succession

TRIGGER = "orgs_unit_stands"
MOST_PARTS = 1_000_000
"""Into how many parts one change may divide a unit."""
_MOST = 2**63 - 1  # what a column holds

_ADD = (
    "INSERT INTO orgs_standing (unit_id, today_unit_id, share_num, share_den)"
    " VALUES (NEW.id, NEW.id, 1, 1);"
)


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the trigger in place, replacing an older one."""
    remove(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                f"CREATE TRIGGER {TRIGGER} AFTER INSERT ON orgs_unit FOR EACH ROW BEGIN {_ADD} END"
            )
            return
        cursor.execute(
            f"CREATE OR REPLACE FUNCTION {TRIGGER}() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN {_ADD} RETURN NULL; END $$"
        )
        cursor.execute(
            f"CREATE TRIGGER {TRIGGER} AFTER INSERT ON orgs_unit"
            f" FOR EACH ROW EXECUTE FUNCTION {TRIGGER}()"
        )


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the trigger away: for undoing the migration."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"DROP TRIGGER IF EXISTS {TRIGGER}")
        else:
            cursor.execute(f"DROP TRIGGER IF EXISTS {TRIGGER} ON orgs_unit")
            cursor.execute(f"DROP FUNCTION IF EXISTS {TRIGGER}()")


def step_forward(gone: dict[int, dict[int, Fraction]]) -> None:
    """Units became others today: by the key of the one that ended, shares by successor's key.

    What had become part of such a unit before is carried on with it.
    """
    for key, shares in gone.items():
        origins = Standing.objects.filter(today_unit=key).values_list("unit", flat=True)
        found = _standings(list(origins))
        _write({unit: replaced(standing, key, shares) for unit, standing in found.items()})


def rebuild() -> int:
    """Make the table anew from the changes in force. The number of units that became others."""
    steps: dict[int, dict[int, Fraction]] = {}
    in_force = Succession.objects.filter(change__applied_at__isnull=False)
    for one in in_force.only("predecessor_id", "successor_id", "share_num", "share_den"):
        steps.setdefault(one.predecessor_id, {})[one.successor_id] = one.share
    ends = resolved(steps)
    _write(ends)
    return len(ends)


def fits_further(gone: dict[int, Fraction]) -> bool:
    """Whether the table can hold exactly what units were part of after they are divided so."""
    rows = Standing.objects.filter(today_unit__in=gone)
    return all(row.share_den * gone[row.today_unit_id].denominator <= _MOST for row in rows)


def _standings(units: Collection[int]) -> dict[int, dict[int, Fraction]]:
    found: dict[int, dict[int, Fraction]] = {}
    for row in Standing.objects.filter(unit__in=units):
        found.setdefault(row.unit_id, {})[row.today_unit_id] = row.share
    return found


def _write(standings: dict[int, dict[int, Fraction]]) -> None:
    Standing.objects.filter(unit__in=standings).delete()
    Standing.objects.bulk_create(
        Standing(
            unit_id=unit,
            today_unit_id=today,
            share_num=share.numerator,
            share_den=share.denominator,
        )
        for unit, shares in standings.items()
        for today, share in shares.items()
    )
