"""Where the sound goes. A sink is open all the time and is fed with silence between plays."""

from array import array
from typing import TYPE_CHECKING, Protocol

BLOCK = 960
"""Samples handed over at a time: 20 ms."""

BUFFERED = 9_600
"""Samples a device holds ahead of the loudspeaker: 200 ms."""

if TYPE_CHECKING:
    Block = array[int]
else:  # Python 3.11 cannot subscript array at run time
    Block = array


SILENCE = array("h", bytes(2 * BLOCK))
"""A block without sound, always the same one: nobody changes it."""


class SinkFailed(Exception):
    """The device cannot be opened or does not take sound any more."""


class Sink(Protocol):
    """A device that plays 48 kHz mono. ``write`` blocks until the device has room."""

    name: str
    xruns: int

    def open(self) -> None:
        """Raises SinkFailed."""

    def delay(self) -> int:
        """Samples between the next one written and the loudspeaker. Raises SinkFailed."""

    def write(self, block: Block) -> None:
        """Raises SinkFailed. A device that ran dry is restarted and counted in ``xruns``."""

    def label(self, name: str | None) -> None:
        """What plays from now on; a capture names its file by it, a sound card ignores it."""

    def close(self) -> None: ...
