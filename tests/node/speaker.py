"""One node in hand-turned time, with its sound card, its disk and its journal."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.node.tape import HandCard, constant, noise
from tests.node.town import opus_file
from vang_node.agent import Agent
from vang_node.clock import Exchange, Reading
from vang_node.decoder import Feed
from vang_node.home import Home, Pinned
from vang_node.journal import lines_after
from vang_protocol.enrolments import EnrolAnswer
from vang_protocol.envelopes import SigningKey
from vang_protocol.instants import to_us
from vang_protocol.journals import verify_chain
from vang_protocol.plans import Audio, Plan, sign_plan

BEGIN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HOUR_US = 3600 * 1_000_000
KEY = SigningKey.generate()
LOUD = opus_file(noise(1.5, head_s=0))
SILENT = opus_file(constant(5, 0))


class PatientFeed(Feed):
    """Hand-turned time runs faster than any decoder."""

    patience_s = 10.0


def audio_of(data: bytes, seconds: float) -> Audio:
    return Audio(hashlib.sha256(data).hexdigest(), len(data), "opus", int(seconds * 1000))


@dataclass
class Speaker:
    """One node. Time passes as its card is fed; ``wrong_us`` is its system clock's error."""

    home: Home
    card: HandCard
    wrong_us: int = 0
    rebooted_us: int = 0

    def switch_on(self) -> None:
        self.agent = Agent(self.home, self.card, read=self.read, feed=PatientFeed)
        self.agent.start()
        self.agent.player.open()

    def switch_off(self) -> None:
        """As when the power goes: nothing is closed in order."""
        self.agent.stage.clear()
        self.agent.journal.close()

    def read(self) -> Reading:
        return Reading(self.card.now_us, to_us(BEGIN) + self.card.now_us + self.wrong_us)

    @property
    def true_now(self) -> datetime:
        return BEGIN + timedelta(microseconds=self.card.now_us)

    def ask_server(self) -> None:
        """One clock exchange of 10 ms with a server that knows the time."""
        now_us = self.card.now_us
        there = to_us(BEGIN) + now_us + 5000
        self.agent.time.observe(Exchange(now_us, there, there, now_us + 10_000))

    def run(self, seconds: float) -> None:
        until = self.card.now_us + seconds * 1e6
        while self.card.now_us < until:
            self.agent.player.step()
            self.agent.turn(0.0)

    def stock(self, data: bytes) -> None:
        audio = audio_of(data, 1)
        self.agent.store.part(audio).write_bytes(data)
        self.agent.store.adopt(audio)

    def offer(self, plan: Plan, key: SigningKey = KEY) -> None:
        self.agent.offer_plan(sign_plan(plan, key))

    def events(self) -> list[object]:
        lines = list(lines_after(self.home.journal, 0))
        return [record.event for record in verify_chain(lines, node="n1")]

    def all_of(self, kind: type) -> list[object]:
        return [event for event in self.events() if isinstance(event, kind)]

    def heard_since(self, sample: int = 0) -> bool:
        return any(abs(value) > 1000 for value in self.card.heard[sample:])


def set_up(folder: Path, *, unit: str = "20641", trust_root: bytes = b"") -> Speaker:
    """A node enrolled in ``folder`` and switched on, with one sound on its disk."""
    home = Home(folder)
    answer = EnrolAnswer("n1", unit, "c1", (KEY.public,), "", 30, BEGIN, 0, trust_root.decode())
    home.pin(Pinned("http://127.0.0.1:1", answer))
    home.key_file.write_bytes(SigningKey.generate().to_pem())
    speaker = Speaker(home, HandCard())
    speaker.switch_on()
    speaker.stock(LOUD)
    return speaker
