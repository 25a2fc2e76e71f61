"""What other channels put beside the pages of a site; they register when the process starts."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from vang.channels.portal.facts import Facts
from vang.channels.portal.files import Files

Extra = Callable[[Path, Facts, datetime], Files]
_extras: list[Extra] = []


def register(extra: Extra) -> None:
    """``extra`` gives the files to write, from the site's folder, its facts and ``now``."""
    if extra not in _extras:
        _extras.append(extra)


def extra_files(root: Path, facts: Facts, now: datetime) -> Files:
    return [file for extra in _extras for file in extra(root, facts, now)]
