"""What the node says of itself: to the link, and to ``status.json`` for the terminal."""

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vang_node import SOFTWARE
from vang_node.occurrence import Occurrence
from vang_protocol.instants import format_instant
from vang_protocol.limits import STATE_ITEMS
from vang_protocol.states import ItemState, NodeState, SinkState, state_table

if TYPE_CHECKING:
    from vang_node.agent import Agent

NEXT_SHOWN = 10
WRITE_EVERY_US = 5_000_000
"""While something sounds or a release is on trial: the launcher goes by a fresh status."""
QUIET_EVERY_US = 300_000_000
"""While nothing happens: a memory card wears out by being written."""
BUILD_EVERY_US = 1_000_000


@dataclass
class Reporter:
    """Builds states on the main loop; other threads read the last one."""

    agent: "Agent"
    _last: object = None
    _written_us: int = 0
    _built_us: int = -BUILD_EVERY_US
    _built: NodeState | None = None

    @property
    def latest(self) -> NodeState:
        """The last state built on the main loop; safe to read from any thread."""
        if self._built is None:
            raise RuntimeError("the agent has not started")
        return self._built

    def build(self) -> NodeState:
        agent = self.agent
        current = agent.keeper.current
        sounding = agent.schedule.sounding
        state = NodeState(
            node=agent.pinned.answer.node,
            boot=agent.boot,
            software=SOFTWARE,
            plan_version=current.plan.version if current else 0,
            plan_sha256=current.sha256 if current else None,
            playing=sounding.occurrence.item.id if sounding else None,
            volume_db=agent.volume_ceiling_db,
            clock=agent.time.state(),
            journal_seq=agent.journal.head.seq,
            journal_head=agent.journal.head.hash,
            free_mb=agent.store.free_bytes() // (1024 * 1024),
            sink=self._sink(),
            items={entry.item.id: self._item(entry) for entry in self._nearest()},
            health=agent.health(),
            release=agent.release,
        )
        self._built = state
        return state

    def write_status(self, *, running: bool = True) -> None:
        """``status.json``, when something changed, and now and then (see above) in any case."""
        now_us = self.agent.time.mono_us()
        if running and now_us - self._built_us < BUILD_EVERY_US:
            return
        self._built_us = now_us
        state = self.build()
        told, busy = self._worth_a_write(state, running=running), _is_busy(state)
        every_us = WRITE_EVERY_US if busy else QUIET_EVERY_US
        if told == self._last and now_us - self._written_us < every_us:
            return
        aside = self.agent.home.status_file.with_suffix(".new")
        with suppress(OSError):  # a full disk must not stop the sound
            aside.write_text(json.dumps(self._status(state, running=running)), encoding="utf-8")
            aside.replace(self.agent.home.status_file)
            self._last, self._written_us = told, now_us  # else it is tried again at once

    def _worth_a_write(self, state: NodeState, *, running: bool) -> object:
        """What does not change by itself as time goes by."""
        agent = self.agent
        return (
            running, agent.link_is_up(), agent.barred, agent.sink_failure, state.sink,
            state.playing, state.plan_sha256, state.journal_seq, state.volume_db,
            state.clock.source, state.items, state.release, agent.uploaded_through,
        )  # fmt: skip

    def _status(self, state: NodeState, *, running: bool) -> dict[str, Any]:
        agent = self.agent
        return {
            "running": running,
            "at": format_instant(agent.time.now()),
            "server": agent.pinned.server,
            "unit": agent.pinned.answer.unit,
            "cluster": agent.pinned.answer.cluster,
            "sink_name": agent.sink.name,
            "sink_failure": agent.sink_failure,
            "link": agent.link_is_up(),
            "barred": agent.barred,
            "uploaded": agent.uploaded_through,
            "state": state_table(state),
            "next": [_line(entry, self._item(entry)) for entry in self._coming()],
        }

    def _nearest(self) -> list[Occurrence]:
        """The last few that ended and the next ones, twenty in all."""
        entries = sorted(self.agent.schedule.occurrences(), key=lambda entry: entry.item.start)
        first_open = next(
            (index for index, entry in enumerate(entries) if entry.open), len(entries)
        )
        start = max(0, min(first_open - STATE_ITEMS // 2, len(entries) - STATE_ITEMS))
        return entries[start : start + STATE_ITEMS]

    def _coming(self) -> list[Occurrence]:
        entries = sorted(self.agent.schedule.occurrences(), key=lambda entry: entry.item.start)
        alive = [entry for entry in entries if entry.open or entry.state is ItemState.PLAYING]
        return alive[:NEXT_SHOWN]

    def _item(self, entry: Occurrence) -> ItemState:
        """``planned`` is refined by what the disk holds."""
        if entry.state is not ItemState.PLANNED:
            return entry.state
        if self.agent.store.has(entry.item.audio):
            return ItemState.VERIFIED
        fetcher = self.agent.fetcher
        busy = fetcher is not None and fetcher.fetching == entry.item.audio.sha256
        return ItemState.FETCHING if busy else ItemState.PLANNED

    def _sink(self) -> SinkState:
        if self.agent.sink_failure is not None:
            return SinkState.FAILED
        return SinkState.SILENT if self.agent.silent else SinkState.OK


def _is_busy(state: NodeState) -> bool:
    tried = state.release is not None and not state.release.healthy
    return state.playing is not None or tried


def _line(entry: Occurrence, state: ItemState) -> dict[str, str]:
    return {
        "item": entry.item.id,
        "title": entry.item.title,
        "start": format_instant(entry.item.start),
        "state": state.value,
    }
