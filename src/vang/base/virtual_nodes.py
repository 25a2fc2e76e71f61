"""Speakers that run on the server itself, to try things out: asked for by a page, started by
``./run``, which alone may start processes. No Django here: the supervisor stays small.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

SUPERVISED = "VANG_SUPERVISED"
"""Set for the children of ``./run``: somebody is there to start what is asked for."""
_FOLDER = "nodes-wanted"


@dataclass(frozen=True)
class WantedNode:
    """A cluster's code, and the one-time code with which its speaker enrols."""

    cluster: str
    code: str


def can_start_nodes() -> bool:
    """Whether this process was started by ``./run``."""
    return os.environ.get(SUPERVISED) == "1"


def want_node(data: Path, wanted: WantedNode) -> None:
    """Ask for it; a second wish for the same cluster takes the place of the first."""
    folder = data / _FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    part = folder / f".{wanted.cluster}"
    part.write_text(json.dumps(asdict(wanted)))
    part.chmod(0o600)
    part.replace(folder / wanted.cluster)


def take_wanted(data: Path) -> Iterator[WantedNode]:
    """Each wish once. What cannot be read is thrown away."""
    folder = data / _FOLDER
    for path in sorted(folder.glob("[!.]*")) if folder.is_dir() else ():
        try:
            found = WantedNode(**json.loads(path.read_text()))
        except (OSError, ValueError, TypeError):
            path.unlink(missing_ok=True)
            continue
        path.unlink(missing_ok=True)
        if found.cluster == path.name:
            yield found


def free_home(data: Path, cluster: str) -> Path:
    """A folder for a new speaker's key, plan and sound; one that enrolled before keeps its own."""
    homes = data / "nodes"
    number, home = 1, homes / cluster
    while (home / "server.json").is_file():
        number += 1
        home = homes / f"{cluster}~{number}"
    return home
