"""Finding the channels that lie in a folder. Needs no Django: the settings ask."""

from pathlib import Path

FOLDER = Path(__file__).resolve().parent


def channel_apps(folder: Path = FOLDER) -> list[str]:
    """``vang.channels.portal`` and so on: every directory with an ``apps.py``, by name."""
    return [f"vang.channels.{found.parent.name}" for found in sorted(folder.glob("*/apps.py"))]


def channels_with_addresses(folder: Path = FOLDER) -> list[str]:
    """Names of the directories with a ``urls.py``."""
    return [found.parent.name for found in sorted(folder.glob("*/urls.py"))]
