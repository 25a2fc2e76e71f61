"""Commands on this node: decided, written down, obeyed, and answered for with signed receipts."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Protocol

from vang_node.announcements import announcement
from vang_node.orders import OrderBook, Standing
from vang_node.performing import TEST_DB, Performance
from vang_node.schedule import LEAST_LEAD
from vang_protocol.commands import (
    Command,
    Kind,
    Mode,
    command_of,
    item_of,
    payload_of,
)
from vang_protocol.deciding import Accepted, read_command
from vang_protocol.envelopes import SigningKey
from vang_protocol.plans import Audio, PlanItem, Resume
from vang_protocol.policies import Policy
from vang_protocol.reasons import Reason, Refused
from vang_protocol.receipts import Phase, Receipt, sign_receipt
from vang_protocol.records import End, Event, OrderAccepted, OrderRefused
from vang_protocol.strict_json import digest

REFUSALS_A_MINUTE = 60
MINUTE = timedelta(minutes=1)
BEHIND = {
    Reason.NO_POLICY,
    Reason.NOT_GREETED,
    Reason.POLICY_TOO_OLD,
    Reason.UNKNOWN_KEY,
    Reason.NOT_ALLOWED,
    Reason.TOO_FEW_PEOPLE,
    Reason.WRONG_TEMPLATE,
    Reason.WRONG_EPOCH,
}
"""Perhaps only this node has not heard yet of a newer policy, or of where it stands."""

log = logging.getLogger(__name__)


class Loudspeaker(Protocol):
    """What a command may do to the sound, and nothing else (see outlet)."""

    def order(self, item: PlanItem, performance: Performance, *, until: datetime) -> None: ...
    def end_orders(self, ids: Iterable[str]) -> None: ...
    def silence(self) -> None: ...
    def open_audio(self, audio: Audio) -> IO[bytes] | None: ...
    def record(self, event: Event) -> None: ...


class Microphones(Protocol):
    """Whoever lets live voices be heard here."""

    def forbidden(self, command: Command) -> Reason | None: ...
    def open(self, command: Command, sha256: str) -> None: ...


class NoMicrophones:
    """Nobody does."""

    def forbidden(self, command: Command) -> Reason | None:  # noqa: ARG002 - the interface
        return Reason.NO_PLAN

    def open(self, command: Command, sha256: str) -> None:
        """Never asked: what is forbidden is not accepted."""


class Follows(Protocol):
    """Whoever knows the policy that is in force."""

    policy: Policy | None


@dataclass
class _Pace:
    """How many refusals a minute are worth a signature; a flood is refused in silence."""

    begun: datetime | None = None
    count: int = 0

    def allows(self, now: datetime) -> bool:
        if self.begun is None or not self.begun <= now < self.begun + MINUTE:
            self.begun, self.count = now, 0
        self.count += 1
        return self.count <= REFUSALS_A_MINUTE


class Commander:
    """Runs on the main loop only. ``send`` takes receipts, to be delivered at once or later."""

    def __init__(
        self, book: OrderBook, policies: Follows, outlet: Loudspeaker, *,
        node: str, key: SigningKey, sounds: Path, now: Callable[[], datetime],
        trusted: Callable[[], bool], send: Callable[[bytes], None],
    ) -> None:  # fmt: skip
        """``sounds``: where a technician may have put announcements of their own."""
        self._book, self._policies, self._outlet = book, policies, outlet
        self._node, self._key, self._sounds = node, key, sounds
        self._now, self._trusted, self._send = now, trusted, send
        self._pace = _Pace()
        self.live: Microphones = NoMicrophones()
        self.on_behind: Callable[[], None] = lambda: None

    def offer(self, data: bytes, manifest: bytes | None) -> None:
        """A command arrived, by whatever way; the same one may come many times."""
        try:
            read = read_command(data)
        except Refused as error:
            log.warning("Something that is no command was refused: %s", error)
            return
        now = self._now() if self._trusted() else None
        try:
            accepted = self._book.consider(
                read, manifest, policy=self._policies.policy, now=now, hours=self.live.forbidden
            )
        except Refused as error:
            self._refuse(read[1], error)
        except OSError as error:
            log.critical("A command could not be written down and is not obeyed: %s", error)
        else:
            self._obey(accepted)

    def take_up(self) -> None:
        """After a power cut: what was urgent and cut off goes on, once."""
        for one in self._book.interrupted(self._now()):
            log.warning("Taking up again what the power cut off: %s.", one.command.id)
            self._perform(one)

    def begun(self, item_id: str) -> None:
        """It is about to be heard; raises OSError, and then it must not be."""
        command_id = command_of(item_id)
        if command_id:  # a relay of the plan is nobody's command
            self._book.begun(command_id)
            self._tell(command_id, Phase.SOUNDING)

    def over(self, item_id: str, how: End | Reason) -> None:
        """It has ended, or could not begin."""
        whole = how in {End.DONE, End.MAX_PLAY}
        self._close(command_of(item_id), Phase.PLAYED if whole else Phase.INTERRUPTED, how.value)

    def wanted(self) -> list[Audio]:
        """What commands that stand still need, in their order."""
        standing = self._book.ledger.standing.values()
        played = [one for one in standing if one.command.live is None]
        return [audio for one in played for audio in self._book.sound_of(one).audios]

    @property
    def ceiling_db(self) -> int:
        """The loudness that was ordered."""
        return self._book.ledger.ceiling_db

    def _obey(self, accepted: Accepted) -> None:
        command = accepted.command
        people = ", ".join(accepted.people)
        log.warning("Command %s (%s), ordered by %s.", command.id, command.kind.value, people)
        self._outlet.record(
            OrderAccepted(
                command.id, accepted.sha256, command.kind.value, command.mode.value, people[:300]
            )
        )
        self._outlet.end_orders([item_of(one) for one in command.ends])
        if command.kind is Kind.STOP:
            self._outlet.silence()
        standing = self._book.ledger.standing.get(command.id)
        if standing is None:
            self._close(command.id, Phase.DONE)
        else:
            self._tell(command.id, Phase.ACCEPTED)
            self._perform(standing)

    def _perform(self, one: Standing) -> None:
        command, mode = one.command, one.command.mode
        if command.live is not None:
            self.live.open(command, one.sha256)
            return
        drill = mode is not Mode.ACTUAL
        performance = Performance(
            self._book.sound_of(one),
            command.repeat,
            self._outlet.open_audio,
            (lambda: announcement(mode, self._sounds)) if drill else None,
        )
        self._outlet.order(self._item(one), performance, until=command.expires)

    def _item(self, one: Standing) -> PlanItem:
        """As the schedule takes it: the whole performance is one item, cut off at its limit."""
        command, sound = one.command, self._book.sound_of(one)
        quiet = TEST_DB if command.mode is not Mode.ACTUAL else 0
        return PlanItem(
            id=item_of(command.id),
            edition=item_of(command.id),
            title=sound.title,
            start=max(command.not_before, self._now() + LEAST_LEAD),
            duration_ms=command.max_play_ms,
            priority=command.priority,
            audio=Audio(command.manifest or "", 1, "opus", command.max_play_ms),
            clusters=(self._node,),
            max_play_ms=command.max_play_ms,
            volume_db=min(command.volume_db, quiet),
            resume=Resume.DROP,
        )

    def _refuse(self, command: Command, error: Refused) -> None:
        """Answered with a receipt, but a flood is not worth a signature each."""
        if error.reason is Reason.NOT_FOR_ME or not self._pace.allows(self._now()):
            return
        fate = self._book.fate(command.id)
        if error.reason is Reason.ALREADY_SEEN and fate is not None:
            self._tell(command.id, fate.phase)
            return
        log.warning("Command %s was refused: %s", command.id, error)
        if error.reason in BEHIND:
            self.on_behind()
        sha256 = digest(payload_of(command))
        self._outlet.record(OrderRefused(command.id, sha256, error.reason, error.detail[:200]))
        receipt = Receipt(
            self._node, command.id, sha256, Phase.REFUSED, self._now(), error.reason,
            error.detail[:200],
        )  # fmt: skip
        self._send(sign_receipt(receipt, self._key))

    def _close(self, command_id: str, phase: Phase, detail: str = "") -> None:
        try:
            self._book.over(command_id, phase)
        except OSError as error:
            log.critical("The end of %s could not be written down: %s", command_id, error)
        self._tell(command_id, phase, detail)

    def _tell(self, command_id: str, phase: Phase, detail: str = "") -> None:
        fate = self._book.fate(command_id)
        sha256 = fate.sha256 if fate else ""
        receipt = Receipt(self._node, command_id, sha256, phase, self._now(), None, detail)
        self._send(sign_receipt(receipt, self._key))
