"""Reading deliveries and choices."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.functional import Promise

from vang.bulletins.models import Bulletin, Delivery, Edition
from vang.channels.channel import LOOKS, Channel
from vang.channels.models import ChannelChoice
from vang.channels.registry import channels, find_channel
from vang.orgs.models import Unit

State = Delivery.State


def channels_on(unit: Unit) -> list[Channel]:
    """The channels that the unit's next edition takes."""
    chosen = dict(ChannelChoice.objects.filter(unit=unit).values_list("channel", "on"))
    return [found for found in channels() if chosen.get(found.name, found.on_at_first)]


def worded_channels() -> list[tuple[str, str | Promise]]:
    """For the registry of bulletins.reach."""
    return [(channel.name, channel.label) for channel in channels() if channel.is_read]


def names_on(unit: Unit) -> list[str]:
    """For the registry of bulletins.events."""
    return [found.name for found in channels_on(unit)]


def due(now: datetime, *, unit_id: int | None = None) -> QuerySet[Delivery]:
    """What is to be worked on, longest due first."""
    found = Delivery.objects.filter(due_at__lte=now)
    if unit_id is not None:
        found = found.filter(edition__unit=unit_id)
    wanted = found.select_related("edition__unit__parent__parent", "edition__corrects")
    return wanted.order_by("due_at", "pk")


def failed_deliveries(unit: Unit) -> QuerySet[Delivery]:
    """Channels that could not do their part, latest first."""
    found = Delivery.objects.filter(edition__unit=unit, state=State.FAILED)
    return (
        found.select_related("edition")
        .defer("edition__text", "edition__wrong", "edition__wrong_because")
        .order_by("-changed_at", "pk")
    )


def editions_of(unit: Unit, *, failed: bool) -> QuerySet[Edition]:
    """The unit's editions, newest first; ``failed``: only those with a channel that failed."""
    found = Edition.objects.filter(unit=unit).defer("text")
    if failed:
        bad = Delivery.objects.filter(edition=OuterRef("pk"), state=State.FAILED)
        found = found.filter(Exists(bad))
    return found.order_by("-released_at", "pk")


@dataclass(frozen=True)
class Mark:
    """A delivery as a badge: which channel, how it stands."""

    delivery: Delivery
    channel: Channel | None

    @property
    def label(self) -> str:
        return str(self.channel.label) if self.channel else self.delivery.channel

    @property
    def icon(self) -> str:
        return self.channel.icon if self.channel else "help"

    @property
    def look(self) -> str:
        return LOOKS[State(self.delivery.state)]

    @property
    def order(self) -> tuple[int, str]:
        return (self.channel.order if self.channel else 99, self.delivery.channel)


def marks_of(editions: Collection[Edition]) -> dict[UUID, list[Mark]]:
    """For each edition its channels in their order. One query."""
    found: dict[UUID, list[Mark]] = defaultdict(list)
    for delivery in Delivery.objects.filter(edition__in=editions).order_by("pk"):
        found[delivery.edition_id].append(Mark(delivery, find_channel(delivery.channel)))
    return {key: sorted(marks, key=lambda mark: mark.order) for key, marks in found.items()}


def editions_with_deliveries(bulletin: Bulletin) -> QuerySet[Edition]:
    """Every edition of one bulletin, newest first."""
    wanted = bulletin.editions.select_related("corrects", "corrected_by", "released_by", "unit")
    return wanted.order_by("-released_at")
