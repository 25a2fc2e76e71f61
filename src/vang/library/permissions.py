"""Who may do what with material."""

from vang.people.access import Role

KEEPERS = frozenset({Role.WRITER, Role.APPROVER, Role.ADMINISTRATOR})
"""Bring material, describe it, archive it."""
