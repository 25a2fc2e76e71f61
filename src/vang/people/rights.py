"""Who may do what, as one table: built from the very sets that the guards ask.

A room, or one above it, tells what may be done and by whom; nothing is typed twice.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from vang.base.matrices import Cell, Matrix, MatrixRow
from vang.people.roles import Role, effective


@dataclass(frozen=True)
class Deed:
    """One thing that may be done. ``note`` tells what else must hold."""

    group: str | Promise
    label: str | Promise
    roles: frozenset[str]
    note: str | Promise = ""

    def by(self, role: str) -> bool:
        """Whether somebody of this role may do it, by what the role carries too."""
        return not self.roles.isdisjoint(effective([role]))


def deed(
    group: str | Promise,
    label: str | Promise,
    roles: str | Collection[str],
    note: str | Promise = "",
) -> Deed:
    """A deed of the roles that a guard asks for."""
    wanted = {roles} if isinstance(roles, str) else set(roles)
    return Deed(group, label, frozenset(map(str, wanted)), note)


def rights(deeds: Collection[Deed]) -> list[Matrix]:
    """One table a group, in the order of the deeds; columns are the roles."""
    groups = dict.fromkeys(str(one.group) for one in deeds)
    columns = [str(role.label).capitalize() for role in Role]
    return [
        Matrix(
            caption=group,
            corner=_("What"),
            columns=columns,
            rows=[_row(one) for one in deeds if str(one.group) == group],
        )
        for group in groups
    ]


def _row(one: Deed) -> MatrixRow:
    cells = [Cell(state="yes" if one.by(role) else "no") for role in Role]
    return MatrixRow(label=str(one.label), cells=cells, note=str(one.note))
