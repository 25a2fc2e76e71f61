"""Where each page lies. Relative everywhere, so that the folder may be copied to any web server."""

import re
from datetime import date, datetime

from vang.base.clock import local_date
from vang.base.text import slug
from vang.bulletins.models import Edition

INDEX = "index.html"
_FOLDER_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]{0,15}")


def folder_name(code: str) -> str:
    """The folder of the unit with this code. Raises ValueError for a code unfit for a file name."""
    if not _FOLDER_NAME.fullmatch(code):
        raise ValueError("unit code is not a folder name")
    return code


def month_folder(released_at: datetime) -> str:
    """``2026/06``, by the calendar of Vietnam."""
    return f"{local_date(released_at):%Y/%m}"


def edition_path(edition: Edition) -> str:
    """``2026/06/lich-cat-dien-1a2b3c4d.html``: the same for ever, and apart for equal titles."""
    words = slug(edition.title)
    name = f"{words}-{edition.pk.hex[:8]}" if words else edition.pk.hex[:8]
    return f"{month_folder(edition.released_at)}/{name}.html"


def month_path(month: date) -> str:
    """The list of one month's notices."""
    return f"{month:%Y/%m}/{INDEX}"


def audio_path(sha256: str) -> str:
    return f"audio/{sha256}.opus"


def way_up(path: str) -> str:
    """From a page back to the unit's folder: ``../../`` for a page two folders deep."""
    return "../" * path.count("/")
