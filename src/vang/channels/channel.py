"""What a channel is: four verbs, and a few words about itself.

``deliver``, ``correct`` and ``withdraw`` bring one edition to where the delivery's act says. They
are called again after a failure, and may be called again after a success: each must leave the
same behind however often it runs. They answer ``Done`` or ``Waiting``, or raise ``NotDelivered``
with a sentence that staff can act on.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.utils.functional import Promise

from vang.bulletins.models import Delivery
from vang.orgs.models import Unit


@dataclass(frozen=True)
class Done:
    """It is where it should be. ``detail`` is one short line for staff."""

    detail: str | Promise = ""


@dataclass(frozen=True)
class Waiting:
    """Not yet. Asked again at ``again_at``; None: the channel learns of it by another way and
    writes the delivery itself."""

    detail: str | Promise = ""
    again_at: datetime | None = None


Outcome = Done | Waiting


class NotDelivered(Exception):
    """It failed, for a reason in words. ``final``: trying again by itself would not help."""

    def __init__(self, reason: str | Promise, *, final: bool = False) -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.final = final


@dataclass(frozen=True)
class Status:
    """How a delivery stands, for a person. ``state`` is a key of ``vang.base.states``."""

    state: str
    words: str | Promise = ""
    remedy: str | Promise = ""
    """What a person may do about it, as the label of a link to ``url``."""
    url: str = ""
    roles: tuple[str, ...] = ()
    """Who the remedy is for; nobody named means everybody."""


LOOKS = {
    Delivery.State.QUEUED: "waiting",
    Delivery.State.DONE: "delivered",
    Delivery.State.FAILED: "failed",
    Delivery.State.DROPPED: "superseded",
}


class Channel(ABC):
    """One way to residents. Instances hold no state of their own."""

    name: ClassVar[str]
    """Stable, lower-case, at most 20 characters: the database keeps it."""
    label: ClassVar[str | Promise]
    about: ClassVar[str | Promise]
    """One sentence for the settings."""
    icon: ClassVar[str]
    order: ClassVar[int] = 50
    on_at_first: ClassVar[bool] = False
    """Whether a unit that never chose has it on."""
    slow: ClassVar[bool] = False
    """Talks to other computers or takes long: worked off beside the fast ones."""
    retries: ClassVar[bool] = True
    """Whether "try again" means anything."""
    is_read: ClassVar[bool] = True
    """Whether a bulletin may have words of its own for it (``vang.bulletins.wordings``)."""
    settings_view: ClassVar[str] = ""
    """Name of the view where a unit sets it up; it takes no arguments."""

    @abstractmethod
    def deliver(self, delivery: Delivery, *, now: datetime) -> Outcome:
        """Bring ``delivery.edition`` out. Raises NotDelivered."""

    @abstractmethod
    def correct(self, delivery: Delivery, *, now: datetime) -> Outcome:
        """Put ``delivery.edition`` in the place of ``delivery.edition.corrects``, which this
        channel may or may not have brought out. Raises NotDelivered."""

    @abstractmethod
    def withdraw(self, delivery: Delivery, *, now: datetime) -> Outcome:
        """Take ``delivery.edition`` back and say so wherever it was. Raises NotDelivered."""

    def status(self, delivery: Delivery) -> Status:
        """How it stands, with whatever the channel knows beside the delivery's own row."""
        return Status(LOOKS[Delivery.State(delivery.state)], delivery.detail)

    def settle(  # noqa: B027 - most channels share nothing
        self, unit: Unit, deliveries: Sequence[Delivery], *, now: datetime
    ) -> None:
        """Once after a unit's deliveries of one turn: what they share, such as lists.

        ``deliveries`` are those that succeeded. Raises NotDelivered, which fails them all.
        """

    def missing(self, unit: Unit) -> str | Promise:  # noqa: ARG002 - for those that look
        """What the unit must set up before the channel can do anything; empty when nothing."""
        return ""

    def tidy(self, *, now: datetime) -> None:  # noqa: B027 - most channels keep nothing
        """Once an hour: forget what need not be kept."""
