"""The live board: how far each loudspeaker is, and whom to telephone where none was reached."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from vang.alerts.areas import audience_of, clusters_of
from vang.alerts.models import Alert, AlertOrder
from vang.alerts.words import reason_words
from vang.base.clock import local_date
from vang.dispatch.models import CommandDelivery
from vang.orgs.queries import ancestors, valid_on
from vang.people.access import Role
from vang.people.models import Membership
from vang.stations.models import Cluster

State = CommandDelivery.State
_SOUNDING = (AlertOrder.Kind.PLAY, AlertOrder.Kind.RETRACT)
_PATIENCE = timedelta(seconds=30)
"""Who has not answered by then is telephoned, though the command is still being sent again."""


@dataclass(frozen=True)
class Look:
    """A state by colour, drawing and word."""

    tone: str
    icon: str
    label: str | Promise


LOOKS = {
    State.SENT: Look("wait", "send", pgettext_lazy("board", "sent, no answer yet")),
    State.ACCEPTED: Look("note", "check", pgettext_lazy("board", "accepted")),
    State.SOUNDING: Look("ok", "volume", pgettext_lazy("board", "sounding")),
    State.PLAYED: Look("ok", "circle-check", pgettext_lazy("board", "has sounded")),
    State.DONE: Look("ok", "circle-check", pgettext_lazy("board", "done")),
    State.REFUSED: Look("bad", "ban", pgettext_lazy("board", "refused")),
    State.INTERRUPTED: Look("warn", "hand-stop", pgettext_lazy("board", "broken off")),
    State.UNREACHED: Look("bad", "wifi-off", pgettext_lazy("board", "not reached")),
    State.LOST: Look("warn", "help", pgettext_lazy("board", "accepted, then silent")),
}
AGAIN = Look("warn", "refresh", pgettext_lazy("board", "refused, asked again"))
NO_DEVICE = Look("plain", "circle-dashed", pgettext_lazy("board", "no device"))
_ORDER = ("bad", "warn", "wait", "plain", "note", "ok")


@dataclass(frozen=True)
class Row:
    """One cluster of the area. ``why`` is a sentence's part; "" when nothing is wrong."""

    cluster: Cluster
    look: Look
    why: str = ""
    since: datetime | None = None
    heard: bool = False
    missed: bool = False

    @property
    def villages(self) -> str:
        return ", ".join(place.full_name for place in self.cluster.villages.all())


@dataclass(frozen=True)
class Tally:
    """How many loudspeakers stand at a state."""

    look: Look
    count: int


@dataclass(frozen=True)
class Board:
    """``missed``: where nobody hears it and somebody must go or telephone."""

    rows: Sequence[Row]
    tallies: Sequence[Tally]
    open: bool

    @property
    def missed(self) -> list[Row]:
        return [row for row in self.rows if row.missed]

    @property
    def heard(self) -> int:
        return sum(row.heard for row in self.rows)


def board_of(alert: Alert, orders: Iterable[AlertOrder], *, now: datetime) -> Board:
    """Of the newest of its orders that was sent to sound. Three queries."""
    sent = [one for one in orders if one.sent_at is not None and one.kind in _SOUNDING]
    order = max(sent, key=lambda one: one.issued_at, default=None)
    found = clusters_of(audience_of(alert.version)).prefetch_related("villages")
    deliveries = _deliveries(order)
    rows = [_row(cluster, deliveries.get(cluster.pk), order, now) for cluster in found]
    rows.sort(key=lambda row: _ORDER.index(row.look.tone))
    counted = Counter(row.look for row in rows)
    tallies = [
        Tally(look, counted[look]) for look in (*LOOKS.values(), AGAIN, NO_DEVICE) if counted[look]
    ]
    unsettled = any(
        one.next_at is not None and not _is_late(one, order, now) for one in deliveries.values()
    )
    return Board(rows, tallies, open=unsettled)


def _deliveries(order: AlertOrder | None) -> dict[int, CommandDelivery]:
    if order is None:
        return {}
    rows = CommandDelivery.objects.filter(command=order.command).select_related("node")
    return {one.node.cluster_id: one for one in rows}


def _is_late(one: CommandDelivery, order: AlertOrder | None, now: datetime) -> bool:
    """Nothing is open after its time, even before the ledger has been tidied."""
    return order is not None and one.state == State.SENT and now >= order.expires_at


def _row(
    cluster: Cluster, one: CommandDelivery | None, order: AlertOrder | None, now: datetime
) -> Row:
    if one is None:
        return Row(cluster, NO_DEVICE, missed=order is not None)
    state = State(one.state)
    if _is_late(one, order, now):
        state = State.REFUSED if one.reason else State.UNREACHED
    again = state == State.SENT and one.reason != ""
    quiet = state == State.SENT and order is not None and now - order.issued_at >= _PATIENCE
    missed = quiet or state in {State.UNREACHED, State.REFUSED, State.LOST}
    told = again or state in {State.REFUSED, State.INTERRUPTED}
    why = reason_words(one.reason) if told else ""
    since = one.ended_at or one.sounding_at or one.accepted_at
    heard = state in {State.SOUNDING, State.PLAYED, State.DONE}
    look = AGAIN if again else LOOKS[state]
    return Row(cluster, look, why, since, heard=heard, missed=missed)


@dataclass(frozen=True)
class Contact:
    """Somebody to telephone, and what they do here."""

    name: str
    what: str
    phone: str


def contacts(alert: Alert, *, now: datetime) -> list[Contact]:
    """Technicians, then leaders, then writers of the unit and above, with a number. One query."""
    wanted = {Role.TECHNICIAN: 0, Role.LEADER: 1, Role.WRITER: 2}
    held = Membership.objects.filter(
        valid_on(local_date(now)),
        unit__in=ancestors(alert.unit),
        role__in=wanted,
        person__is_active=True,
    ).exclude(person__phone="")
    found: dict[int, Contact] = {}
    for one in sorted(held.select_related("person"), key=lambda one: wanted[Role(one.role)]):
        person = one.person
        what = str(Role(one.role).label)
        found.setdefault(person.pk, Contact(person.full_name, what, person.phone))
    return list(found.values())
