"""What nodes said, gathered and handed to the pages once a second: never a row a heartbeat."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx

from vang.base import clock
from vang_protocol.instants import format_instant

LOG = logging.getLogger(__name__)
EVERY_S = 1.0
USUALLY_S = 15
ALIVE_EVERY = timedelta(seconds=10)
BATCH = 100
SECRET_HEADER = "X-Vang-Internal"  # noqa: S105 - the header's name
PATH = "/api/node/v1/internal/states"


@dataclass
class Reports:
    """The newest state of each node not yet handed on, and who left."""

    states: dict[str, dict[str, Any]] = field(default_factory=dict)
    left: dict[str, dict[str, Any]] = field(default_factory=dict)

    def heard(
        self, node: str, state: dict[str, Any], *, now: datetime, every_s: int = USUALLY_S
    ) -> None:
        """``every_s``: how soon it should be heard again."""
        told = {"node": node, "at": format_instant(now), "state": state, "every_s": every_s}
        self.states[node] = told
        self.left.pop(node, None)

    def gone(self, node: str, *, now: datetime) -> None:
        self.left[node] = {"node": node, "at": format_instant(now)}

    def take(self, most: int = BATCH) -> "Reports":
        """The oldest reports, at most ``most`` of each kind, taken out."""
        return Reports(_take(self.states, most), _take(self.left, most))

    def put_back(self, batch: "Reports") -> None:
        """What could not be handed on, unless something newer is known."""
        self.states = {**batch.states, **self.states}
        still_gone = {node: entry for node, entry in batch.left.items() if node not in self.states}
        self.left = {**still_gone, **self.left}

    def body(self) -> dict[str, Any]:
        return {"states": list(self.states.values()), "left": list(self.left.values())}

    def __bool__(self) -> bool:
        return bool(self.states or self.left)


def _take(entries: dict[str, dict[str, Any]], most: int) -> dict[str, dict[str, Any]]:
    return {node: entries.pop(node) for node in list(entries)[:most]}


class Reporter:
    """Hands reports to the pages at ``web_url``; ``refuse`` is told of nodes out of service."""

    def __init__(
        self, reports: Reports, *, web_url: str, secret: str, refuse: Callable[[str], None]
    ) -> None:
        self._reports = reports
        self._address = web_url.rstrip("/") + PATH
        self._headers = {SECRET_HEADER: secret}
        self._refuse = refuse
        self._sent: datetime | None = None
        self._failing = False

    async def run(self) -> None:
        """For ever, once a second."""
        async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
            while True:
                await self.send(client, now=clock.now())
                await asyncio.sleep(EVERY_S)

    async def send(self, client: httpx.AsyncClient, *, now: datetime) -> None:
        """Everything gathered; and every ten seconds at least a sign of the link's own life."""
        if not self._reports and self._sent and now - self._sent < ALIVE_EVERY:
            return
        delivered = await self._deliver(client, self._reports.take())
        while delivered and self._reports:
            delivered = await self._deliver(client, self._reports.take())
        if delivered:
            self._sent = now

    async def _deliver(self, client: httpx.AsyncClient, batch: Reports) -> bool:
        try:
            answer = await client.post(self._address, json=batch.body(), headers=self._headers)
            answer.raise_for_status()
            refused = answer.json()["refused"]
        except (httpx.HTTPError, ValueError, KeyError) as error:
            self._reports.put_back(batch)
            self._note(error)
            return False
        self._note(None)
        for node in refused:
            self._refuse(node)
        return True

    def _note(self, error: Exception | None) -> None:
        """Say once that the pages do not answer, and once that they do again."""
        if (error is not None) == self._failing:
            return
        self._failing = error is not None
        if error is None:
            LOG.warning("states are handed on again")
        else:
            LOG.warning("states cannot be handed on yet: %s", error)
