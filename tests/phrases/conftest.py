"""People signed in; the clock stands still."""

from tests.takes.conftest import _office_hours, signed_in

__all__ = ["_office_hours", "signed_in"]
