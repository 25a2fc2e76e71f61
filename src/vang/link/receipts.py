"""What nodes answer to commands, handed to the pages at once: a warning's board must not wait."""

import asyncio
import logging
from collections import deque

import httpx

from vang.link.reports import SECRET_HEADER

LOG = logging.getLogger(__name__)
PATH = "/api/node/v1/internal/receipts"
MOST = 50_000
BATCH = 200
GATHER_S = 0.1
AGAIN_S = 1.0


class Receipts:
    """(node, envelope) as they came; of a flood the newest are kept."""

    def __init__(self, most: int = MOST) -> None:
        self._waiting: deque[tuple[str, str]] = deque(maxlen=most)
        self.heard = asyncio.Event()

    def put(self, node: str, receipt: str) -> None:
        self._waiting.append((node, receipt))
        self.heard.set()

    def take(self, most: int = BATCH) -> list[tuple[str, str]]:
        """The oldest, taken out."""
        return [self._waiting.popleft() for _ in range(min(most, len(self._waiting)))]

    def put_back(self, batch: list[tuple[str, str]]) -> None:
        """What could not be handed on goes first next time."""
        room = (self._waiting.maxlen or MOST) - len(self._waiting)
        self._waiting.extendleft(reversed(batch[:room]))

    def __len__(self) -> int:
        return len(self._waiting)


class Courier:
    """Brings receipts to the pages at ``web_url``, every 100 ms while there are any."""

    def __init__(self, receipts: Receipts, *, web_url: str, secret: str) -> None:
        self._receipts = receipts
        self._address = web_url.rstrip("/") + PATH
        self._headers = {SECRET_HEADER: secret}

    async def run(self) -> None:
        """For ever."""
        async with httpx.AsyncClient(timeout=10, trust_env=False) as client:
            while True:
                await self._receipts.heard.wait()
                self._receipts.heard.clear()
                await asyncio.sleep(GATHER_S)
                while len(self._receipts):
                    if not await self._deliver(client):
                        await asyncio.sleep(AGAIN_S)

    async def _deliver(self, client: httpx.AsyncClient) -> bool:
        batch = self._receipts.take()
        told = {"receipts": [{"node": node, "receipt": text} for node, text in batch]}
        try:
            answer = await client.post(self._address, json=told, headers=self._headers)
            answer.raise_for_status()
        except httpx.HTTPError as error:
            LOG.warning("receipts cannot be handed on yet: %s", error)
            self._receipts.put_back(batch)
            return False
        return True
