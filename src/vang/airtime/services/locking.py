"""One change of a commune's air at a time."""

from vang.orgs.models import Unit


def lock_air(unit: Unit) -> None:
    """Others who would change this commune's air wait until the present transaction ends.

    NO KEY: rows that merely refer to the unit may still be written meanwhile.
    """
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
