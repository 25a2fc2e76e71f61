"""The newsroom's people and bulletins."""

from tests.bulletins.conftest import _office_hours, drafted

__all__ = ["_office_hours", "drafted"]
