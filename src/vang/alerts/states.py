"""How an alert goes from draft to silence: one table, from which guards, buttons and help come."""

from dataclasses import dataclass
from enum import StrEnum

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vang.base.refusals import Refusal


class State(models.TextChoices):
    """Trạng thái của một cảnh báo."""

    DRAFT = "DRAFT", pgettext_lazy("alert", "Draft")
    SUBMITTED = "SUBMITTED", pgettext_lazy("alert", "Waiting for two approvals")
    APPROVED_ONCE = "APPROVED_ONCE", pgettext_lazy("alert", "One person has approved")
    RETURNED = "RETURNED", pgettext_lazy("alert", "Returned")
    REJECTED = "REJECTED", pgettext_lazy("alert", "Rejected")
    DISPATCHING = "DISPATCHING", pgettext_lazy("alert", "Being sent")
    LIVE = "LIVE", pgettext_lazy("alert", "In force")
    ENDED = "ENDED", pgettext_lazy("alert", "Ended")
    CANCELLED = "CANCELLED", pgettext_lazy("alert", "Cancelled")
    EXPIRED = "EXPIRED", pgettext_lazy("alert", "Never sent")


class Act(StrEnum):
    """What moves an alert."""

    EDIT = "edit"
    SUBMIT = "submit"
    APPROVE_FIRST = "approve-first"
    APPROVE_SECOND = "approve-second"
    SEND_ALONE = "send-alone"
    LAPSE = "lapse"
    RETURN = "return"
    REJECT = "reject"
    REACH = "reach"
    END = "end"
    CANCEL = "cancel"
    GIVE_UP = "give-up"


class Who(StrEnum):
    """Who may do it; ``system``: it happens by itself."""

    WRITER = "writer"
    APPROVER = "approver"
    SYSTEM = "system"


@dataclass(frozen=True)
class Move:
    """One line of the table."""

    act: Act
    before: frozenset[State]
    after: State
    who: Who
    label: str | Promise


_OPEN = frozenset({State.DRAFT, State.RETURNED, State.SUBMITTED, State.APPROVED_ONCE})
_ASKED = frozenset({State.SUBMITTED, State.APPROVED_ONCE})
STANDING = frozenset({State.DISPATCHING, State.LIVE})
"""Sent, and in force until it ends, is cancelled or gives way to another."""
OVER = frozenset({State.ENDED, State.CANCELLED, State.EXPIRED, State.REJECTED})

MOVES: tuple[Move, ...] = (
    Move(Act.EDIT, _OPEN, State.DRAFT, Who.WRITER, _("Edit (approvals lapse)")),
    Move(
        Act.SUBMIT,
        frozenset({State.DRAFT, State.RETURNED}),
        State.SUBMITTED,
        Who.WRITER,
        _("Submit for approval"),
    ),
    Move(
        Act.APPROVE_FIRST,
        frozenset({State.SUBMITTED}),
        State.APPROVED_ONCE,
        Who.APPROVER,
        _("Sign as the first"),
    ),
    Move(
        Act.APPROVE_SECOND,
        frozenset({State.APPROVED_ONCE}),
        State.DISPATCHING,
        Who.APPROVER,
        _("Sign as the second: it is sent"),
    ),
    Move(
        Act.SEND_ALONE,
        _OPEN,
        State.DISPATCHING,
        Who.APPROVER,
        _("Send alone, from an approved template"),
    ),
    Move(
        Act.LAPSE,
        frozenset({State.APPROVED_ONCE}),
        State.SUBMITTED,
        Who.SYSTEM,
        _("The time for signing ran out"),
    ),
    Move(Act.RETURN, _ASKED, State.RETURNED, Who.APPROVER, _("Return with a reason")),
    Move(Act.REJECT, _ASKED, State.REJECTED, Who.APPROVER, _("Reject with a reason")),
    Move(
        Act.REACH,
        frozenset({State.DISPATCHING}),
        State.LIVE,
        Who.SYSTEM,
        _("A first loudspeaker has answered"),
    ),
    Move(Act.END, STANDING, State.ENDED, Who.SYSTEM, _("Its time is over, or another replaces it")),
    Move(Act.CANCEL, STANDING, State.CANCELLED, Who.APPROVER, _("Stop at once, by one person")),
    Move(Act.GIVE_UP, _OPEN, State.EXPIRED, Who.SYSTEM, _("Nobody sent it in time")),
)
_BY_ACT = {move.act: move for move in MOVES}


def after(act: Act, state: str) -> State:
    """The state that ``act`` leads to. Raises Refusal when it does not fit ``state``."""
    move = _BY_ACT[act]
    if State(state) not in move.before:
        words = _("“{act}” is not possible: the alert is at “{state}”.")
        raise Refusal("wrong-state", _said(words, move, State(state)))
    return move.after


def possible(state: str) -> frozenset[Act]:
    """What may be done with an alert in ``state``."""
    return frozenset(move.act for move in MOVES if State(state) in move.before)


def label_of(act: Act) -> str | Promise:
    return _BY_ACT[act].label


def _said(words: Promise, move: Move, state: State) -> str:
    return str(words).format(act=move.label, state=state.label)
