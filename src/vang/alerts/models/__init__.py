"""Alerts, what two people signed of them, and the templates they are made from."""

from vang.alerts.models.alerts import (
    Alert,
    AlertApproval,
    AlertOrder,
    AlertText,
    AlertVersion,
    Category,
    Certainty,
    Event,
    MsgType,
    Response,
    Severity,
    Status,
    Urgency,
    Way,
)
from vang.alerts.models.households import HouseholdSize
from vang.alerts.models.templates import AlertTemplate, TemplateText, TemplateVersion

__all__ = [
    "Alert",
    "AlertApproval",
    "AlertOrder",
    "AlertTemplate",
    "AlertText",
    "AlertVersion",
    "Category",
    "Certainty",
    "Event",
    "HouseholdSize",
    "MsgType",
    "Response",
    "Severity",
    "Status",
    "TemplateText",
    "TemplateVersion",
    "Urgency",
    "Way",
]
