"""The least that a player can be, beside which a node is measured: every 20 ms the next samples to
nowhere, silence or those of a file, for ever. Run by node.py: ``[FILE.opus]``.
"""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

BLOCK, RATE = 960, 48_000


def silence() -> Iterator[bytes]:
    while True:
        yield bytes(2 * BLOCK)


def decoded(file: Path) -> Iterator[bytes]:
    """As the node decodes: the same library, form and blocks."""
    from vang_node.decoder import decoded_blocks

    for block in decoded_blocks(file.open("rb")):
        yield block.tobytes()


def main() -> None:
    blocks = decoded(Path(sys.argv[1])) if len(sys.argv) > 1 else silence()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    began, at = time.monotonic(), 0
    for block in blocks:
        time.sleep(max(0.0, began + at / RATE - time.monotonic()))
        os.write(nowhere, block)
        at += BLOCK
    time.sleep(3600)  # whoever measures it ends it
