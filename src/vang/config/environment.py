"""What the process is told from outside: one frozen value, read once.

Everything is optional but the data folder; a commune needs no configuration file.
"""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Environment:
    """Settings of one installation, from ``VANG_*`` variables."""

    data: Path
    database_url: str
    hosts: tuple[str, ...]
    https: bool
    link_url: str
    link_internal_url: str


def read_environment() -> Environment:
    """The installation's settings. ``VANG_DATA`` defaults to ``./data``."""
    data = Path(os.environ.get("VANG_DATA", "data")).resolve()
    return Environment(
        data=data,
        database_url=os.environ.get("VANG_DATABASE_URL", ""),
        hosts=tuple(os.environ.get("VANG_HOSTS", "127.0.0.1,localhost,[::1]").split(",")),
        https=os.environ.get("VANG_HTTPS", "") == "1",
        link_url=os.environ.get("VANG_LINK_URL", "ws://127.0.0.1:8001/link"),
        link_internal_url=os.environ.get("VANG_LINK_INTERNAL_URL", "http://127.0.0.1:8001"),
    )
