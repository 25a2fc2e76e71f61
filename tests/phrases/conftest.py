"""The clock stands still."""

from tests.takes.conftest import _office_hours

__all__ = ["_office_hours"]
