"""Every write of this room: journals taken in, plays expected, silence noticed."""

from vang.evidence.expectation import expect_plays, mark_overdue_due
from vang.evidence.intake import take_batch

__all__ = ["expect_plays", "mark_overdue_due", "take_batch"]
