"""Signed plans and commands, and what they told the nodes to do."""

from vang.dispatch.models.commands import (
    Command,
    CommandCounter,
    CommandDelivery,
    CommandReceipt,
)
from vang.dispatch.models.plans import PlanCopy, PlannedItem, PlanVersion, RoutineKey

__all__ = [
    "Command",
    "CommandCounter",
    "CommandDelivery",
    "CommandReceipt",
    "PlanCopy",
    "PlanVersion",
    "PlannedItem",
    "RoutineKey",
]
