"""What the node says by itself, so that nobody takes a test for the real thing: two short sounds.

They are part of the software: no server can leave them out or change them. A chime comes first,
since the voice is espeak-ng's. A technician may put better ones, spoken by a person, in the node's
folder (``test.opus``, ``exercise.opus``).
"""

from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import IO

from vang_protocol.commands import Mode

MOST_BYTES = 512 * 1024


def announcement(mode: Mode, folder: Path) -> IO[bytes]:
    """The sound that belongs to ``test`` or ``exercise``. Raises ValueError for the real thing."""
    if mode is Mode.ACTUAL:
        raise ValueError("the real thing is not announced as anything else")
    name = f"{mode.value}.opus"
    own = folder / name
    if own.is_file() and own.stat().st_size <= MOST_BYTES:
        return own.open("rb")
    return BytesIO(files("vang_node").joinpath("sounds", name).read_bytes())
