"""Every write of forms, rounds and reports."""

from vang.reports.services.consolidating import consolidate
from vang.reports.services.deciding import (
    accept_report,
    extend_report,
    reopen_report,
    return_report,
)
from vang.reports.services.filing import (
    attach,
    begin_report,
    detach,
    redraft,
    refresh_figures,
    save_figures,
    save_texts,
    take_figure,
)
from vang.reports.services.opening import open_round
from vang.reports.services.submitting import ask_for_signature, submit_report

__all__ = [
    "accept_report",
    "ask_for_signature",
    "attach",
    "begin_report",
    "consolidate",
    "detach",
    "extend_report",
    "open_round",
    "redraft",
    "refresh_figures",
    "reopen_report",
    "return_report",
    "save_figures",
    "save_texts",
    "submit_report",
    "take_figure",
]
