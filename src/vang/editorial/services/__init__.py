"""Every write of plans, series and scores."""

from vang.editorial.services.placing import place_bulletin
from vang.editorial.services.planning import (
    add_line,
    add_season,
    add_suggestion,
    adopt_plan,
    change_line,
    change_plan,
    copy_plan,
    remove_line,
    remove_season,
    reopen_plan,
    start_plan,
)
from vang.editorial.services.scoring import (
    add_criterion,
    add_first_criteria,
    end_criterion,
    score_bulletin,
)
from vang.editorial.services.series import change_series, end_series, start_series

__all__ = [
    "add_criterion",
    "add_first_criteria",
    "add_line",
    "add_season",
    "add_suggestion",
    "adopt_plan",
    "change_line",
    "change_plan",
    "change_series",
    "copy_plan",
    "end_criterion",
    "end_series",
    "place_bulletin",
    "remove_line",
    "remove_season",
    "reopen_plan",
    "score_bulletin",
    "start_plan",
    "start_series",
]
