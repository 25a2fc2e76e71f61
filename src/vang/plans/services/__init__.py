"""Every write of plans."""

from vang.plans.services.aiming import Wanted, add_objective, change_objective, end_objective
from vang.plans.services.deriving import derive_plan
from vang.plans.services.drafting import (
    Reading,
    change_row,
    drop_draft,
    make_plan,
    set_taken,
    split_row,
    take_document,
)
from vang.plans.services.following import (
    acknowledge,
    add_proof,
    bring_evidence,
    mark_day,
    remove_proof,
    report_progress,
    set_reached,
)
from vang.plans.services.planning import (
    Heads,
    Work,
    add_task,
    adopt_plan,
    change_plan,
    change_task,
    close_plan,
    remove_task,
    reopen_plan,
    start_plan,
)
from vang.plans.services.reminding import remind_due
from vang.plans.services.reviewing import change_review, finish_review, refresh_review, start_review

__all__ = [
    "Heads",
    "Reading",
    "Wanted",
    "Work",
    "acknowledge",
    "add_objective",
    "add_proof",
    "add_task",
    "adopt_plan",
    "bring_evidence",
    "change_objective",
    "change_plan",
    "change_review",
    "change_row",
    "change_task",
    "close_plan",
    "derive_plan",
    "drop_draft",
    "end_objective",
    "finish_review",
    "make_plan",
    "mark_day",
    "refresh_review",
    "remind_due",
    "remove_proof",
    "remove_task",
    "reopen_plan",
    "report_progress",
    "set_reached",
    "set_taken",
    "split_row",
    "start_plan",
    "start_review",
    "take_document",
]  # fmt: skip
