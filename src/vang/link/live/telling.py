"""The pages are told that a session is over, until they have heard it."""

import asyncio
import logging
from typing import Any

import httpx

from vang.link.reports import SECRET_HEADER

LOG = logging.getLogger(__name__)
PATH = "/api/node/v1/internal/live"
AGAIN_S = 2.0
MOST = 200


class Herald:
    """Brings what ended to the pages at ``web_url``."""

    def __init__(self, *, web_url: str, secret: str) -> None:
        self._address = web_url.rstrip("/") + PATH
        self._headers = {SECRET_HEADER: secret}
        self._waiting: asyncio.Queue[dict[str, Any]] = asyncio.Queue(MOST)

    def tell(self, ended: dict[str, Any]) -> None:
        if self._waiting.full():
            self._waiting.get_nowait()
        self._waiting.put_nowait(ended)

    async def run(self) -> None:
        """For ever."""
        async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
            while True:
                ended = await self._waiting.get()
                if not await self._delivered(client, ended):
                    self.tell(ended)
                    await asyncio.sleep(AGAIN_S)

    async def _delivered(self, client: httpx.AsyncClient, ended: dict[str, Any]) -> bool:
        try:
            answer = await client.post(self._address, json=ended, headers=self._headers)
        except httpx.HTTPError as error:
            LOG.warning("the end of a live session cannot be told yet: %s", error)
            return False
        return answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR
