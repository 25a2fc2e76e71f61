"""Forms with their indicators, rounds with their reports, and what was filed."""

from vang.reports.models.filings import (
    Attachment,
    Filing,
    Inclusion,
    Move,
    Passage,
    Remark,
    SenderKey,
    Sending,
    Value,
)
from vang.reports.models.forms import Form, FormVersion, Indicator, Section
from vang.reports.models.rounds import Recipient, Regime, Report, Round, Term

__all__ = [
    "Attachment",
    "Filing",
    "Form",
    "FormVersion",
    "Inclusion",
    "Indicator",
    "Move",
    "Passage",
    "Recipient",
    "Regime",
    "Remark",
    "Report",
    "Round",
    "Section",
    "SenderKey",
    "Sending",
    "Term",
    "Value",
]
