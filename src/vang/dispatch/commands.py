"""The ledger of commands: given to the link at once, sent again until answered, never forgotten.

The database is the truth and the link a pipe that may lose things: a node that has not answered
is sent the command again after 3, 10, 30 and 90 seconds, by another path each time, and finds it
by itself when it asks.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from securesystemslib.dsse import Envelope

from vang.dispatch.models import Command, CommandCounter, CommandDelivery
from vang.dispatch.push import transport
from vang.orgs.models import Unit
from vang.stations.models import Node
from vang_protocol.commands import Audience, Kind, command_of
from vang_protocol.deciding import (
    Accepted,
    Listener,
    Read,
    Signers,
    decide_read,
    read_command,
    signers_of,
)
from vang_protocol.policies import Key, Policy
from vang_protocol.reasons import Reason, Refused
from vang_protocol.strict_json import digest

State = CommandDelivery.State
AGAIN_S = (3, 10, 30, 90)
SLACK = timedelta(seconds=30)
"""How long after its longest possible sound a node may take to tell that it ended."""
MOST_STANDING = 16

_ended: list[Callable[[list[CommandDelivery], datetime], None]] = []


def on_deliveries_ended(listener: Callable[[list[CommandDelivery], datetime], None]) -> None:
    """``listener`` is told of deliveries that came to their end, and ``now``."""
    if listener not in _ended:
        _ended.append(listener)


def deliveries_ended(rows: list[CommandDelivery], now: datetime) -> None:
    for listener in _ended:
        listener(rows, now)


def next_number(issuer: Unit) -> tuple[int, int]:
    """(epoch, seq) for the office's next command, used up by asking. Needs a transaction."""
    CommandCounter.objects.get_or_create(issuer=issuer, defaults=_carried_on(issuer))
    CommandCounter.objects.filter(issuer=issuer).update(seq=F("seq") + 1)
    row = CommandCounter.objects.get(issuer=issuer)
    return row.epoch, row.seq


def _carried_on(issuer: Unit) -> dict[str, int]:
    """Nodes know offices by their codes, and codes are used again: the numbers of whoever bore
    this one before go on."""
    before = CommandCounter.objects.filter(issuer__code=issuer.code).order_by("-epoch", "-seq")
    last = before.values_list("epoch", "seq").first()
    return {"epoch": last[0], "seq": last[1]} if last else {}


def audience_nodes(audience: Audience) -> list[Node]:
    """The nodes in service that the command is for, in the order of their clusters."""
    nodes = _reached(audience).select_related("cluster__unit", "home")
    return list(nodes.order_by("cluster__name", "pk"))


def _reached(audience: Audience) -> QuerySet[Node]:
    """By the codes that the nodes themselves know."""
    at_home = Q(home__isnull=True)
    reached = Q(at_home, cluster__unit__code__in=audience.units) | Q(home__code__in=audience.units)
    for unit, cluster in audience.clusters:
        known = Q(at_home, cluster__unit__code=unit) | Q(home__code=unit)
        reached |= Q(known, cluster__code=cluster)
    return Node.objects.filter(reached, retired_at__isnull=True)


@dataclass(frozen=True)
class Foreseen:
    """What every node would answer now, by the very rule that it applies."""

    accepted: list[Node]
    refused: list[tuple[Node, Reason]]


def foresee(envelope: bytes, *, policy: Policy | None, now: datetime) -> Foreseen:
    """Raises Refused when the envelope is no command at all."""
    read = read_command(envelope)
    signers = _asked_once(signers_of)
    accepted: list[Node] = []
    refused: list[tuple[Node, Reason]] = []
    for node in audience_nodes(read[1].audience):
        verdict = _verdict(read, node, policy, now, signers)
        if isinstance(verdict, Accepted):
            accepted.append(node)
        else:
            refused.append((node, verdict))
    return Foreseen(accepted, refused)


def _asked_once(signers: Signers) -> Signers:
    """Who signed is the same for every node with this policy, and dear to find out."""
    found: list[list[Key]] = []

    def asked(envelope: Envelope, policy: Policy) -> list[Key]:
        if not found:
            found.append(signers(envelope, policy))
        return found[0]

    return asked


def _verdict(
    read: Read, node: Node, policy: Policy | None, now: datetime, signers: Signers
) -> Accepted | Reason:
    if node.suspended_at is not None:
        return Reason.NODE_SUSPENDED
    listener = Listener(
        unit=node.obeys.code,
        cluster=node.cluster.code,
        policy=policy if node.rooted else None,
        now=now,
    )
    try:
        return decide_read(read, listener, signers=signers)
    except Refused as refused:
        return refused.reason


@transaction.atomic
def dispatch(envelope: bytes, manifest: bytes | None, *, issuer: Unit, now: datetime) -> Command:
    """Store a signed command with a delivery for each node, and give it to the link.

    Raises Refused when it is no command.
    """
    _envelope, command = read_command(envelope)
    row = Command.objects.create(
        id=command.id,
        issuer=issuer,
        kind=command.kind.value,
        mode=command.mode.value,
        priority=command.priority.value,
        epoch=command.epoch,
        seq=command.seq,
        envelope=envelope,
        manifest=(manifest or b"").decode(),
        sha256=digest(bytes(_envelope.payload)),
        max_play_ms=command.max_play_ms,
        issued_at=command.issued,
        expires_at=command.expires,
        sent_at=now,
    )
    known = Coalesce("home__code", "cluster__unit__code")
    nodes = list(_reached(command.audience).values_list("pk", known))
    due = now + timedelta(seconds=AGAIN_S[0])
    CommandDelivery.objects.bulk_create(
        [CommandDelivery(command=row, node_id=node, next_at=due) for node, _unit in nodes],
        batch_size=500,
    )
    units = sorted({unit for _node, unit in nodes})
    transaction.on_commit(partial(push, row, now=now, units=units))
    return row


def push(
    command: Command,
    *,
    now: datetime,
    units: Collection[str] = (),
    nodes: Collection[str] = (),
    turn: int = 0,
) -> bool:
    """Give it to the link; whether it was taken over. ``turn``: how often it was sent before."""
    text = bytes(command.envelope).decode()
    lasts_s = max(1, int((command.expires_at - now).total_seconds()))
    return transport().order(
        text, command.manifest, units=units, nodes=nodes, lasts_s=lasts_s, turn=turn
    )


def standing_for(node: Node, *, now: datetime) -> list[Command]:
    """Commands that the node has not answered for good, the oldest first."""
    rows = CommandDelivery.objects.filter(
        node=node, next_at__isnull=False, command__expires_at__gt=now
    ).select_related("command")
    return [row.command for row in rows.order_by("command__sent_at")[:MOST_STANDING]]


def was_ordered(node: Node, item: str, sha256: str) -> bool:
    """Whether the node was ordered to let this be heard: the sound of a command, as approved; of a
    live voice, which has no sound beforehand, the order itself."""
    sent = CommandDelivery.objects.filter(node=node, command=command_of(item))
    rows = sent.values_list("command__kind", "command__sha256", "command__manifest")
    return any(
        (own if kind == Kind.OPEN_LIVE.value else digest(manifest.encode())) == sha256
        for kind, own, manifest in rows
    )


def send_again(*, now: datetime) -> int:
    """What was not answered is sent again; what is too late comes to its end. How many changed."""
    due = CommandDelivery.objects.filter(next_at__lte=now).select_related("command", "node")
    rows = list(due.order_by("next_at")[:5000])
    late = [row for row in rows if row.state != State.SENT or row.command.expires_at <= now]
    again = [row for row in rows if row not in set(late)]
    for (command, turn), its in _by_turn(again).items():
        push(command, now=now, nodes=[row.node_id for row in its], turn=turn)
    for row in again:
        row.next_at = min(_next(row.attempts, now), row.command.expires_at)
        row.attempts += 1
    _give_up(late, now)
    rewrite(rows, ["next_at", "attempts", "state", "ended_at"])
    if late:
        deliveries_ended(late, now)
    return len(rows)


def rewrite(rows: Collection[CommandDelivery], fields: list[str]) -> None:
    """Write ``fields`` of rows that exist, in one statement for many.

    Django's bulk_update says every value in a CASE of its own, which costs ten times as much.
    """
    CommandDelivery.objects.bulk_create(
        rows, batch_size=500, update_conflicts=True, unique_fields=["id"], update_fields=fields
    )


def _by_turn(
    rows: Iterable[CommandDelivery],
) -> dict[tuple[Command, int], list[CommandDelivery]]:
    """By command and how often it was sent: each time it takes another path."""
    found: dict[tuple[Command, int], list[CommandDelivery]] = {}
    for row in rows:
        found.setdefault((row.command, row.attempts), []).append(row)
    return found


def _next(attempts: int, now: datetime) -> datetime:
    return now + timedelta(seconds=AGAIN_S[min(attempts, len(AGAIN_S) - 1)])


def _give_up(rows: Iterable[CommandDelivery], now: datetime) -> None:
    """Never heard of is not reached, refused to the end is refused; accepted and then nothing
    more is lost."""
    for row in rows:
        unheard = State.REFUSED if row.reason else State.UNREACHED
        row.state = unheard if row.state == State.SENT else State.LOST
        row.next_at, row.ended_at = None, now
