"""What a command may do to the sound, and nothing else."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from vang_node.audio_store import AudioStore
from vang_node.performing import Performance
from vang_node.recorder import Recorder
from vang_node.schedule import Schedule
from vang_node.stage import Performs, Stage
from vang_protocol.plans import Audio, PlanItem
from vang_protocol.reasons import Refused
from vang_protocol.records import Event


@dataclass(frozen=True)
class Outlet:
    """Schedule and stage as the commander sees them. Main loop only."""

    schedule: Schedule
    stage: Stage
    store: AudioStore
    recorder: Recorder
    now: Callable[[], datetime]

    def order(self, item: PlanItem, performance: Performance, *, until: datetime) -> None:
        """Let it be heard as soon as the loudspeaker takes it, and not begin after ``until``."""
        self.stage.perform(item.id, performance)
        self.schedule.order(item, until=until, now=self.now())

    def order_live(
        self, item: PlanItem, performance: Performs, *, until: datetime, part: int, lift: float
    ) -> None:
        """The same for what comes now, for the ``part``-th time."""
        self.stage.perform(item.id, performance)
        self.schedule.order(item, until=until, now=self.now(), lift=lift, part=part)

    def end_orders(self, ids: Iterable[str]) -> None:
        for decision in self.schedule.end_orders(list(ids)):
            self.stage.apply(decision)

    def silence(self) -> None:
        """Whatever sounds or was ordered ends now."""
        for decision in self.schedule.silence():
            self.stage.apply(decision)

    def open_audio(self, audio: Audio) -> IO[bytes] | None:
        """The verified file; None while it is not here, or is not what was approved."""
        try:
            return self.store.open_verified(audio)
        except Refused:
            return None

    def record(self, event: Event) -> None:
        self.recorder.record_if_possible(event)
