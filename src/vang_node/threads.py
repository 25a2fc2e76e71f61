"""Threads that cannot die quietly: the process ends, and its supervisor starts it again."""

import logging
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)


class Threads:
    """``on_death`` hears the name of a thread that ended by an error nobody foresaw."""

    def __init__(self, *, on_death: Callable[[str], None]) -> None:
        self._on_death = on_death
        self.dead: list[str] = []

    def start(self, name: str, target: Callable[[], None]) -> threading.Thread:
        thread = threading.Thread(target=self._guarded, args=(name, target), name=name, daemon=True)
        thread.start()
        return thread

    def _guarded(self, name: str, target: Callable[[], None]) -> None:
        try:
            target()
        except BaseException:
            log.exception("The %s thread died.", name)
            self.dead.append(name)
            self._on_death(name)
