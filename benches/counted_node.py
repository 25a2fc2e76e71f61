"""``vang-node`` that counts how often it waits for the disk. Run by node.py: ``FILE run --home …``.

The count lies in FILE's first eight bytes, in memory, for whoever measures.
"""

import mmap
import os
import struct
import sys
import threading
from pathlib import Path


def main() -> int:
    with Path(sys.argv[1]).open("r+b") as file:
        shown = mmap.mmap(file.fileno(), 8)
    alone, sync = threading.Lock(), os.fsync

    def counted(descriptor: int) -> None:
        with alone:
            struct.pack_into("@Q", shown, 0, struct.unpack_from("@Q", shown)[0] + 1)
        sync(descriptor)

    os.fsync = counted  # type: ignore[assignment]
    from vang_node.cli import main as node

    sys.argv = ["vang-node", *sys.argv[2:]]
    return node() or 0
